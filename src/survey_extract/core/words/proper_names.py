"""Tokens of a text go in, the proper names among them come out.

A name is recognised by its form (capitals inside a word, letters with digits), and
where its form does not show it, by how the document itself writes the word:
"Vicuna" at the start of a clause is a name where the document has it in
mid-sentence and never in lower case, "Encoder" is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from survey_extract.core.words.english import is_english_word
from survey_extract.core.words.lexicon import (
    ADJUNCTS,
    GENERIC,
    KNOWN_LOWER,
    NUMBER_WORDS,
    OPENINGS,
    ORDINALS,
    ORDINARY,
    SIZES,
    UNITS,
)
from survey_extract.core.words.tokens import Token, chunks, fold
from survey_extract.core.words.usage import Usage

_LED_BY = frozenset(["by", "of"])
"""Behind these the first word of a clause is what was done, or what something is a part of: "Paid by", "Loss of"."""
_ENDINGS = tuple("ing ed ly tion sion ment ness ous ive ity able ible ize izes ises".split())


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text: places among its tokens, and its parts, which hyphens, slashes or spaces hold together.

    ``is_run`` marks plain words that are a name together ("Visual Genome").
    """

    first: int
    behind: int
    parts: tuple[str, ...]
    is_run: bool = False
    is_whole: bool = False
    """Whether it is a compound in small letters that the document has with another part: sought with all of its own."""

    @property
    def key(self) -> str:
        """Its letters and digits, as they are sought."""
        return "".join(self.parts)


def names_in(found: list[Token], usage: Usage, taken: frozenset[int] = frozenset()) -> Iterator[Name]:
    """The names in a text, in order. ``taken`` are places that belong to figures."""
    run: list[tuple[int, int]] = []
    for first, behind in chunks(found):
        is_free = not any(at in taken for at in range(first, behind))
        if is_free and _is_capitalised(found, first, behind):
            if run and not _goes_on(found, run[-1][1], first):
                yield from _names_of_run(found, run, usage)
                run = []
            run.append((first, behind))
            continue
        yield from _names_of_run(found, run, usage)
        run = []
        if is_free and _is_name(found, first, behind, usage):
            yield Name(first, behind, parts_of(found[first:behind]))
        elif is_free and _has_rival(found[first:behind], usage):
            yield Name(first, behind, parts_of(found[first:behind]), is_whole=True)
    yield from _names_of_run(found, run, usage)


def parts_of(found: Sequence[Token]) -> tuple[str, ...]:
    """Words and numbers, folded; what is written without a mark or a space between is one part."""
    parts: list[str] = []
    for index, token in enumerate(found):
        if token.kind == "mark":
            if token.text == "+" and parts and (index + 1 == len(found) or found[index + 1].text == "+"):
                parts[-1] += "+"
            continue
        piece = piece_of(token)
        glued = index > 0 and found[index - 1].kind != "mark" and found[index - 1].end == token.start
        if glued and parts:
            parts[-1] += piece
        else:
            parts.append(piece)
    return tuple(parts)


def piece_of(token: Token) -> str:
    """A word or number as it is sought: folded, and without commas between thousands."""
    text = fold(token.text)
    return text.replace(",", "") if token.kind == "number" else text


# --- by form --------------------------------------------------------------------------------------


def _is_capitalised(found: list[Token], first: int, behind: int) -> bool:
    text = found[first].text
    return (
        behind == first + 1
        and found[first].kind == "word"
        and len(text) > 1
        and text[0].isupper()
        and text[1:].islower()
    )


def is_formed(text: str) -> bool:
    """Whether capitals inside it or digits among letters mark a word as a name."""
    letters = [char for char in text if char.isalpha()]
    return (
        len(letters) > 0 and len(text) > 1 and (any(c.isupper() for c in text[1:]) or any(c.isdecimal() for c in text))
    )


def _is_name(found: list[Token], first: int, behind: int, usage: Usage) -> bool:
    """Whether a chunk that is no plain capitalised word names something."""
    words = [token for token in found[first:behind] if token.kind != "mark"]
    key = "".join(parts_of(found[first:behind]))
    if key in GENERIC or key.removesuffix("s") in GENERIC or len(key) < 2 or not any(char.isalpha() for char in key):
        return False
    if len(words) == 1 and words[0].text.islower():
        return is_known_lower(key, usage)
    text = "".join(token.text for token in found[first:behind])
    if not is_formed(text) and not any(is_known_lower(fold(word.text), usage) for word in words):
        return False
    marked = [word for word in words if word.kind == "number" or not word.text[1:].islower()]
    return len(marked) > 1 or not all(_is_ordinary_part(word, usage) for word in words)


def _has_rival(chunk: Sequence[Token], usage: Usage) -> bool:
    """Whether the document has a name in small letters that is this one but for a part: "clip-vit-large" for "clip-vit-huge"."""
    return any(
        {other, part} <= SIZES
        or (SIZES.intersection(shared) and _names_thing(other) and _names_thing(part))
        or (any(map(_names_thing, shared)) and _may_name(other) and _may_name(part))
        for other, part, shared in usage.rivals(chunk)
        if not _is_inflected(other, part)
    )


