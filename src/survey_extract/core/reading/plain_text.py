"""Text as a reader found it goes in, plain text comes out: characters normalised, words broken at line ends mended.

Readers mark a line-end hyphen with ``HYPHEN_MARK``, since only a whole
document tells whether the hyphen belongs to the word.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

HYPHEN_MARK = "\ufffe"
"""Stands where a line ended in a hyphen (PDFium's own mark); the word goes on behind it."""

UNKNOWN = "□"
"""Stands for a sign that is printed and of which the file does not say what it is: left out, "1–5" would read 15."""
_LIGATURES = dict(zip("\x0b\x0c\x0e\x0f\x1b\x1c\x1d\x1e\x1f", "ﬀﬁﬃﬄﬀﬁﬂﬃﬄ", strict=True))
"""Places of ligatures in the two encodings of TeX's text fonts."""
_NAMELESS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]|(?<=[^\W\d_])\r(?!\n)|\r(?=[^\W\d_])")
"""A carriage return that ends no line is a sign, too."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
BULLET = "\x88"
"""The place of a bullet in TeX's companion fonts, which some files give in its stead."""
_UMLAUT = re.compile(r"[a-zäöü][äöü][a-zäöü]|[äöü][a-z]{2}")
_SHARP_S = re.compile(r"(?<=[aeiouäöü])ÿ")
"""The place of "ß" in TeX's text fonts, which files without names for their signs give in its stead."""
_ITEM = re.compile(rf"(?m)^{BULLET}(?=[ \t])")
_STEMS = {
    "ﬀ": "differ|différ|effe[ck]t|effet|effort|offer|offen|offre|suffer|buffer|chiffr|hoff|schaff|treff|begriff|stoff|öff|affe[ck]t|stuff|staff|^off$",
    "ﬁ": "^fi(?:rst|nd|nal|eld|ve|xe|gur|le|ne|nit|n$|lt|ch)|cifi|tifi|nifi|défi|defi|modif|ssifi|confi|benefi|profi|stifi|rifi|tfin",
    "ﬂ": "^fl(?:ow|at|oat|ex|ux|aw|ag|uid|uct|oor|äch|ott|oss)|influ|refle|confli|infla|einfl|überfl",
    "ﬃ": "effici|suffi[ct]|coeffi|offic|diffic|affich|traffi|suffix|affin|effiz",
    "ﬄ": "baffl|shuffl|waffl|offline|afflic|souffl",
}
"""How common words with each of them go in English, German and French: fonts number their ligatures in several orders."""
_TOLD = {sign: re.compile(f"(?:{stems})") for sign, stems in _STEMS.items()}
_HOLDER = re.compile(r"(?<![^\W\d_])([^\W\d_]*)([\x0b-\x0f\x1b-\x1f])(?![\r\n])([^\W\d_]*)")
"""A word with a sign that the file does not name; a carriage return is one amid a line."""
_VOWELS = frozenset("aeiouäöüAEIOUÄÖÜ")
_IN_FORMULA = re.compile(r"(?:sin|cos|tan|log|ln|exp|max|min|sup|inf|lim|det|dim|deg)$")


def _ligatures(printed: str) -> dict[str, str]:
    """By number of a sign on a page, the ligature that the words with it tell; that of TeX's fonts, where they tell no other."""
    hits: dict[str, Counter[str]] = {}
    for before, sign, after in _HOLDER.findall(printed):
        if len(before) + len(after) > 1 and sign != "\r":
            found = hits.setdefault(sign, Counter())
            found.update(
                one for one, stems in _TOLD.items() if stems.search(f"{before}{letters_of(one)}{after}".lower())
            )
    told = {sign: one for sign, found in hits.items() if (one := _winner(found))}
    is_usual = bool(told) and all(_LIGATURES[sign] == ligature for sign, ligature in told.items())
    return _LIGATURES if is_usual else told


def _winner(found: Counter[str]) -> str | None:
    """What was found most often; nothing where two were as often."""
    first = found.most_common(2)
    return first[0][0] if first and (len(first) == 1 or first[0][1] > first[1][1]) else None


def letters_of(ligature: str) -> str:
    """The letters that a ligature consists of."""
    return unicodedata.normalize("NFKC", ligature)


def _named(match: re.Match[str], ligatures: dict[str, str]) -> str:
    """A word with its ligature; as it is where the sign may be a Greek letter, which has the same number in other fonts."""
    before, sign, after = match.groups()
    if sign == "\r":  # in some fonts that of a letter
        return f"{before}ﬂ{after}" if _TOLD["ﬂ"].match(f"{before}fl{after}".lower()) else match[0]
    rest = match.string[match.end() : match.end() + 1]
    is_amid = before[-1:].islower() and after[:1].islower() and len(before) > 1
    begins = not before and after[:2].islower() and len(after) > 1 and rest != "("
    ends = before.islower() and not after and (len(before) > 1 or before == "o") and rest in " .,;:)\r\n"
    follows_vowel = before in _VOWELS and after[:2].islower() and len(after) > 1
    if sign not in ligatures or not (is_amid or begins or ends or follows_vowel):
        return match[0]
    ligature = ligatures[sign]
    if begins and ligature not in "ﬁﬂ":
        return match[0]
    if ends and (ligature not in "ﬀﬁ" or _IN_FORMULA.search(before)):
        return match[0]
    return before + ligature + after


