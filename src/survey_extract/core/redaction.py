"""Secrets go in, a function comes out that takes them out of any text, in every spelling that software gives to what it repeats.

An endpoint has the key, and what it sends back is published: a proxy that
shows the request's headers, an error that quotes them, a model that was shown
one. None of these hides the key on purpose, so what is looked for is what
programs do to a text on its way: escapes of JSON, once or several times,
percent signs, entities of HTML, hexadecimal, lists of the numbers of its characters, line ends and colours within it, base64 (with a user's name
before it, as ``Basic`` has it), other letters that look the same to Unicode,
invisible characters, and the text from its end. What is spread over two texts
is not found. Each text is looked at in four views, in which all these are
letters again; a view knows where its letters come from.
"""

from __future__ import annotations

import base64
import html.entities
import re
import string
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

SHORTEST = 8
"""Characters that a secret has at least; shorter ones are words."""

_HEX = "[0-9a-fA-F]"
_ESCAPES = (
    rf"(?<!\\)\\+(?:u(?P<high>[dD][89abAB]{_HEX}{{2}})\\+u(?P<low>[dD][c-fC-F]{_HEX}{{2}})"
    rf"|U(?P<long>{_HEX}{{8}})|u(?P<four>{_HEX}{{4}})|[ux]\{{(?P<braced>{_HEX}{{1,8}})\}}|x(?P<two>{_HEX}{{2}})|(?P<octal>[0-3][0-7]{{2}})"
    r"|(?=[^\w\s\\]|_))"
    rf"|%(?:25){{0,6}}(?P<percent>{_HEX}{{2}})"
    rf"|&(?:amp;){{0,6}}(?:\#(?P<decimal>\d{{1,9}})|\#[xX](?P<hexadecimal>{_HEX}{{1,8}})|(?P<name>[A-Za-z]{{2,24}}));?"
    r"|<wbr ?/?>"
)
_SPELT = re.compile(
    _ESCAPES + r"|=(?P<mail>[0-9A-F]{2})|[=\\]?\r?\n[ \t]{0,40}|(?<!\\)\\+[rn][ \t]{0,40}|\x1b\[[\d;]{0,20}[A-Za-z]"
)
_DIGITS = re.compile(_ESCAPES + r"|[\s=]+|(?<!\\)\\+[rn]")
_BYTES = re.compile(r"[\s:,;.\"'-]+|0x|(?<!\\)\\+x")
_NUMBERS = re.compile(r"(?<!\d)\d{2,3}(?:[\s,;]{1,20}\d{2,3}(?!\d)){7,}+")


class Redaction:
    """Takes secrets out of texts. Calling it with a text gives the text without them."""

    def __init__(self, secrets: Iterable[str], shown: str = "[key]") -> None:
        """``shown`` is what stands in their place."""
        self._looks = _looks(tuple(dict.fromkeys(form for secret in secrets for form in (secret, secret.strip()))))
        self._shown = shown

    def __call__(self, text: str) -> str:
        """The text without the secrets, whoever put them there."""
        for view, words in self._looks:
            seen = view.of(text)
            if any(word in seen for word in words):
                places = view.places(text)
                text = self._without(text, [view.place(text, places, found) for found in _found(seen, words)])
        return text

    def _without(self, text: str, places: Iterable[tuple[int, int]]) -> str:
        kept, at = list[str](), 0
        for begin, end in sorted(places):
            kept += [text[at:begin], self._shown] if begin >= at else []
            at = max(at, end)
        return "".join([*kept, text[at:]])


@dataclass(frozen=True, slots=True)
class _View:
    """A text as its letters, in small ones: what a pattern finds is what ``letters`` makes of it, each other character what it stands for.

    ``beside`` says that the letters next to a secret may hold a part of it.
    """

    pattern: re.Pattern[str] | None = None
    letters: Callable[[re.Match[str]], str] | None = None
    others: dict[int, str] | None = None
    beside: bool = False

    def of(self, text: str) -> str:
        """What is seen."""
        return self._plain(self.pattern.sub(self.letters or "", text) if self.pattern else text)

    def _plain(self, text: str) -> str:
        text = text.lower() if text.isascii() and not _CONTROL.search(text) else text.translate(_SEEN)
        return text.translate(self.others) if self.others else text

    def places(self, text: str) -> list[tuple[int, int]]:
        """By its letters, where each comes from."""
        found: list[tuple[int, int]] = []
        at = 0
        for match in self.pattern.finditer(text) if self.pattern else ():
            found += _single(text, at, match.start())
            found += [match.span()] * len(self._plain(self.letters(match) if self.letters else ""))
            at = match.end()
        return [*found, *_single(text, at, len(text))]

    def place(self, text: str, places: Sequence[tuple[int, int]], found: tuple[int, int]) -> tuple[int, int]:
        """Where a word comes from, with what holds a part of it."""
        begin, end = places[found[0]][0], places[found[1] - 1][1]
        if self.beside:
            begin -= begin > 0 and text[begin - 1] in _DIGIT
            end += end < len(text) and text[end] in _DIGIT
        return begin, end


