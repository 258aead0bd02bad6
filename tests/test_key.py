"""The key, in every spelling that software gives to what it repeats: in nothing that is kept, written, printed or shown."""

from __future__ import annotations

import base64
import html
import itertools
import json
import re
import string
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from survey_extract.core.redaction import Redaction
from tests.conftest import Folder, use_model
from tests.core.test_growth import HOSTILE, grows_as_its_text
from tests.review.conftest import reviewing
from tests.servers.loopback import Request, Response, serving
from tests.servers.openai_server import completion, failure, wanted_keys
from tests.servers.world import World

KEY = "sk-canary-0123456789"
OTHER = "sk-proj-Ab3_9xYz/Q+77kLm"
"""With an underscore, a stroke and a plus, as keys have them."""
LETTERS = string.ascii_letters + string.digits + "-_.+/~:"


def basic(user: str, encode: Callable[[bytes], bytes] = base64.b64encode) -> Callable[[str], str]:
    """As ``Authorization: Basic`` has it, behind a user's name of any length."""
    return lambda key: encode(f"{user}{key}".encode()).decode()


def each(form: str) -> Callable[[str], str]:
    """Every letter in this form."""
    return lambda key: "".join(form.format(ord(char), char) for char in key)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "in capitals": str.upper,
    "base64": basic(""),
    "base64, one byte later": basic(":"),
    "base64, two bytes later": basic("a:"),
    "base64 for addresses": basic("user:", base64.urlsafe_b64encode),
    "base64 with something behind": lambda key: basic("user:")(f"{key}, and more words"),
    "base64 in lines": lambda key: re.sub(r"(.{7})", r"\1\n", basic("user:")(key)),
    "hexadecimal": lambda key: key.encode().hex(),
    "hexadecimal in capitals": lambda key: key.encode().hex().upper(),
    "hexadecimal with blanks": lambda key: key.encode().hex(" "),
    "hexadecimal with colons": lambda key: key.encode().hex(":"),
    "bytes of C": each("\\x{0:02x}"),
    "percent": each("%{0:02X}"),
    "percent, twice": each("%25{0:02x}"),
    "percent where it must be": lambda key: quote(key.replace("-", "\x01"), safe="").replace("%01", "%2D"),
    "a mail": each("={0:02X}"),
    "escapes": each("\\u{0:04x}"),
    "escapes, twice": each("\\\\u{0:04x}"),
    "escapes, three times": each("\\\\\\\\u{0:04X}"),
    "entities": each("&#{0};"),
    "entities in hexadecimal": each("&#x{0:x};"),
    "entities, twice": each("&amp;#{0};"),
    "an entity for the hyphens": lambda key: key.replace("-", "&#45;"),
    "soft hyphens": "\u00ad".join,
    "spaces of no width": "\u200b".join,
    "a joiner": lambda key: key[:5] + "\u2060\ufeff" + key[5:],
    "soft hyphens as entities": "&shy;".join,
    "soft hyphens as escapes": "\\u00ad".join,
    "a break where a line may end": "<wbr>".join,
    "wide letters": lambda key: "".join(chr(ord(char) + 0xFEE0) for char in key),
    "mathematical letters": lambda key: "\U0001d42c\U0001d424" + key[2:],
    "strokes": "\u0336".join,
    "Markdown": lambda key: key.replace("-", "\\-"),
    "an underscore in Markdown": lambda key: key.replace("-", "\\-").replace("_", "\\_"),
    "from its end": lambda key: key[::-1],
    "over two lines": lambda key: key[:9] + "\n" + key[9:],
    "over two lines, set in": lambda key: key[:9] + "\r\n    " + key[9:],
    "over two lines, as an escape": lambda key: key[:9] + "\\n" + key[9:],
    "over two lines of a shell": lambda key: key[:9] + "\\\n  " + key[9:],
    "in two colours": lambda key: key[:9] + "\x1b[1;31m" + key[9:],
    "numbers of its bytes": lambda key: str(list(key.encode())),
    "numbers of its bytes in lines": lambda key: json.dumps(list(key.encode()), indent=2),
    "hexadecimal bytes in a list": lambda key: json.dumps([f"{byte:02x}" for byte in key.encode()]),
    "bytes of Perl": each("\\x{{{0:x}}}"),
}