_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\x0b\x0c\x85\u2028\u2029"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufffd"


def _character_table() -> dict[int, str | None]:
    table: dict[int, str | None] = {code: None for code in range(0x20) if chr(code) not in "\n\r"}
    table |= dict.fromkeys(range(127, 160))
    table |= dict.fromkeys((*range(55296, 63744), *range(64976, 65008)))  # surrogates, private use
    table |= {ord(char): None for char in _INVISIBLE}
    # Overrides of direction and "tags" print nothing: a text could hide in them, or turn round what stands there.
    table |= dict.fromkeys((*range(0x202A, 0x202F), *range(0x2061, 0x2070), *range(0xE0000, 0xE0200)))
    table |= {ord(char): " " for char in _SPACES}
    # Ligatures and mathematical letters are drawn variants of plain ones; fractions, superscripts
    # and full-width forms mean something by their form and stay.
    for code in (*range(0xFB00, 0xFB07), *range(0x1D400, 0x1D800)):
        table[code] = unicodedata.normalize("NFKC", chr(code))
    return table


_TABLE = _character_table()


def legible(printed: str) -> str:
    """The characters of a page, those without a meaning replaced one by one: a ligature within a word by itself, others by a mark.

    Fonts made of pictures, as in older papers, give numbers for their letters and nothing else.
    """
    if "ÿ" in printed and "ß" not in printed and _UMLAUT.search(printed):
        printed = _SHARP_S.sub("ß", printed)
    if BULLET in printed:
        printed = _ITEM.sub("•", printed)
    if not _CONTROL.search(printed) and printed.count("\r") == printed.count("\r\n"):
        return printed  # no sign without a name, since each carriage return ends a line
    if not _NAMELESS.search(printed):
        return printed
    ligatures = _ligatures(printed)
    return _NAMELESS.sub(UNKNOWN, _HOLDER.sub(lambda match: _named(match, ligatures), printed))


def _class_of(codes: Iterable[int]) -> str:
    """A class of characters for a pattern: neighbours as a range, which is found faster than one by one."""
    ranges: list[list[int]] = []
    for code in sorted(codes):
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


_ODD = re.compile(f"[{_class_of(_TABLE)}]")
"""Seven times as fast as ``str.translate``, which looks every character up."""


