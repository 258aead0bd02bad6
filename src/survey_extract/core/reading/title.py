"""The titles that a document gives of itself go in, the one that a person would write comes out.

A PDF names its title twice, in its metadata and in the largest type of its
first page, and either may be wrong: the metadata hold a file's name, the page
sets the title in capitals. A title becomes the name of a row, so what reads as
an order to a model, an address or a file name is not a title.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

LONGEST = 250
"""Characters; what is longer is not a title."""
CAPITALS = 0.8
"""Share of a title's letters from which on it is set in capitals."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_FILE_NAME = re.compile(
    r"\.(?:pdf|tex|dvi|docx?|md|html?|txt|ps|eps|indd|pptx?|rtf|odt)$|^Microsoft (?:Word|PowerPoint)\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"://|\bwww\.|\S@[^\s@]+\.\S|^(?:[\w-]+/)+[\w.-]+$", re.IGNORECASE)
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|above|previous|prior)\b"
    r"|^(?:system|assistant|user)\s*:|^you are (?:an?|the|now)\b|<\|?/?\w+\|?>|\bas an ai\b",
    re.IGNORECASE,
)  # fmt: skip
_BANNER = re.compile(
    r"^(?:\w+ ){0,4}(?:Journal|Proceedings|Transactions|Annals) (?:of|on|for)\b[^:?]*$|\b(?:19|20)\d\d,? .{0,30}\bpp?\.\s?\d|\bVol(?:ume|\.)\s?\d|^doi\b",
    re.IGNORECASE,
)
"""What a journal prints over a paper: its own name, the volume, the pages."""
_KIND = re.compile(
    r"(?:(?:original|regular|research|review|full|short|brief|invited|open access|case)\s?)*(?:articles?|papers?|reviews?|reports?|letters?|communications?|research|note)"
    r"|(?:table\s?of\s?)?contents|abstract|inhalt(?:sverzeichnis)?|zusammenfassung|table\s?des\s?mati[eè]res|r[ée]sum[ée]|preprint|(?:open|free)\s?access",
    re.IGNORECASE,
)
"""What it prints there of every paper of a kind, and what stands over parts of it."""
_SPACED = re.compile(r"(?<=\b\w) (?=\w\b)")
"""Between letters that are set apart."""
_MARKS = re.compile(r"(?<=[^\W\d_]{3})\s?[∗†‡§¶]+$")
"""Of notes, behind a title."""
_NO_TITLE = frozenset(
    {"untitled", "title", "document", "paper", "main", "manuscript", "template", "arxiv", "home", "index"}
)
_SMALL = frozenset(
    re.findall(r"\w+", "a an and as at but by for from in into nor of on onto or over per the to under via vs with without")
)  # fmt: skip


def is_title(text: str | None) -> bool:
    """Whether a text may be the name of a row."""
    text = (text or "").strip()
    if not 4 < len(text) <= LONGEST or text.lower() in _NO_TITLE or len(_WORD.findall(text)) < 1:
        return False
    return not (is_kind(text) or _FILE_NAME.search(text) or _ADDRESS.search(text) or _ORDER.search(text))


def is_order(text: str) -> bool:
    """Whether a text reads as an order to a model."""
    return _ORDER.search(text) is not None


def is_banner(line: str) -> bool:
    """Whether a line of a first page names the journal, or the kind of paper, and not the paper."""
    return _BANNER.search(line) is not None or is_kind(line)


def is_kind(line: str) -> bool:
    """Whether a line says of what kind a paper is, or which part of it begins, and names none."""
    return _KIND.fullmatch(_SPACED.sub("", line).strip(" :—–-")) is not None


def unmarked(title: str) -> str:
    """A title without the marks of its notes."""
    return _MARKS.sub("", title)


def chosen_title(printed: str | None, stated: str | None, body: Iterable[str], shown: str = "") -> str | None:
    """The title of a document in normal case.

    ``printed`` stands in the largest type of its first page, ``stated`` in its
    metadata; ``body`` are its sentences, by which names are told apart from words,
    and ``shown`` all that stands on its first page. Of two that agree, the
    longer is whole; of two that do not, the stated one counts where it is
    printed as well, for then the largest type is a journal's name or a banner;
    else the printed one, which is what people know.
    """
    printed, stated = (text if is_title(text) else None for text in (printed, stated))
    if printed and stated and _agree(printed, stated):
        if _letters(printed) == _letters(stated):
            return normal_case(stated if is_capitals(printed) else printed, body)
        return normal_case(max(printed, stated, key=lambda text: len(_letters(text))), body)
    is_shown = stated is not None and len(stated.split()) > 2 and _letters(stated) in _letters(shown)
    title = stated if is_shown else printed or stated
    return normal_case(title, body) if title else None


def is_capitals(title: str) -> bool:
    """Whether a title is set in capitals, or in small capitals, which read the same."""
    letters = [char for char in title if char.isalpha()]
    return len(letters) > 8 and sum(char.isupper() for char in letters) >= CAPITALS * len(letters)


def normal_case(title: str, body: Iterable[str]) -> str:
    """A title in capitals as it would be written; any other as it is.

    Each word is written as the document itself mostly writes it, so that
    ``BERT`` and ``LLaVA`` stay what they are.
    """
    if not is_capitals(title):
        return title
    wanted = {word.lower() for word in _WORD.findall(title)}
    forms: dict[str, Counter[str]] = {word: Counter() for word in wanted}
    for sentence in (text for text in body if not is_capitals(text)):  # the title may be among them
        for number, match in enumerate(_WORD.finditer(sentence)):
            if (word := match[0].lower()) in wanted:
                first = number == 0 and match[0].istitle()
                forms[word][word if first else match[0]] += 1
    begins = True

    def written(match: re.Match[str]) -> str:
        nonlocal begins
        at_begin, begins = begins, False
        return _written(
            match, forms[match[0].lower()], at_begin=at_begin or title[: match.start()].rstrip().endswith(":")
        )

    return _WORD.sub(written, title)


def _written(match: re.Match[str], forms: Counter[str], *, at_begin: bool) -> str:
    word, text = match[0].lower(), match.string
    usual = max(forms, key=lambda form: (forms[form], form), default=None)
    if usual and usual not in (word, word.capitalize()):
        return usual
    touches_figure = text[match.end() : match.end() + 2].strip("-‐–")[:1].isdigit() and len(word) <= 4
    if usual is None and (touches_figure or not re.search(r"[aeiouyäöü]", word)):
        return match[0]
    return word if word in _SMALL and not at_begin else word.capitalize()


def _agree(one: str, other: str) -> bool:
    a, b = sorted((_letters(one), _letters(other)), key=len)
    return len(a) >= 8 and (b.startswith(a) or a in b)


def _letters(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())
