"""Secrets go in, a function comes out that takes them out of any text, in every spelling that software gives to what it repeats.

An endpoint has the key, and what it sends back is published: a proxy that
shows the request's headers, an error that quotes them, a model that was shown
one. None of these hides the key on purpose, so what is looked for is what
programs do to a text on its way: escapes of JSON, once or several times,
percent signs, entities of HTML, hexadecimal, base64 (with a user's name
before it, as ``Basic`` has it), other letters that look the same to Unicode,
invisible characters, and the text from its end. What is spread over two texts
is not found.
"""

from __future__ import annotations

import base64
import html.entities
import json
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

SHORTEST = 8
"""Characters that a secret has at least; shorter ones are words."""

_SLASHES = r"\\{1,8}"
_AMPERSAND = r"&(?:amp;){0,4}"
_PERCENT = r"[%=](?:25){0,4}"
_INVISIBLE = (
    rf"(?:{_SLASHES}u\{{?(?:00ad|034f|061c|180e|200[b-f]|202[a-e]|206[0-9a-f]|fe0[0-9a-f]|feff|d[89a-f][0-9a-f]{{2}})\}}?"
    rf"|{_AMPERSAND}(?:shy|zwnj|zwj|lrm|rlm|ZeroWidthSpace|NoBreak|wbr|#0{{0,6}}(?:173|820[3-7]|8288|65279)"
    rf"|#x0{{0,6}}(?:ad|200[b-f]|2060|feff));?|<wbr ?/?>"
    rf"|{_PERCENT}c2{_PERCENT}ad|{_PERCENT}e2{_PERCENT}80{_PERCENT}8[b-f]){{0,8}}"
)
"""What may be between two letters of a secret, as it is spelt: the characters themselves are taken out before."""
_LINE_END = rf"(?:\s|=|{_SLASHES}[rn]){{0,6}}"
_STRING = re.compile(r'"(?:[^"\\]|\\.?)*(?:"|\Z)', re.DOTALL)


class Redaction:
    """Takes secrets out of texts. Calling it with a text gives the text without them."""

    def __init__(self, secrets: Iterable[str], shown: str = "[key]") -> None:
        """``shown`` is what stands in their place."""
        words = {form for secret in secrets for form in (secret, secret.strip(), _seen(secret.strip()))}
        self._words = sorted((word for word in words if len(word) >= SHORTEST), key=lambda word: (-len(word), word))
        self._shown = shown

    def __call__(self, text: str) -> str:
        """The text without the secrets, whoever put them there."""
        for pattern in map(_pattern, self._words):
            text = pattern.sub(self._shown, text)
            if not text.isascii() and pattern.search(seen := text.translate(_SEEN)):
                text = self._without(pattern, text, seen)
        return text

    def _without(self, pattern: re.Pattern[str], text: str, seen: str) -> str:
        """The text without what is a secret once its letters are those that are seen."""
        places = [place for place, char in enumerate(text) for _ in char.translate(_SEEN)]
        kept, at = list[str](), 0
        for found in pattern.finditer(seen):
            kept += [text[at : places[found.start()]], self._shown]
            at = places[found.end() - 1] + 1
        return "".join([*kept, text[at:]])

    def in_json(self, raw: str) -> str:
        """The same for JSON as it came, whole or torn; what spells a secret in none of its texts stays to the letter."""
        plain = self(raw)
        return _STRING.sub(lambda found: self._in_string(found[0]), plain) if "\\" in plain else plain

    def _in_string(self, spelt: str) -> str:
        try:
            text = json.loads(spelt, strict=False) if "\\" in spelt else None
        except ValueError:
            return spelt
        return spelt if text is None or (hidden := self(text)) == text else json.dumps(hidden)


class _Seen(dict[int, str]):
    """By a character, the letters that it stands for: none of what is invisible, none of the strokes through others."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFKD", chr(code))
        self[code] = "".join(part for part in parts if part.isspace() or unicodedata.category(part)[0] not in "CM")
        return self[code]


_SEEN = _Seen()


def _seen(text: str) -> str:
    return text.translate(_SEEN)


# --- how a secret is spelt ------------------------------------------------------------------------


@lru_cache(8)
def _pattern(secret: str) -> re.Pattern[str]:
    """Everything that a secret may look like. Nothing in it repeats without a limit, so that it takes linear time over any text."""
    data = secret.encode("utf-8", "surrogatepass")
    words = (secret, secret[::-1])
    ways = [_INVISIBLE.join(map(_letter, word)) for word in words]
    ways.append(rf"(?:[\s:,;.-]|0x|{_SLASHES}x){{0,4}}".join(f"{byte:02x}" for byte in data))
    ways += [rf"[\w+/-]?{_LINE_END.join(map(_digit, core))}[\w+/-]?" for core in _cores(data)]
    return re.compile("|".join(ways), re.IGNORECASE)


def _cores(data: bytes) -> list[str]:
    """What of a text's base64 does not depend on what stands before and after it, for each place that it may begin at."""
    cores: list[str] = []
    for before in range(3):
        digits = base64.b64encode(b"\0" * before + data).decode().rstrip("=")
        bits = 8 * (before + len(data))
        cores.append(digits[-(-8 * before // 6) : bits // 6])
    return cores


def _digit(digit: str) -> str:
    """A digit of base64, in both of its alphabets."""
    others = {"+": "+-", "/": "/_"}.get(digit)
    return digit if others is None else f"(?:{'|'.join(map(_letter, others))})"


def _letter(char: str) -> str:
    """A letter as it is, and as JSON, addresses, mails and HTML spell it."""
    code = ord(char)
    ways = [re.escape(char) if char.isalnum() else rf"\\{{0,8}}{re.escape(char)}"]
    ways += [
        rf"{_SLASHES}(?:u\{{?0{{0,6}}{code:x}\}}?|x{code:02x}|{code:03o})",
        "".join(rf"{_PERCENT}{byte:02x}" for byte in char.encode("utf-8", "surrogatepass")),
        rf"{_AMPERSAND}(?:#0{{0,6}}{code}|#x0{{0,6}}{code:x});?",
    ]
    ways += [rf"{_AMPERSAND}{name}" for name in sorted(_ENTITIES.get(char, ()))]
    return f"(?:{'|'.join(ways)})"


_ENTITIES: dict[str, list[str]] = {}
for _name, _char in html.entities.html5.items():
    if len(_char) == 1 and _name.endswith(";"):
        _ENTITIES.setdefault(_char, []).append(_name)
