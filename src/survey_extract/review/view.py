"""What the archive has about a cell goes in, all that a reviewer sees of it comes out: both values, evidence, history."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from survey_extract.core.cells import answer_value, cell, decided_value, quotes_of, shown
from survey_extract.core.decisions import LIST, WAITING, latest_answer, overrulings, stands, stands_sha256
from survey_extract.core.due.carry_over import Passage
from survey_extract.core.evaluation.track_record import TrackRecord
from survey_extract.core.evidence import Quote, Quoter
from survey_extract.core.fields import FieldSpec
from survey_extract.core.named import named
from survey_extract.core.paper_text import PaperText
from survey_extract.core.plural import count_of
from survey_extract.core.records import (
    NOT_REPORTED,
    Answer,
    Audit,
    Cell,
    Check,
    Decision,
    Document,
    Evidence,
    Opinion,
    Place,
    Value,
    empty_words,
)
from survey_extract.review.queue import Item

NOT_HERE = "[not in the cache]"

PassagesOf = Callable[[PaperText, Sequence[Evidence], str], tuple[Passage, ...]]
"""What became in a text of sentences that stood in an older document, given by its hash."""


UNPLACED = (
    "Its sentence is read otherwise today, so that its place is not known; the value stands as it was decided. Below are the "
    "sentences that come nearest: say which one it is, and only the place is written anew."
)
OTHERWISE = "denied, the other way, in another measure, or of something else"
"""The ways in which evidence says otherwise what a value says."""
APART: dict[Place, str] = {
    "nowhere": "nowhere in the source",
    "said otherwise": f"the evidence says this otherwise: {OTHERWISE}",
    "elsewhere": "in the source, but not in the evidence",
    "not compared": "could not be compared with the evidence: its unit there, or the name, is in other words or can be read in two ways",
    "under another header": "in a row that is evidence, but under a header other than those that the value names",
}
"""What is said of a figure or name by its place, where that is not the evidence."""


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a cell's history: who or what gave which value, when; ``overrules`` is whose decision that was against."""

    at: str
    by: str
    what: str
    value: str | None
    reason: str | None = None
    overrules: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What the archive holds of one cell, and the source it belongs to."""

    item: Item
    spec: FieldSpec
    answers: Sequence[Answer]
    decisions: Sequence[Decision]
    audits: Sequence[Audit]
    documents: Sequence[Document]
    opinions: Sequence[Opinion] = ()
    record: TrackRecord | None = None
    """How often the field was right."""

    @property
    def masked(self) -> Kept:
        """What a person may see of the cell who is to decide blind: the source and the field."""
        item = Item(self.item.key, self.item.name, self.item.field, None, None, 0, "", True, 0, None)
        return Kept(item, self.spec, (), (), (), self.documents)


@dataclass(frozen=True, slots=True)
class CellView:
    """All that a reviewer sees of a cell."""

    item: Item
    spec: FieldSpec
    cell: Cell
    document: Document | None
    text: PaperText | None
    standing: Value
    """What stands; None when nothing does, or by decision the source does not report it."""
    check: Check
    """Of the proposal."""
    standing_check: Check | None
    quotes: tuple[Quote, ...]
    """Sentences of the proposal; of an imported text beside which nothing waits, those that it points at."""
    support: tuple[Quote, ...]
    """Sentences that come nearest to what stands, where that points at none."""
    carrying: tuple[Quote, ...]
    """Sentences behind what stands in the text it is judged in: those that it points at, else those nearest to it."""
    passages: tuple[Passage, ...]
    """The sentences of the version before, and where they stand in this one; empty while there is but one version."""
    history: tuple[Event, ...]
    leaves: str | None
    """What taking back what stands would do to the row, in words; None when it would do nothing."""
    trouble: str | None = None
    record: TrackRecord | None = None
    blind: bool = False
    """Whether it is to be decided blind: then nothing is here of what was answered or decided."""
    decided_blind: Decision | None = None
    """What the reviewer decided without having seen anything of all this."""

    @property
    def opinions(self) -> tuple[str, ...]:
        """What others than the one that answered say of the proposal, each in a sentence."""
        second, judged, said = self.cell.second, self.cell.entailed, list[str]()
        if second is not None and second.finding == "agrees":
            said.append(f"A second opinion ({second.by}) agrees.")
        elif second is not None:
            said.append(f"A second opinion ({second.by}) differs: {_words_of(second, self.cell.second_value)}")
        if judged is not None:
            lacks = f"; not supported: {judged.not_carried}" if judged.not_carried else ""
            why = f" ({judged.note})" if judged.note else ""
            said.append(f"A second reader ({judged.by}) says: {judged.finding}{why}{lacks}")
        return tuple(said)

    @property
    def told_record(self) -> str | None:
        """How often the field was right, in a sentence; None while nobody has judged an answer of it."""
        record = self.record
        return f"This field was right in {record} decided cell{'' if record.of == 1 else 's'}." if record else None

    @property
    def answer(self) -> Answer | None:
        return self.cell.answer

    @property
    def decision(self) -> Decision | None:
        return self.cell.decision

    @property
    def proposed(self) -> Value:
        return self.cell.proposed

    @property
    def is_proposed(self) -> bool:
        """Whether anything is proposed, be it "not reported"; nothing is of a source that was never read, or without an answer."""
        return self.cell.proposal is not None and not self.cell.proposal.abstains

    @property
    def state_told(self) -> str:
        """The state in words: nothing is proposed where there is no answer."""
        if self.cell.state == "proposed" and not self.is_proposed:
            return "no answer"
        return (self.cell.state or "unanswered").replace("_", " ")

    @property
    def proposed_by(self) -> str:
        """Who proposes: a list, a model by its name, or an engine without one."""
        proposal = self.cell.proposal
        if proposal is None:
            return ""
        if proposal.engine == "list":
            return "by a newer list"
        return f"by {proposal.model}" if proposal.model else "without a model"

    @property
    def proposes_no(self) -> str:
        """Why nothing is proposed, in words."""
        if self.cell.proposal is not None:
            return "No answer: nothing was read from a sentence without a model"
        none_yet = "no engine has answered for this field yet" if self.document else "the source has not been read yet"
        missing = (self.cell.state is None and self.item.risk) or none_yet
        return f"nothing is proposed: {missing}"

    @property
    def judged(self) -> str | None:
        """Hash of the proposal that a verdict judges."""
        return self.cell.proposal.value_sha256 if self.cell.proposal else None

    @property
    def proposes_nothing(self) -> bool:
        """Whether the proposal is "not reported", rather than words that are not in the cache."""
        proposal = self.cell.proposal
        return proposal is not None and proposal.value is None and not proposal.quoted

    @property
    def something_stands(self) -> bool:
        return stands(self.decision)

    @property
    def has_lapsed(self) -> bool:
        """Whether what stands was decided on sentences that the newest version no longer has as they were."""
        return self.cell.has_lapsed

    @property
    def told_lapse(self) -> str | None:
        """What became of the sentences of the standing value, and what a reviewer can do about it, in words."""
        if not self.has_lapsed:
            return None
        if self.cell.is_unplaced:
            return UNPLACED
        became = "its sentences were reworded"
        if self.cell.in_newest == "gone":
            of, gone = len(self.cell.evidence), self.cell.sentences_gone
            which = "its sentences" if gone >= of else f"{gone} of its {count_of(of, 'sentence')}"
            became = f"{which} {'is' if gone == 1 < of else 'are'} no longer in the source"
            became = became if gone else "its figures and names are no longer in the source, or not where they were"
        ways = "keep it, on sentences of this version or for a reason, edit it, or accept what is proposed"
        return f"Decided in an older version; in this one {became}: {ways}."

    @property
    def told_owed(self) -> str | None:
        """What the person who vouched for the standing value was not asked about, in words."""
        owed, decision = self.cell.owed_again, self.decision
        if not owed or decision is None:
            return None
        vouched = named((*decision.unfound, *decision.otherwise))
        return f"{decision.by} vouched for {vouched}, and was not asked about {named(owed)}: say why it stands all the same, or edit it."

    @property
    def stood(self) -> str | None:
        """Hash of what stands, which a verdict on that is bound to."""
        return stands_sha256(self.decision) if self.decision else None

    @property
    def proposes_what_stands(self) -> bool:
        return self.something_stands and self.judged == self.stood

    @property
    def is_own(self) -> bool:
        """Whether the standing value is a text of a person or a list, or one accepted from a model, so that sentences can support it.

        So is one that is its own evidence, where that has to be pointed at anew.
        """
        if self.decision is None or not self.something_stands:
            return False
        return self.cell.is_unplaced or (not self.decision.quoted and self.standing is not None)

    @property
    def is_unchecked(self) -> bool:
        """Whether what stands is a list's text on which nobody decided: rejecting a proposal says nothing of it."""
        return self.decision is not None and self.decision.verdict == "imported"

    @property
    def waits(self) -> bool:
        """Whether the proposal needs a verdict."""
        return self.cell.state in WAITING


