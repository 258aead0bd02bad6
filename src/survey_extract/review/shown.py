"""A cell as the desk sees it goes in, what its page shows comes out: values side by side, sentences, and the verdicts that fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from urllib.parse import quote

from survey_extract.core.check.terms import places
from survey_extract.core.diff import Span, changes
from survey_extract.core.evidence import Quote, as_text
from survey_extract.core.paper_text import CITABLE, PaperText, Sentence
from survey_extract.core.records import Check, Place
from survey_extract.core.tables.table import Row
from survey_extract.review import APART, CellView

LONG = 900
"""Characters from which a value scrolls in itself, so that its evidence stays in sight."""


def cell_address(key: str, field: str, query: str) -> str:
    """The address of a cell within the page, with the filters kept."""
    return f"/cell/{quote(key)}/{quote(field)}{question(query)}"


def question(query: str) -> str:
    return f"?{query}" if query else ""


# --- values ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ValuePiece:
    """A run of a value's characters: where it stands in the source when that is not the evidence, and whether it differs."""

    text: str
    place: Place | None = None
    differs: bool = False

    @property
    def apart(self) -> str:
        """What is said about its place."""
        return APART.get(self.place or "in evidence", "")


@dataclass(frozen=True, slots=True)
class Panel:
    """A value as it is shown. ``name`` is ``standing`` or ``proposed``."""

    name: str
    heading: str
    text: str
    pieces: Sequence[ValuePiece]
    otherwise: str
    """What is said where there is no text."""
    check: Check

    @property
    def is_long(self) -> bool:
        return len(self.text) > LONG


def panels(view: CellView) -> list[Panel]:
    """The standing value and, beside it, the proposed one; differing words are marked if most agree. None for a cell to be decided blind."""
    if view.blind:
        return []
    standing, proposed = as_text(view.standing), as_text(view.proposed)
    beside = view.something_stands and view.judged is not None and not view.proposes_what_stands
    out, put_in = changes(standing, proposed) if beside and view.is_proposed else ([], [])
    found: list[Panel] = []
    if view.something_stands:
        check = view.standing_check or (view.check if view.proposes_what_stands else Check())
        pieces = list(marked(standing, check, out))
        found.append(Panel("standing", _stands_by(view), standing, pieces, "not reported", check))
    if beside or not view.something_stands:
        pieces = list(marked(proposed, view.check, put_in))
        found.append(Panel("proposed", _proposed_by(view), proposed, pieces, _nothing_proposed(view), view.check))
    return found


def _stands_by(view: CellView) -> str:
    decision = view.decision
    if decision is None:
        return "Current value"
    how = {"accepted": "accepted", "edited": "written", "imported": "imported", "not_reported": "decided"}[
        decision.verdict
    ]
    return f"Current value, {how} by {decision.by} on {decision.at[:10]}"


def _proposed_by(view: CellView) -> str:
    proposal = view.cell.proposal
    if proposal is None or proposal.abstains:
        return "Proposed"
    return f"Proposed {view.proposed_by}{', word for word' if proposal.quoted else ''}"


def _nothing_proposed(view: CellView) -> str:
    if view.is_proposed and view.proposes_nothing:
        return "not reported"
    return "its words are not in the cache" if view.is_proposed else view.proposes_no


def marked(text: str, check: Check, differing: Sequence[Span] = ()) -> Iterator[ValuePiece]:
    """A value in pieces: the figures and names that its evidence does not carry, and the words that differ."""
    doubted = [
        (start, end, term.place)
        for term in check.terms
        if term.place != "in evidence"
        for start, end in places(term.text, text)
    ]
    cuts = sorted(
        {
            0,
            len(text),
            *(at for start, end, _ in doubted for at in (start, end)),
            *(at for span in differing for at in span),
        }
    )
    for start, end in pairwise(cuts):
        place = next((place for left, right, place in doubted if left <= start and end <= right), None)
        differs = any(left <= start and end <= right for left, right in differing)
        yield ValuePiece(text[start:end], place, differs)