def clean(text: str) -> str:
    """Normalise characters and fold white space; the mark for line-end hyphens is kept."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())  # as most lines are: nothing in them is odd
    return " ".join(unicodedata.normalize("NFC", _ODD.sub(_plain, text)).split())


def _plain(match: re.Match[str]) -> str:
    return _TABLE[ord(match[0])] or ""


_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# A word is looked at from its beginning alone: from each of its letters would take the square of its length.
_BROKEN = re.compile(rf"(?:(?<![^\W_])([^\W_]+))?[-\u2010]?{HYPHEN_MARK}\s?([^\W_]*)")
_SECOND_HALF = re.compile(rf"{HYPHEN_MARK}(?:\S*{HYPHEN_MARK})?\s?\S*")
_PREFIXES = frozenset(
    "all anti auto co data end ex fine full half in inter intra left meta mid more near off on one out over post pre"
    " quasi re real right semi so sub super top two ultra un under well".split()
)
_FIRST_PARTS = frozenset(
    "audio cross domain few human image instruction knowledge language large long low model multi non object open"
    " pixel question region self short single state task text token video vision visual word zero".split()
)
_LAST_PARTS = frozenset(
    re.findall(
        r"\w+",
        "agnostic aligned art augmented aware balanced based centric class conditioned constrained dependent dimensional "
        "domain driven efficient equivalent expensive finetuned follower following form free friendly generated grained "
        "guided head heavy hop independent intensive invariant labeled labelled layer level like modal of oriented pair "
        "performing purpose quality rank ranked related resolution resource rich scale shot size source specific stage "
        "step style supervised target task trained training tuned tuning turn world",
    )
)
"""What usually ends a compound, and seldom a word."""
_FUSING = frozenset(
    re.findall(
        r"\w+",
        "a an any be by counter dis down every for fore here im in ir mis multi no non not off on out over re some sub "
        "super that there to trans un under up where with",
    )
)
"""What begins a word rather than a compound."""
_FUSED = frozenset(
    re.findall(
        r"\w+",
        "able ably age back base bases board book books bound case come er ever fall flow fold found graph ground grounds hand "
        "hold hood how land less light lights like line lines mark marks ment ness off out over point points put read set "
        "sets ship sheet shot side stamp stand stream streams take time times through top under up ward wards ware way wise "
        "with word words work works write written",
    )
)
"""What ends a word written as one ("database", "framework") though both halves are words."""
_JOINERS = frozenset(["and", "or", "und", "oder", "bzw"])
"""Behind a hyphen that stands for the end of the next word: "start- and end-points"."""
_SUFFIX = re.compile(
    r"(?:e?s|e[drn]|est|ings?|ly|ity|ities|u?al|ally|ives?|i[sz](?:e[ds]?|ing|ation)|ness|ful|less|ists?|ous|ory|ional\w*)$"
)


def vocabulary(texts: Iterable[str]) -> frozenset[str]:
    """All words of a document in lower case, with their hyphens, for ``mend_hyphens``.

    Parts of compounds come with the hyphen that they have: "two-", "-layer".
    """
    runs: set[str] = set()
    for text in map(str.lower, texts):
        runs.update((_SECOND_HALF.sub(f"{HYPHEN_MARK} ", text) if HYPHEN_MARK in text else text).split())
    words = set(filter(str.isalpha, runs))  # most runs are one word
    words.update(_WORD.findall(" ".join(run for run in runs - words if not run.endswith(HYPHEN_MARK))))
    compounds = [word.split("-") for word in words if "-" in word]
    words.update(f"{a}-{b}" for parts in compounds for a, b in pairwise(parts))
    words.update(f"{a}-" for parts in compounds for a in parts[:-1])
    words.update(f"-{b}" for parts in compounds for b in parts[1:])
    return frozenset(words)


def mend_hyphens(text: str, words: frozenset[str]) -> str:
    """Join words broken at line ends; compounds keep their hyphen.

    The document is its own dictionary: the form that it uses elsewhere wins.
    Nobody parts one letter from a word, so that it had its hyphen. A word seen
    in neither form is a compound when its second half starts with a capital or
    a digit, when both halves are words of the document or parts
    of its compounds, or when a half is a usual part of compounds.
    """
    if HYPHEN_MARK not in text:
        return text
    return _BROKEN.sub(lambda match: _mended(match, words), text)


def _mended(match: re.Match[str], words: frozenset[str]) -> str:
    left, right = match[1] or "", match[2]
    joined, compound = (left + right).lower(), f"{left}-{right}".lower()
    if joined in words and (left + right).isupper():
        return left + right
    if min(len(left), len(right)) < 2 or right[0].isupper() or not right[0].isalpha() or not left[-1].isalpha():
        return f"{left}-{right}"
    if right in _JOINERS and joined not in words:
        return f"{left}- {right}"
    if joined in words:
        return left + right
    is_compound = (
        compound in words
        or _is_doubled(match)
        or _is_compound(left.lower(), right.lower(), words, is_part=_is_part(match))
    )
    return f"{left}-{right}" if is_compound else left + right


def _is_doubled(match: re.Match[str]) -> bool:
    """Whether the last part of a compound is its first as well: "end-to-end", "step-by-step"."""
    return match.string[: match.start()].lower().endswith(f"{match[2].lower()}-")


def _is_part(match: re.Match[str]) -> bool:
    """Whether the first half has a hyphen before it, as "of" in "out-of-"."""
    return bool(match[1]) and match.string[max(0, match.start() - 1) : match.start()] == "-"


def _is_compound(left: str, right: str, words: frozenset[str], *, is_part: bool) -> bool:
    """Whether two halves that the document has nowhere together are two words."""
    begins, ends = f"{left}-" in words, f"-{right}" in words
    is_left, is_right = left in words or begins, right in words or ends
    if is_part:
        return (is_left and is_right) or (left == "of" and len(right) > 3)
    if right in _LAST_PARTS:
        return left not in _FUSING and (is_left or len(left) > 3 or left in _PREFIXES)
    if right in _FUSED or _SUFFIX.match(right):
        return begins and right in words and left in _FIRST_PARTS
    if left in _FIRST_PARTS - _FUSING:
        return True
    if left in _FUSING or not is_right:
        return begins and is_right and left in _PREFIXES
    return begins or (left in _PREFIXES and right in words) or (is_left and min(len(left), len(right)) > 3)


def mended_with_starts(
    text: str, starts: list[tuple[int, int]], words: frozenset[str]
) -> tuple[str, list[tuple[int, int]]]:
    """``mend_hyphens`` that keeps track of where each block starts."""
    if HYPHEN_MARK not in text:
        return text, starts
    parts: list[str] = []
    length = copied = 0
    moves: list[tuple[int, int]] = []  # (offset in text from which on, shift)
    for match in _BROKEN.finditer(text):
        mended = _mended(match, words)
        parts += [text[copied : match.start()], mended]
        length += match.start() - copied + len(mended)
        copied = match.end()
        moves.append((match.end(), length - match.end()))
    parts.append(text[copied:])
    moved, at, shift = [], 0, 0
    for start, index in starts:
        while at < len(moves) and moves[at][0] <= start:
            shift = moves[at][1]
            at += 1
        moved.append((max(0, start + shift), index))
    return "".join(parts), moved