def view_of(
    kept: Kept,
    quoter_of: Callable[[str], Quoter | None],
    passages_of: PassagesOf,
    text: PaperText | None,
    leaves: str | None,
    trouble: str | None,
) -> CellView:
    """Bring together what is seen of a cell; ``text`` is that of the document it is judged in, None when it cannot be had."""
    item = kept.item
    made = cell(
        item.key,
        kept.spec,
        kept.answers,
        kept.decisions,
        kept.audits,
        quoter_of,
        kept.opinions,
        latest_of(kept.documents),
    )
    document = document_of(made, kept.documents)
    proposal = made.proposal
    pointed = (proposal.document, proposal.evidence) if proposal and proposal.engine != LIST else (made.document, made.evidence)  # fmt: skip
    either = (made.support, made.evidence) if made.has_lapsed else (made.evidence, made.support)
    behind = (either[0] or either[1]) if stands(made.decision) else ()
    return CellView(
        item=item,
        spec=kept.spec,
        cell=made,
        document=document,
        text=text,
        standing=_standing(made),
        check=made.proposed_check or Check(),
        standing_check=made.check if stands(made.decision) else None,
        quotes=quotes_of(pointed[0], pointed[1], quoter_of) if pointed[0] else (),
        support=quotes_of(document.sha256, made.support, quoter_of) if document and made.support else (),
        carrying=quotes_of(document.sha256, behind, quoter_of) if document and behind else (),
        passages=_passages(kept, made, text, passages_of),
        history=tuple(_history(kept, quoter_of)),
        leaves=leaves,
        trouble=trouble,
        record=kept.record,
    )