# --- sentences ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChosenSentence:
    """A sentence in a list: ``number`` None where it is not in the text of today; its words are those of the version before, if they are here."""

    number: int | None
    page: int
    words: str | None


def chosen(quotes: Sequence[Quote], before: Mapping[str, str | None]) -> list[ChosenSentence]:
    """The sentences that are shown for a value, as they were pointed at; ``before`` are words of the version before, by their hash."""
    return [
        ChosenSentence(quote.sentence.number, quote.sentence.page, quote.words)
        if quote.sentence
        else ChosenSentence(None, quote.evidence.page, before.get(quote.evidence.sha256))
        for quote in quotes
    ]


def chosen_again(text: PaperText | None, numbers: Sequence[int]) -> list[ChosenSentence]:
    """The sentences that a reviewer had chosen, by their numbers."""
    known = [text.sentences[n - 1] for n in numbers if text and 1 <= n <= len(text.sentences)]
    return [ChosenSentence(s.number, s.page, text.quote(s)) for s in known if text]


@dataclass(frozen=True, slots=True)
class SentenceList:
    """The sentences for one of the two values. ``name`` is ``evidence`` (of the proposal, or of an edit) or ``mine`` (of what stands)."""

    name: str
    heading: str
    chosen: Sequence[ChosenSentence]
    otherwise: str

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(item.number for item in self.chosen if item.number)


def sentence_lists(
    view: CellView, evidence: Sequence[int] | None = None, mine: Sequence[int] | None = None
) -> list[SentenceList]:
    """One list, or two where what stands and what is proposed each have sentences of their own.

    ``evidence`` and ``mine`` are the numbers that a reviewer had left in them.
    """
    again = chosen_again(view.text, evidence) if evidence is not None else None
    before = {passage.evidence.sha256: passage.words for passage in view.passages}
    if view.proposes_what_stands and not (view.has_lapsed and view.is_own):
        return [SentenceList("evidence", "Evidence", again or chosen(view.carrying or view.quotes, before), NONE_NAMED)]
    found: list[SentenceList] = []
    if view.judged is not None or not view.is_own:
        heading = "Evidence for the proposal" if view.is_own else "Evidence"
        proposed = again if again is not None else chosen(view.quotes, before)
        found.append(SentenceList("evidence", heading, proposed, NONE_NAMED))
    if view.is_own:
        heading = "Sentences nearest to the current value" if view.support else "Evidence for the current value"
        carrying = chosen_again(view.text, mine) if mine is not None else chosen(view.carrying, before)
        found.append(SentenceList("mine", heading, carrying, "None was found: click those that support it."))
    return found


def taking_clicks(view: CellView, lists: Sequence[SentenceList], wanted: str) -> str:
    """The list that clicks on sentences go to: the wanted one, else that of the value to be decided."""
    names = [held.name for held in lists]
    if wanted in names:
        return wanted
    return "mine" if "mine" in names and (view.has_lapsed or not view.waits) else names[0]


NEAR = 5
"""Sentences on offer that have a key."""
NONE_NAMED = "No sentence was named."


# --- the text of a page ---------------------------------------------------------------------------


@dataclass(slots=True)
class TextBlock:
    """A heading, a paragraph, an item or a remainder of a page. ``depth`` is a heading's, 3 to 6."""

    tag: str
    sentences: list[Sentence] = field(default_factory=list)
    depth: int = 0


def passages(text: PaperText, page: int) -> list[TextBlock]:
    """The text of a page in its headings, paragraphs and lists, as far as its reader kept them; a table once."""
    found: list[TextBlock] = []
    depth, begins, items = 2, frozenset(text.paragraphs), frozenset(text.items)
    here = [s for s in text.sentences if s.page == page]
    twice = said_by_rows(text, here)
    for sentence in (s for s in here if s.number not in twice):
        if sentence.kind == "heading":
            depth = min(2 + text.sections[sentence.section].level, depth + 1, 6)
            found.append(TextBlock("heading", [sentence], depth))
            continue
        tag = "item" if sentence.number in items else "paragraph" if sentence.kind in CITABLE else "debris"
        goes_on = found and found[-1].tag in ("item", "paragraph") and sentence.number not in begins | items
        if goes_on and sentence.kind in CITABLE and found[-1].sentences[-1].kind != "row":
            found[-1].sentences.append(sentence)
        else:
            found.append(TextBlock(tag, [sentence]))
    return found


