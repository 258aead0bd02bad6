"""The text of a paragraph goes in, where each of its sentences begins and ends comes out.

A sentence ends with a mark of its end before a word that begins like a
sentence. What stands between them may close it: quotation marks, brackets, the
number of a note. Abbreviations, initials, dates and ordinals have full stops
that end nothing; half a sentence as a quote is as wrong as two in one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ABBREVIATIONS = frozenset(
    (
        "e.g i.e cf vs viz resp approx ca al fig figs eq eqs eqn eqns sec secs sect tab tabs ref refs app appx alg thm thms"
        " def defs prop props lem lems cor cors no nos vol vols pp p ed eds dr drs prof profs mr mrs ms st jr w.r.t i.i.d a.k.a"
        " s.t ie eg dept univ inc conf proc trans chap chaps ch para suppl incl esp ibid ex exs mme mlle mm éd env p.ex c.-à-d"
        " bzw z.b d.h vgl abb abbn u.a usw nr nrn z.t u.u o.ä u.ä m.e s.o s.u inkl exkl evtl ggf ggfs sog dgl bsp hrsg kap anm"
        " aufl jh jhd jhdt allg insb insbes mio mrd"
    ).split()
)
_BEFORE_FIGURES = re.compile(
    r"(?:jan|feb|febr|mar|apr|jun|jul|aug|sept?|oct|nov|dec|okt|dez|art|arts|cl|col|line|lines|ll|min|max|bd|abs|ziff|str|av|tel)",
    re.IGNORECASE,
)
"""What is an abbreviation before a figure, and may end a sentence elsewhere."""
_ORDINAL = re.compile(r"(?<!\w)(?:am|im|den|der|des|dem|vom|zum|zur|beim|bis|seit|das|die)\s\d{1,2}$", re.IGNORECASE)
"""A German ordinal with its article: "im 19. Jahrhundert"."""
_OF_ORDINAL = re.compile(
    r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
    r"|Jahrhundert|Jh\b|Auflage|Kapitel|Abschnitt|Semester)"
)
_DATE = re.compile(r"(?<!\d)\d{1,2}\. ?\d{1,2}\. ?(?:1[5-9]|20)?\d\d(?!\d)")
_PART = re.compile(r"[A-Za-zÄÖÜäöü][a-z]?\.")
"""The next part of an abbreviation in pieces: "B." in "z. B."."""
_IN_PARTS = re.compile(r"(?<![^\s(])[a-zäöü]\. ?(?:[A-Za-zÄÖÜäöü]|Zt|Tl)$")
"""An abbreviation in pieces, up to its last stop: "i. e", "z. B", "a. k. a"."""
_SPACED_DOTS = re.compile(r"\. \.$")
_AMID_A_ROW = re.compile(r"(?![AI]\s)[^\W_](?![^\W_])|\d{2,6}(?![^\W_])")
"""A letter or a number: the end of a row such as "1, . . . N"."""

_BEGINNING = re.compile(
    r"(?:The|This|These|Those|That|There|Then|Thus|Therefore|We|Our|It|Its|In|If|For|From|On|As|At|To|With|While|When|Where|Since"
    r"|However|Hence|Here|Note|Moreover|Furthermore|Finally|First|Each|Both|All|An|Der|Die|Das|Es|Wir|Ein|Eine|Im|Dies|Diese|Dabei"
    r"|Le|La|Les|On|Nous|Il|Elle|Cette|Dans|Pour)[\s,]"
)
"""What begins a sentence and no name: "in R. The", unlike "by R. Smith"."""

SIGNS = ".!?。！？"
"""What ends a sentence."""


def ending_in(further: str = "", behind: str = "") -> re.Pattern[str]:
    """What finds the mark at a text's end, also one of further signs, with quotation marks and brackets that it closes behind it, and more."""
    return re.compile(rf"""[{SIGNS}{further}]["'”’»)\]]*{behind}$""")


_MARK = r"(?P<mark>(?:(?<=[^\W\d_]{2}[.!?])|(?<=[^\W\d_][\"'”’»)\]][.!?])|(?<=[.!?][\"”’)])|(?<=%[.!?]))(?:\d{1,2}|\[\d{1,3}(?:[,–-]\s?\d{1,3}){0,9}\]))?"
"""The number of a note or a work behind the mark of the end; behind a figure it would be its decimals, behind "%" not."""
_STOP = (
    r"""(?<![.!?])(?P<stop>[.!?]+)(?P<close>["'”’“‘»)\]]*(?:\s»)?)"""
    + _MARK
    + r"""\s+(?=(?:["'“‘„‚(\[¿¡]|«\s?)*(?:[^\W_a-zß-öø-ÿ]|[a-z]{3,}[A-Z_]|\\[A-Za-z]{2}))|(?P<cjk>[。！？]+["'”’」』）]*)"""
)
_END = re.compile(_STOP)
_STOP_SIGN = re.compile(f"[{SIGNS}]")
"""What all that ``_END`` finds begins with."""
_END_OR_ITEM = re.compile(
    _STOP
    + r"|(?<!\s)\s+(?=[•‣▪])|(?<![\s\d])\s+(?=◦)|(?<=\d)\s+(?=◦\s+(?![CF]\b)[^\W_a-zß-öø-ÿ])|(?<=[.:;])\s+(?=[●■])"
)
_ITEM_MARK = re.compile(r"[•‣▪◦●■]")
"""Squares and dots stand in legends as well: those begin an item behind a mark of the end alone. A ring behind a figure is a degree."""
_PART_NUMBER = re.compile(r"[(“„‘\"«]\d{1,2}(?:\.\d{1,2})+$")
"""The number of a heading that a sentence names: "see “3.1. Signs”"."""
_LABEL = re.compile(
    r"(?:(?:figure|table|algorithm|listing|abbildung|tabelle)\s+\w{1,4}|\d{1,2}(?:\.\d{1,2})*|[ivx]+)", re.IGNORECASE
)
"""What numbers a caption, a heading or a list entry: the stop behind it ends no sentence."""
_CLOSERS = frozenset('"”’»)]')
_LAST_WORD = re.compile(r"[^\s(\[“\"'‘„]{1,30}$")