def document_of(made: Cell, documents: Sequence[Document]) -> Document | None:
    """The document that a cell is judged in: that of the latest answer, else of the decision, else the latest one.

    What stands on sentences that the newest no longer has is judged in that.
    """
    wanted = (
        made.newest
        if made.has_lapsed
        else made.answer.document
        if made.answer
        else made.decision.document
        if made.decision
        else None
    )
    return next((d for d in reversed(documents) if d.sha256 == wanted), documents[-1] if documents else None)


def latest_of(documents: Sequence[Document]) -> str | None:
    """The hash of the newest document of a source."""
    return documents[-1].sha256 if documents else None


def _words_of(second: Opinion, value: Value) -> str:
    if second.quoted and value is None:
        return NOT_HERE
    return shown(value) or NOT_REPORTED


def _standing(made: Cell) -> Value:
    if made.decision is None or not stands(made.decision):
        return None
    return NOT_HERE if made.value is None and made.decision.quoted else made.value


def _passages(kept: Kept, made: Cell, text: PaperText | None, passages_of: PassagesOf) -> tuple[Passage, ...]:
    """The sentences that the cell rested on before its latest answer, looked up in today's text: both versions side by side."""
    latest, decision = made.answer, made.decision
    if decision is not None and text is not None and made.has_lapsed:
        return passages_of(text, decision.evidence, decision.document or "")
    if latest is None or text is None:
        return ()
    earlier = [a for a in kept.answers if a.document != latest.document]
    if decision is not None and decision.document not in (None, latest.document) and decision.evidence:
        document, evidence = decision.document or "", decision.evidence
    elif earlier:
        document, evidence = earlier[-1].document, earlier[-1].evidence
    else:
        return ()
    return passages_of(text, evidence, document)


def _history(kept: Kept, quoter_of: Callable[[str], Quoter | None]) -> Iterator[Event]:
    latest = latest_answer(kept.answers)
    events = [
        Event(
            a.at,
            a.engine + (f" {a.model}" if a.model else ""),
            empty_words(a.engine) if a.abstains else "answered",
            shown(answer_value(a, quoter_of)),
        )
        for a in kept.answers
    ]
    overruled = {id(decision): other.by for decision, other in overrulings(kept.decisions)}
    for d in kept.decisions:
        value = decided_value(d, latest, quoter_of)
        words = NOT_HERE if value is None and d.quoted else shown(value)
        events.append(
            Event(d.at, d.by, d.verdict + (" blind" if d.blind else ""), words, d.reason, overruled.get(id(d)))
        )
    yield from sorted(events, key=lambda event: event.at)