def said_by_rows(text: PaperText, sentences: Sequence[Sentence]) -> frozenset[int]:
    """Remainders of a table whose cells all stand in the rows of it that follow: those say the same, each value under its header."""
    twice: set[int] = set()
    runs = [(kind, list(run)) for kind, run in groupby(sentences, key=lambda sentence: sentence.kind)]
    for (kind, remains), (next_kind, rows) in pairwise(runs):
        if (kind, next_kind) == ("debris", "row"):
            words = " ".join(map(text.quote, rows))
            twice |= {s.number for s in remains if all(cell.strip() in words for cell in text.quote(s).split("|"))}
    return frozenset(twice)


def quoted(text: PaperText, sentence: Sentence) -> str | Row:
    """What a sentence is searched for by on its page: its words, or the cells of its row."""
    found = text.row(sentence)
    return found[1] if found else text.quote(sentence)


# --- verdicts -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Button:
    """A verdict in the bar: its key is the letter that is posted."""

    key: str
    label: str
    tells: str = ""
    short: str = ""
    """What it says on a narrow screen, where that is not the label."""


KEEP = Button("r", "Keep mine", "The current value stays; this proposal does not come back")
REJECT = Button("r", "Reject", "The cell stays empty; this proposal does not come back")
KEEP_LISTED = Button(
    "r", "Reject it", "The list's text stays as it was, not checked; this proposal does not come back", "Reject"
)
KEEP_OLDER = Button(
    "m", "Keep mine", "The current value stays, on the sentences marked for it in this version, or for the reason given"
)
POINT = Button(
    "m",
    "It is this one",
    "The value stays as it was decided, and by whom; the sentences marked for it are its evidence",
)
ACCEPT = Button("a", "Accept", "The proposal becomes the value")
ACCEPT_NOTHING = Button("a", "Accept: not reported", "“Not reported” becomes the value: the source does not say it")
ACCEPT_AGAIN = Button("a", "Accept again", "It stays, as its engine's answer, on the sentences that are left")
EDIT = Button("e", "Edit", "Write the value yourself")
NOT_REPORTED = Button("n", "Not reported", "The source does not say it")
CARRIED = Button(
    "m",
    "Mine is supported by these",
    "The current value is supported by the sentences marked for it",
    "These support mine",
)


def buttons(view: CellView) -> list[Button]:
    """The verdicts that fit a cell; the first is the one that is meant by doing nothing else."""
    accept = [_accept(view)] if view.is_proposed else []
    if not view.something_stands:
        return [*accept, EDIT, *([REJECT] if view.is_proposed and view.waits else []), NOT_REPORTED]
    carried = [CARRIED] if view.is_own and not view.proposes_what_stands and view.text else []
    nothing = [NOT_REPORTED] if view.standing is not None else []
    then = view.leaves or "the row stays as it is in the table"
    back = Button("x", "Take back", f"Take back the current value: {then}; you are asked first")
    if view.has_lapsed:
        return [POINT if view.cell.is_unplaced else KEEP_OLDER, *accept, EDIT, *nothing, back]
    if view.waits:
        return [KEEP_LISTED if view.is_unchecked else KEEP, *accept, EDIT, *carried, *nothing, back]
    return [EDIT, *carried, *accept, back, *nothing]


def _accept(view: CellView) -> Button:
    if view.proposes_what_stands:
        return ACCEPT_AGAIN
    return ACCEPT_NOTHING if view.proposes_nothing else ACCEPT