def _single(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    return ((at, at + 1) for at in range(begin, end) for _ in text[at].translate(_SEEN))


def _found(seen: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where the words are."""
    for word in words:
        at = seen.find(word)
        while at >= 0:
            yield at, at + len(word)
            at = seen.find(word, at + len(word))


# --- letters --------------------------------------------------------------------------------------

_DIGIT = frozenset(string.ascii_letters + string.digits + "+/-_")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class _Seen(dict[int, str]):
    """By a character, the small letters that it stands for: none of what is invisible, none of the strokes through others."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFKD", chr(code)).lower()
        self[code] = "".join(part for part in parts if part.isspace() or unicodedata.category(part)[0] not in "CM")
        return self[code]


_SEEN = _Seen()


def _letter(found: re.Match[str]) -> str:
    """The character that is spelt; nothing of a byte that is none alone, or of what only escapes the next one."""
    if found.lastgroup is None:
        return ""
    way, spelt = found.lastgroup, found[found.lastgroup]
    if way == "low":
        return chr(0x10000 + ((int(found["high"], 16) - 0xD800) << 10) + int(spelt, 16) - 0xDC00)
    if way == "name":
        return html.entities.html5.get(f"{spelt};", "&" + found[0][1:].replace("amp;", ""))
    code = int(spelt, {"decimal": 10, "octal": 8}.get(way, 16))
    return "" if way in ("percent", "mail") and code >= 0x80 else _chr(code)


def _named(found: re.Match[str]) -> str:
    """The characters whose numbers are listed, as programs show bytes."""
    return "".join(_chr(int(number)) for number in re.findall(r"\d+", found[0]))


def _chr(code: int) -> str:
    return chr(code) if code < 0x110000 else ""


# --- what is looked for ---------------------------------------------------------------------------


@lru_cache(16)
def _looks(secrets: tuple[str, ...]) -> tuple[tuple[_View, tuple[str, ...]], ...]:
    """The views, each with the words that are looked for in it."""
    plain = [secret.translate(_SEEN) for secret in secrets if len(secret) >= SHORTEST]
    data = [secret.encode("utf-8", "surrogatepass") for secret in secrets if len(secret) >= SHORTEST]
    words = _both_ways(plain)
    spelt = _View(_SPELT, _letter)
    # A secret that itself looks spelt ("%00" in it) is another one where all spellings are letters again.
    spelt_words = _both_ways([*plain, *(spelt.of(secret) for secret in secrets if len(secret) >= SHORTEST)])
    cores = tuple(core for one in data for core in _cores(one))
    looks = (
        (_View(), words),
        (spelt, spelt_words),
        (_View(_DIGITS, _letter, {ord("-"): "+", ord("_"): "/"}, beside=True), cores),
        (_View(_BYTES), tuple(one.hex() for one in data)),
        (_View(_NUMBERS, _named), words),
    )
    return looks if data else ()


def _both_ways(words: Iterable[str]) -> tuple[str, ...]:
    """Words that are long enough to be secrets, each from its beginning and from its end."""
    long = [word for word in words if len(word) >= SHORTEST]
    return tuple(dict.fromkeys(form for word in long for form in (word, word[::-1])))


def _cores(data: bytes) -> Iterator[str]:
    """What of a text's base64 does not depend on what stands before and after it, for each place that it may begin at."""
    for before in range(3):
        digits = base64.b64encode(b"\0" * before + data).decode().rstrip("=")
        yield digits[-(-8 * before // 6) : 8 * (before + len(data)) // 6].lower()
