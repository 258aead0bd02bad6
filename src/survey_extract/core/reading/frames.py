"""The groups of lines of a document go in; they come out with the authors' own prose in frames as running text.

Authors set findings, theorems and definitions in frames, but also prompts, dialogues and sample outputs. Their own prose
is set like their running text: in its type, in lines that fill the frame, in whole sentences, and the frame fills the
column. That alone proves nothing, since a prompt may be set in the same way. So the words count here, too. The text
names itself ("Finding 2", "Theorem 1"), or its authors speak as authors do ("we find", "[12]", "Table 3"); it addresses
nobody and names no speaker. What fails any of this is set apart, like a sample.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from survey_extract.core.reading.areas import Shape
from survey_extract.core.reading.groups import Group
from survey_extract.core.reading.lines import STOPPED, Line, Measure, PageLines, in_one_row, is_turned, is_wordy

PADDING = 30.0
"""Points between the edge of a column and the lines of a frame that fills it, at most."""
EVEN = 3.0
"""Points by which the beginnings and ends of a frame's lines may differ."""
OWN_TYPE = 0.9
"""Share of a frame's letters that are in the type of the running text; the rest may be marks."""
SHORTEST = 40
"""Characters; what is shorter has no sentence worth quoting."""

_NUMBER = r"\s?#?(?:\d{1,3}(?:\.\d{1,3}){0,3}|[A-Z]\.?\d{0,3}|[IVX]{1,5})"
_ALONE = (
    r"(?:key |main |core |our |major |general )?(?:findings?|take-?aways?|insights?|implications?|contributions?)"
    r"|lessons?(?: learned)?|(?:key|main) (?:results?|observations?|messages?|points?)|recommendations?|theorem|lemma|proposition|corollary|remark"
    r"|satz|korollar|bemerkung|erkenntnis(?:se)?|fazit"
)
_WITH_NUMBER = (
    r"observation|definition|claim|conjecture|assumption|axiom|principle|property|fact|hypothesis|result|conclusion|guideline"
    r"|answer to rq|rq|beobachtung|annahme|folgerung|ergebnis"
)
_NAMED = re.compile(
    rf"^\W{{0,3}}(?:(?:{_ALONE})(?:{_NUMBER})?|(?:{_WITH_NUMBER}){_NUMBER}|definition(?=\s?\())"
    r"(?:\s(?:of|from|for|on|in)\s[^.:]{1,60})?\s?(?:[.:(\[|–—-]|$)",
    re.IGNORECASE,
)
"""How a frame names itself: "Finding 2:", "Theorem 1 (Convergence).". Names that samples have as well need a number."""
_VOICE = re.compile(
    r"\b[Ww]e (?:\w{2,10}ly |also |then |further |first |now |do not |cannot |can |will )?(?:find|found|observe|show|conclude|propose|argue"
    r"|hypothesi[sz]e|conjecture|report|evaluate|demonstrate|introduce|train|fine-?tune|recommend|define|prove|assume|study|present|call|denote)"
    r"|\b(?:our|Our) (?:results|findings|experiments|method|approach|model|models|analysis|work|paper|framework|evaluation)\b"
    r"|\b(?:Section|Sec\.|Table|Figure|Fig\.|Appendix|Theorem|Lemma|Equation)\s?\(?[A-Z]?\d|\[\d{1,3}(?:, ?\d{1,3}){0,9}\]"
    r"|\(\w[^()]{0,60}, (?:19|20)\d\d[a-z]?\)|\bet al\b"
)
"""What authors say of their own work, of their paper and of others' papers."""
_ADDRESSED = re.compile(
    r"\b(?:you|your|yours|yourself|please)\b|[{<\[][a-z_ ]{2,30}[}>\]]|\{[A-Z_]{2,30}\}|<[A-Z_]{2,30}>", re.IGNORECASE
)
"""Somebody is addressed, or there is a placeholder."""
_SPOKEN = re.compile(
    r"\b(?:I'm|I’m|my|me)\b|\bI\b(?! )|\bI (?=[a-z])|[?] ?$|^ ?[\"“‘'`]"
    r"|(?:^|[.!?:]\s)(?:answer|describe|write|give|provide|generate|explain|list|imagine|act|output|return|do not|don['’]t|make sure|ensure"
    r"|remember|analy[sz]e|summari[sz]e|translate|rewrite|identify|classify|respond|reply|read|look|choose|select|rate|tell|think|avoid"
    r"|try|create|compare|evaluate|determine|judge|complete|given the)\b",
    re.MULTILINE,
)
"""What is said in a prompt or a dialogue: a request, a question, a quotation, somebody about himself."""
_SPEAKER = re.compile(r"^\W{0,2}[A-Z][\w.-]{0,20}(?: [\w.-]{1,20}){0,2}\s?:(?:\s|$)")
"""Who speaks, at the beginning of a line: "User:", "GPT-4:"."""