def told(spelt: str) -> bytes:
    """What of a spelling must be nowhere: its middle, as bytes."""
    middle = spelt[len(spelt) // 3 : -len(spelt) // 3]
    return middle.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("key", [KEY, OTHER])
@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(
    "around", ["{}", "the key {} is wrong", '{{"a": "Bearer {}"}}', "é {}\u00ad ü", "x\\{}\\y", "key={}&b=1"]
)
def test_no_spelling_is_left(spelling: str, around: str, key: str) -> None:
    """Nothing of its middle; what stands around it does."""
    spelt = SPELLINGS[spelling](key)
    hidden = Redaction([key])(around.format(spelt))
    assert "[key]" in hidden
    assert told(spelt) not in hidden.encode("utf-8", "surrogatepass")
    for words in ("the key ", " is wrong", '{"a": "', "é ", "key="):
        assert (words in hidden) == (words in around.format(""))


@given(
    key=st.text(
        st.characters(codec="ascii", categories=["L", "N", "P"], exclude_characters='\\"'), min_size=12, max_size=60
    ),
    words=st.text(max_size=200),
)
@example(key="000000000%00", words="")
@example(key="a%41b%42c%43d%44efgh", words="")
def test_any_key_goes_and_nothing_else(key: str, words: str) -> None:
    """Any key of the letters that keys have, also one that looks spelt itself; a text that does not have it stays to the letter."""
    redacted = Redaction([key])
    for spelt in (
        key,
        basic("user:")(key),
        quote(key),
        html.escape(key),
        json.dumps(json.dumps(key)),
        key.encode().hex(),
    ):
        assume(told(spelt).decode() not in words)
        assert told(spelt) not in redacted(f"{words} {spelt} {words}").encode("utf-8", "surrogatepass")
    assume(key.lower() not in unicodedata.normalize("NFKD", words).lower())
    assert redacted(words) == words


def test_in_json_nothing_but_the_key_changes() -> None:
    """A reply is kept as it came; a key in the first of two equal keys, in torn JSON and in nested JSON goes as well."""
    redacted = Redaction([KEY])
    escaped = "".join(f"\\u{ord(char):04x}" for char in KEY)
    wide = json.dumps("".join(chr(ord(char) + 0xFEE0) for char in KEY))
    whole = '{"a":  [1.50, "caf\\u00e9", "\\ud800"], "b": "\\\\n"}'
    assert redacted(whole) == whole
    for raw in (
        f'{{"a": "{escaped}", "a": "b"}}',
        f'{{"a": {wide}, "a": 1}}',
        f'{{"a": {wide}',
        "[" * 5_000 + wide,
        f'{{"a": "\\"{escaped}',
    ):
        hidden = redacted(raw)
        assert "[key]" in hidden
        assert escaped not in hidden
        assert wide not in hidden


@pytest.mark.parametrize(
    "piece",
    [
        *HOSTILE.values(),
        "s",
        "sk-",
        "&amp;",
        "%25",
        "\\",
        "s\u00ad",
        "s\\u200b",
        "c2st",
        "73",
        "é",
        "=\n",
        "\n",
        "115, ",
        "\x1b[",
    ],
)
def test_a_text_costs_no_more_than_its_length(piece: str) -> None:
    """Almost-keys, repeated."""
    assert grows_as_its_text(Redaction([KEY]), piece, 40_000)


def shows(request: Request) -> str:
    """The key as an endpoint got it, in all spellings."""
    key = request.headers["authorization"].removeprefix("Bearer ")
    assert key == KEY
    return " ".join(spell(key) for spell in SPELLINGS.values())


def test_a_run_writes_no_spelling_anywhere(survey: Folder, world: World, tmp_path: Path) -> None:
    """Values, lists, errors, refusals and models' names full of them: archive, DuckDB, README, logs, terminal, exports and pages have none."""
    turns = itertools.count()

    def tells(request: Request) -> Response:
        spelt, turn = shows(request), next(turns)
        spellings = [spell(KEY) for spell in SPELLINGS.values()]
        values = [" ".join(spellings[at : at + 9]) for at in range(0, len(spellings), 9)]
        names = [spelling for spelling in spellings if len(spelling) <= 120]
        value: dict[str, Any] = {
            key: {"value": names if key == "datasets_used" else values[at % len(values)], "evidence": [5]}
            for at, key in enumerate(wanted_keys(request))
        }
        content = json.dumps(value)
        said = [
            failure(500, spelt, Retry_After="0"), Response(403, f"<html>{spelt}</html>".encode()), completion(content, model=spelt), completion(f"No. {spelt}"),
            completion(None, refusal=spelt), failure(400, spelt),
        ]  # fmt: skip
        return said[turn] if turn < len(said) else completion(content, model=spelt)

    env = {"SURVEY_PUBLISH": "any", "SURVEY_CONCURRENCY": "1", "SURVEY_REVIEWER": "Ada"}
    with serving(tells) as server:
        use_model(survey, server)
        survey.env |= env
        ran = [survey.run(*command.split()) for command in (
            "refresh", "refresh --json", "refresh --second m2 --json", "render --force", "status", "status --json", "report", "verify",
            f"evaluate --ask --html {tmp_path}/e.html", "evaluate --judge m2", "evaluate --json", f"site --output {tmp_path}/site.html",
            *(f"export --format {form} --output {tmp_path}/t.{form}" for form in ("csv", "jsonl", "html")),
        )]  # fmt: skip
        tables = [
            survey.rows(f"SELECT * FROM {name}")
            for name in ("answers", "runs", "outcomes", "replies", "cells", "survey", "evidence")
        ]
        with reviewing(survey) as review:
            pages = review.get("/")
            found = re.findall(r'href="(/[^"#]+)', pages)
            pages += "".join(review.get(html.unescape(path)) for path in dict.fromkeys(found) if "static" not in path)
    shown = "".join(one.out + one.err for one in ran) + json.dumps(tables, ensure_ascii=False) + pages
    written = [path for folder in (survey.path, tmp_path) for path in folder.rglob("*") if path.is_file()]
    assert "[key]" in shown
    assert next(turns) > 6
    for name, spell in SPELLINGS.items():
        middle = told(spell(KEY))
        assert middle not in shown.encode("utf-8", "surrogatepass"), name
        assert middle not in html.unescape(shown).encode("utf-8", "surrogatepass"), name
        for path in written:
            assert middle not in path.read_bytes(), (name, path)
