"""What a quiet night leaves out changes nothing: whatever is touched after such a night is noticed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import given, reject
from hypothesis import strategies as st

from survey_extract.adapters.archive.lines import line_of, record_in
from survey_extract.core.lists.rendered import Rendering
from survey_extract.core.question.prompt import mapped
from survey_extract.core.records import Answer, Audit, Batch, Decision, Document, Opinion, Reply, Run
from survey_extract.core.sight import Sighted

KINDS = (Answer, Audit, Batch, Decision, Document, Opinion, Rendering, Reply, Run, Sighted)
"""All that is read from lines."""

STRANGE: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**64, 10**400, 1.0, 1.5, 1e300, "", "1", "1.0", "true", "seen", "nan", "\ud800", "a\u2028b",
    [], [1], ["a"], [["a", "b"]], [["a", 1]], {}, {"page": 1}, [{}],
)  # fmt: skip
RAW = (
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"-0",
    b"-0.0",
    b'"\\ud800"',
    b'"\\u0041"',
    b'"\\ud83d\\ude00"',
    b"9" * 5_000,
    b"[" * 2_000,
)
"""JSON, or almost, that our own writing never has."""


def _places(node: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to each value in a piece of JSON."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [at, *(place for key, part in inner for place in _places(part, (*at, key)))]


def _changed(node: Any, at: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    if not at:
        return change(node)
    copy = dict(node) if isinstance(node, dict) else list(node)
    copy[at[0]] = _changed(copy[at[0]], at[1:], change)
    return copy


def _without(node: Any, name: str) -> Any:
    return {key: part for key, part in node.items() if key != name} if isinstance(node, dict) else node


def _plain(text: str) -> str:
    """A text without the characters that JSON spells by their numbers: with them, a line is none for the quick reader."""
    return "".join(filter(str.isprintable, text))


def _written(record: Any) -> bytes:
    """A record's line; NaN is nothing that JSON has, and is refused before it is written."""
    try:
        return line_of(record)
    except ValueError:
        reject()


@st.composite
def lines(draw: st.DrawFn) -> tuple[type, bytes]:
    """A line as it is written, or one that somebody spoiled: another value, a part that is missing, doubled, added or raw."""
    kind = draw(st.sampled_from(KINDS))
    tree = mapped(json.loads(_written(draw(st.from_type(kind)))), _plain)
    place = draw(st.sampled_from(_places(tree)))
    which = draw(st.sampled_from(("none", "strange", "missing", "added", "doubled", "raw", "bytes")))
    if which == "strange":
        tree = _changed(tree, place, lambda _: draw(st.sampled_from(STRANGE)))
    elif which == "missing":
        tree = _without(tree, draw(st.sampled_from(sorted(tree))))
    elif which == "added":
        tree = tree | {"seal": draw(st.sampled_from(STRANGE))}
    spoiled = json.dumps(tree, ensure_ascii=which == "none").encode("utf-8", "surrogatepass")
    if which == "doubled":
        name = draw(st.sampled_from(sorted(tree)))
        spoiled = spoiled[:-1] + f", {json.dumps(name)}: {json.dumps(draw(st.sampled_from(STRANGE)))}}}".encode()
    elif which == "raw":
        marked = json.dumps(_changed(tree, place, lambda _: "MARK"), ensure_ascii=False).encode()
        spoiled = marked.replace(b'"MARK"', draw(st.sampled_from(RAW)))
    elif which == "bytes":
        at = draw(st.integers(0, len(spoiled) - 1))
        spoiled = spoiled[:at] + draw(st.binary(max_size=2)) + spoiled[at + 1 :]
    return kind, spoiled


@given(lines())
def test_a_line_is_a_record_or_named(made: tuple[type, bytes]) -> None:
    """Whatever is in a line, it is a record that is written and read as the same, or it is refused in words."""
    kind, line = made
    try:
        record: object = record_in(line, kind)
    except ValueError as error:
        said = str(error)
    else:
        assert type(record) is kind
        assert record_in(line_of(record), kind) == record
        return
    assert said.strip()