def freed(groups: Sequence[Group], pages: Sequence[PageLines], measure: Measure) -> list[Group]:
    """The groups; those in frames of their authors' prose no longer belong to an area, except for the name before it.

    A frame that interrupts a sentence stays apart, so that no sentence runs on through another's words.
    """
    parts: dict[int, list[Group]] = {}
    before = _before(groups)
    for held in _by_frame(groups).values():
        own = [groups[at] for at in held]
        shapes = pages[own[0].page - 1].shapes
        if _is_over(before[held[0]]) and is_own_prose(own, shapes, measure):
            has_name = own[0].lines[0].run_in or _is_title(own[0].lines[0])
            parts[held[0]] = own[0].parted() if has_name else own[:1]
            for group in (*parts[held[0]][has_name:], *own[1:]):
                group.area = 0
    return [part for at, group in enumerate(groups) for part in parts.get(at, [group])]


def _by_frame(groups: Sequence[Group]) -> dict[tuple[int, int], list[int]]:
    frames: dict[tuple[int, int], list[int]] = defaultdict(list)
    for at, group in enumerate(groups):
        if group.area > 0:
            frames[group.page, group.area].append(at)
    return frames


def _before(groups: Sequence[Group]) -> list[Group | None]:
    """For each group, the last group of the running text before it."""
    found: list[Group | None] = []
    last: Group | None = None
    for group in groups:
        found.append(last)
        last = last if group.area or group.is_caption else group
    return found


def _is_over(before: Group | None) -> bool:
    """Whether the running text before a frame ends with a sentence, or is a heading."""
    return before is None or bool(before.heading or STOPPED.search(before.lines[-1].text))


def is_own_prose(groups: Sequence[Group], shapes: Sequence[Shape], measure: Measure) -> bool:
    """Whether a frame contains its authors' prose and nothing else. ``groups`` are all of its groups, in order."""
    lines = [line for group in groups for line in group.lines]
    body = lines[1:] if _is_title(lines[0]) and not lines[0].run_in else lines
    if sum(len(line.text) for line in body) < SHORTEST or any(group.is_caption or group.heading for group in groups):
        return False
    holding = {shape.kind for shape in shapes if shape.kind != "rule" and all(_holds(shape, line) for line in body)}
    named = bool(_NAMED.match(lines[0].text.strip()))
    may_be = "picture" not in holding and (named or "box" in holding)
    return may_be and _is_set_as_prose(body, measure, named=named) and _is_said_by_authors(body, named=named)


def _is_title(line: Line) -> bool:
    """Whether a frame's first line is only its name."""
    return len(line.text) < 2 * SHORTEST and not STOPPED.search(line.text) and bool(_NAMED.match(line.text.strip()))


def _holds(shape: Shape, line: Line) -> bool:
    return shape.holds((line.left + line.right) / 2, line.top + line.size / 3)


# --- how it is set --------------------------------------------------------------------------------


def _is_set_as_prose(lines: Sequence[Line], measure: Measure, *, named: bool) -> bool:
    """Whether lines are in the type of the running text, fill a frame as wide as a column, and end with a sentence.

    A single line fills nothing; it must name itself.
    """
    own = sum(len(line.text) for line in lines if _is_own_type(line, measure))
    if own < OWN_TYPE * sum(len(line.text) for line in lines) or any(map(is_turned, lines)):
        return False
    every = list(_rows(lines))
    rows = [row for row in every if _is_wordy_row(row)]
    if len(rows) < (1 if named else 2) or not STOPPED.search(lines[-1].text):
        return False
    left, right = min(row[0].left for row in rows), max(row[-1].right for row in rows)
    room = PADDING if len(rows) > 1 else math.inf
    wide = any(-EVEN <= left - one <= PADDING and -EVEN <= other - right <= room for one, other in measure.columns)
    least = right - max(EVEN, measure.ragged * (right - left))
    open_rows = [row for row, below in pairwise(every) if _is_wordy_row(row) and _is_wordy_row(below)]
    return wide and all(row[-1].right >= least or STOPPED.search(row[-1].text) for row in open_rows)


def _is_wordy_row(row: Sequence[Line]) -> bool:
    """Whether a printed line is one of a sentence; the one before a formula need not be full."""
    return is_wordy(" ".join(line.text for line in row))


def _is_own_type(line: Line, measure: Measure) -> bool:
    alike = abs(line.size - measure.size) < 0.6 and line.face in ("", measure.face)
    return alike and not measure.is_drawn(line)


def _rows(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The pieces of each printed line."""
    row: list[Line] = []
    for line in lines:
        if row and not in_one_row(row[-1], line):
            yield row
            row = []
        row.append(line)
    yield row


# --- who says it ----------------------------------------------------------------------------------


def _is_said_by_authors(lines: Sequence[Line], *, named: bool) -> bool:
    """Whether nobody is addressed or speaks by name, and the text names itself or its authors speak."""
    text = "\n".join(line.text for line in lines)
    spoken = any(_SPEAKER.match(line.text) and not _NAMED.match(line.text.strip()) for line in lines)
    if spoken or _ADDRESSED.search(text):
        return False
    return named or bool(_VOICE.search(text) and not _SPOKEN.search(text))