def _is_inflected(one: str, other: str) -> bool:
    """Whether two words are forms of one: "caption" and "captions"."""
    short, long = sorted((one, other), key=len)
    return len(short) > 2 and len(long) > len(short) and long.startswith(short[:-1])


def _names_thing(part: str) -> bool:
    """A part that is no word of English, with or without what is put before one."""
    plain = next((part.removeprefix(one) for one in _PREFIXES if part.startswith(one)), part)
    return len(part) > 3 and part.isalpha() and not is_english_word(part) and not is_english_word(plain)


def _may_name(part: str) -> bool:
    return part not in ADJUNCTS and not part.endswith(_ENDINGS) and (len(part) > 2 or part.isdecimal())


_PREFIXES = (
    "multi",
    "non",
    "pre",
    "post",
    "un",
    "re",
    "sub",
    "super",
    "semi",
    "hyper",
    "inter",
    "over",
    "under",
    "self",
    "cross",
)


def _is_ordinary_part(word: Token, usage: Usage) -> bool:
    """A part of a compound that names nothing: "Image" in "Image-Text", "LLM" in "LLM-based"."""
    key = fold(word.text)
    is_plain = word.text[1:].islower() if len(word.text) > 1 else word.text.islower()
    if is_plain and not is_known_lower(key, usage):
        return usage.is_ordinary(key) or key in ADJUNCTS or key in ORDINARY or key in OPENINGS or key in UNITS
    return key in GENERIC or key.removesuffix("s") in GENERIC


def is_known_lower(key: str, usage: Usage) -> bool:
    """Whether a word in lower case is a name: the document writes it as one, or everybody does."""
    if key in ORDINARY or key in OPENINGS or key in ADJUNCTS or key in UNITS or key in NUMBER_WORDS or key in ORDINALS:
        return False
    return len(key) > 2 and not usage.lower[key] and (usage.is_written_as_name(key) or key in KNOWN_LOWER)


# --- by use ---------------------------------------------------------------------------------------


def _goes_on(found: list[Token], end: int, first: int) -> bool:
    return first == end and found[first].start - found[end - 1].end == 1


def _names_of_run(found: list[Token], run: list[tuple[int, int]], usage: Usage) -> Iterator[Name]:
    """What a run of capitalised words names: from its first name to its last; ordinary words around it are left."""
    is_alone = len(run) == 1
    if run and _opens(found, run[0][0]) and not _names_alone(found, run[0], usage, opens=True, is_alone=is_alone):
        spans = run[1:]
    else:
        spans = run
    if not spans:
        return
    opens = _opens(found, spans[0][0])
    words = [fold(found[first].text) for first, _ in spans]
    named = [
        index
        for index, span in enumerate(spans)
        if _names_alone(found, span, usage, opens=opens and index == 0, is_alone=is_alone)
    ]
    if len(spans) > 1 and not opens and not usage.is_common_phrase(words) and not set(words) & ORDINARY:
        named = [0, len(spans) - 1]
    if named:
        first, last = _widened(words, named[0], named[-1])
        yield Name(spans[first][0], spans[last][1], tuple(words[first : last + 1]), is_run=True)


def _widened(words: Sequence[str], first: int, last: int) -> tuple[int, int]:
    """A name's neighbours in capitals belong to it, unless they begin clauses or name nothing ("The Visual Genome")."""
    while first > 0 and words[first - 1] not in ORDINARY | OPENINGS:
        first -= 1
    while last + 1 < len(words) and words[last + 1] not in ORDINARY | GENERIC:
        last += 1
    return first, last


def _opens(found: list[Token], at: int) -> bool:
    """Whether a clause begins at a token: its capital then says nothing."""
    before = found[at - 1] if at else None
    return before is None or before.text in set(".:;!?([{\u2022\"'\u201c\u2018-\u2013\u2014*#>")


def _names_alone(
    found: list[Token], span: tuple[int, int], usage: Usage, *, opens: bool, is_alone: bool = False
) -> bool:
    key = fold(found[span[0]].text)
    if key in ORDINARY or key in GENERIC or key in NUMBER_WORDS or key in ORDINALS or key in UNITS:
        return False
    if usage.upper[key] > usage.lower[key]:
        return True
    if usage.is_ordinary(key):
        return False
    if not opens:
        return True
    return key not in OPENINGS and not key.endswith(_ENDINGS) and not _is_plain(found, span[1], key, is_alone=is_alone)


def _is_plain(found: list[Token], behind: int, key: str, *, is_alone: bool) -> bool:
    """Whether the first word of a clause is an ordinary one; with a capital behind it only a verb: "Needs Python", not "Lower Kelani"."""
    if not is_alone:
        return key.endswith("s") and not key.endswith("ss") and is_english_word(key[:-1])
    return is_english_word(key) or (behind < len(found) and fold(found[behind].text) in _LED_BY)