_OPEN = re.compile(
    r"(?:^|[\s(])(?:a|an|the|of|and|or|nor|but|to|for|with|from|by|at|into|onto|is|are|was|were|be|been|has|have|had|that|which|whose|than|as|its|their|our|not"
    r"|der|des|dem|den|ein|eine|einer|eines|einem|einen|und|oder|aber|für|mit|von|vom|zu|zum|zur|ist|sind|wird|werden|dass|welche|als|sich"
    r"|le|la|les|un|une|du|des|et|ou|mais|pour|avec|par|dans|sur|est|sont|que|qui|dont|au|aux|ses|leur|leurs)$"
)
"""Words in lower case that end no sentence, no label and no item: something follows that they go with."""


def is_open(text: str) -> bool:
    """Whether a text breaks off amid a sentence, by its last word."""
    return _OPEN.search(text, max(0, len(text.rstrip()) - 12), len(text.rstrip())) is not None


def split_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of a paragraph, in order, without the white space between them."""
    start = 0
    for match in _END_OR_ITEM.finditer(text) if _ITEM_MARK.search(text) else _stops(text):
        if match["stop"] and not _ends(text, start, match):
            continue
        end = _end(match)
        if end > start:
            yield start, end
        start = match.end()
        while start < len(text) and text[start] == " ":
            start += 1
    if start < len(text):
        yield start, len(text)


def _stops(text: str) -> Iterator[re.Match[str]]:
    """The same as ``_END.finditer``, in a third of the time: a search for one of some signs passes over all others at once."""
    at = 0
    while sign := _STOP_SIGN.search(text, at):
        at = sign.end()
        if match := _END.match(text, sign.start()):
            yield match
            at = match.end()


def _end(match: re.Match[str]) -> int:
    """Where a sentence ends, what closes it included."""
    if match["stop"]:
        return match.end("mark") if match["mark"] else match.end("close")
    return match.end("cjk") if match["cjk"] else match.start()


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a mark of the end ends the sentence that begins at ``start``."""
    at = match.start("stop")
    if match["stop"] != ".":
        return True
    if text[at - 1 : at] in _CLOSERS:
        return True  # what was quoted or put in brackets is over, whatever its last word
    last = _LAST_WORD.search(text, max(start, at - 30), at)
    if last is None:
        return text[at - 1 : at].isspace() and not _is_row(text, match)  # a stop behind a raised note mark stands apart
    word = last[0].rstrip("/").rpartition("/")[2]
    if _is_abbreviation(text, word, match) or _is_number(text, word, match):
        return False
    return not _LABEL.fullmatch(text, start, at)


def _is_row(text: str, match: re.Match[str]) -> bool:
    """Whether the stop is the last of spaced dots that stand in a row of signs."""
    at = match.end("stop")
    return bool(_SPACED_DOTS.search(text, max(0, at - 3), at) and _AMID_A_ROW.match(text, match.end()))


def _is_abbreviation(text: str, last: str, match: re.Match[str]) -> bool:
    """Whether the word before a stop is an abbreviation, an initial or a part of either."""
    word, at = last.lower(), match.start("stop")
    if len(word) == 1 and last.isupper():
        return not _BEGINNING.match(text, match.end())
    if word in _ABBREVIATIONS:
        return word != "resp" or not _BEGINNING.match(text, match.end())
    if text[match.end()].isdigit() and _BEFORE_FIGURES.fullmatch(word):
        return True
    is_part = len(word) == 1 and word.isalpha() and _PART.match(text, match.end())
    return bool(is_part or _IN_PARTS.search(text, max(0, at - 5), at))


def _is_number(text: str, last: str, match: re.Match[str]) -> bool:
    """Whether the stop belongs to an ordinal or a date."""
    at = match.start("stop")
    if not last.isdigit():
        return "." in last and _PART_NUMBER.search(text, max(0, at - 24), at) is not None
    if len(last) <= 2 and (_OF_ORDINAL.match(text, match.end()) or _ORDINAL.search(text, max(0, at - 8), at)):
        return True
    return any(found.start() <= at < found.end() for found in _DATE.finditer(text, max(0, at - 6), match.end() + 8))
