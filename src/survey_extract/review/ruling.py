"""A reviewer's ruling and the cell that it is about go in, the decision to be recorded comes out, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from survey_extract.core.decisions import (
    WAITING,
    cell_state,
    confirm,
    decide,
    point_anew,
    remove,
    standing_decision,
    stands,
    stands_sha256,
    uphold,
)
from survey_extract.core.evidence import Quote, Quoter, point, quoted_value
from survey_extract.core.fields import FieldSpec
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.named import named
from survey_extract.core.plural import count_of
from survey_extract.core.reading.plain_text import clean
from survey_extract.core.records import Answer, Check, Decision, Evidence, Value
from survey_extract.errors import InputError
from survey_extract.review.checks import Checks
from survey_extract.review.view import OTHERWISE, CellView

Judgement = Literal["accepted", "edited", "rejected", "not_reported", "removed", "confirmed"]
"""What a reviewer says. ``confirmed``: what stands is carried by these sentences; it is recorded as accepted."""


OLDER = "no sentence of this version is marked for it"
"""Why a reason is wanted where no figure or name is missing."""


class NeedsReason(InputError):
    """The check finds nowhere in the source what is to be published, or its sentences say otherwise: say why it stands all the same.

    ``terms`` names all of that, ``lacks`` says it; ``hints`` tell what is in the source in place of what is not there.
    """

    def __init__(self, unfound: tuple[str, ...], hints: tuple[str, ...] = (), otherwise: tuple[str, ...] = ()) -> None:
        self.lacks = "; ".join(_lacking(unfound, hints, otherwise)) or OLDER
        super().__init__(f"{self.lacks}: give a reason and decide again, or edit the text")
        self.terms, self.hints = (*unfound, *otherwise), hints


def _lacking(unfound: Sequence[str], hints: Sequence[str], otherwise: Sequence[str]) -> Iterator[str]:
    if unfound:
        yield f"the source does not contain {named(unfound, hints)}"
    if otherwise:
        yield f"the sentences given for it say {named(otherwise)} otherwise: {OTHERWISE}"


NOTHING_MARKED = "no sentence"
"""Stands among the terms of which a reviewer is told when no sentence is marked for a text of their own."""


OTHER_SENTENCES = "other sentences"
"""Stands among the terms where the sentences that a value was decided on are not in the version that is judged."""


class NotInEvidence(InputError):
    """The sentences marked for a text do not say all of it, and the reviewer has not been told so yet.

    ``terms`` are the words of the text that they do not say, with ``NOTHING_MARKED`` where none is marked;
    ``otherwise`` are those that they contradict. ``quotes`` are other sentences of the source that say more of the text,
    or, where no word is missing (``apart``), come nearest to it. ``lost`` says of which sentences a value was decided on
    that are not there, in words; None where that is not what is asked.
    """

    def __init__(
        self, apart: tuple[str, ...], quotes: tuple[Quote, ...], *, marked: bool, otherwise: tuple[str, ...] = (), lost: str | None = None
    ) -> None:  # fmt: skip
        super().__init__(lost or "; ".join(_told(apart, otherwise, marked=marked)))
        self.terms = (OTHER_SENTENCES,) if lost else apart if marked else (*apart, NOTHING_MARKED)
        self.lost = lost
        self.apart, self.otherwise, self.quotes = apart, otherwise, quotes

    @property
    def nearest(self) -> tuple[int, ...]:
        """The numbers of those sentences."""
        return tuple(quote.sentence.number for quote in self.quotes if quote.sentence)


def _told(apart: Sequence[str], otherwise: Sequence[str], *, marked: bool) -> Iterator[str]:
    """What is wrong with the sentences marked for a text, in words."""
    missing = [term for term in apart if term not in otherwise]
    if not marked:
        yield f"no sentence is marked for it that says {named(missing)}" if missing else "no sentence is marked for it"
    elif missing:
        yield f"the sentences marked for it do not say {named(missing)}"
    if otherwise:
        yield f"the sentences marked for it say {named(otherwise)} otherwise: {OTHERWISE}"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a reviewer gave.

    ``numbers`` are the sentences that were left as evidence, None for all that
    were named. ``stood_for`` are the figures and names of which the person was
    told that the source, or the sentences marked, do not contain them.
    """

    verdict: Judgement
    value: str | None = None
    numbers: Sequence[int] | None = None
    reason: str | None = None
    stood_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bench:
    """The cell that is ruled on: what is proposed for it, and the decisions on it."""

    spec: FieldSpec
    proposed: Answer | None
    decisions: Sequence[Decision]
    own: tuple[str, ...]
    """The source's own names, which any value may use."""
    view: Callable[[], CellView]
    """All that the reviewer sees of the cell."""
    checks: Checks
    by: str
    at: str

    def decision(self, ruling: Ruling) -> Decision:
        """The decision that a ruling comes to.

        Raises:
            NeedsReason: the check finds nowhere what would be published, or its sentences say otherwise.
            NotInEvidence: the sentences marked for a person's own text do not say all of it, or those of a value that is
                accepted do not, and the person was not shown so.
            InputError: an edit without a text, or nothing there to decide on.
        """
        reason = clean(ruling.reason or "") or None
        if ruling.verdict == "removed" or (ruling.verdict == "rejected" and self._proposes_what_stands()):
            return remove(self._standing("this cell has no value that could be taken back"), by=self.by, at=self.at, reason=reason)  # fmt: skip
        if ruling.verdict == "confirmed":
            return self._confirmed(ruling, reason)
        if ruling.verdict in ("rejected", "accepted") and not self._can_be(ruling.verdict):
            raise InputError("nothing is proposed for this cell: edit it, or say that the source does not report it")
        edited = self._edited(ruling.value) if ruling.verdict == "edited" else None
        evidence = self._pointers(ruling.numbers)
        found = self._checked(ruling, edited, evidence) if ruling.verdict in ("accepted", "edited") else Check()
        if edited is None or found.unfound:
            _want_reason(found, reason, ruling.stood_for)
        if edited is not None:
            self._want_evidence(edited, self._pointed(evidence), ruling.stood_for)
            _want_reason(found, reason, ruling.stood_for)
        elif self.proposed is not None:
            self._want_seen(found, self.view().check, self.proposed.value, self._pointed(evidence), ruling.stood_for)
            if ruling.verdict == "accepted" and self._proposes_what_stands():
                _want_same_words(self.view(), reason, ruling.stood_for)
        made = decide(
            ruling.verdict, self.spec.name, self.proposed, by=self.by, at=self.at, value=edited, evidence=evidence,
            reason=reason, unfound=found.unfound, otherwise=found.otherwise,
        )  # fmt: skip
        return self._in_sight(made, chosen=evidence is not None) if ruling.verdict in ("accepted", "edited") else made

    def _in_sight(self, made: Decision, *, chosen: bool) -> Decision:
        """A decision on the version that was shown, where the proposal is of an older one: so are the sentences that were chosen."""
        view = self.view()
        if not view.has_lapsed or view.document is None or view.document.sha256 == made.document:
            return made
        if chosen:
            return replace(made, document=view.document.sha256)
        return replace(made, document=view.document.sha256, evidence=()) if made.verdict == "edited" else made

    def _edited(self, text: str | None) -> Value:
        """The value that a person wrote."""
        value = self.spec.value_of(clean(text or ""))
        if value is None:
            raise InputError("an edit needs a text; for an empty cell say “not reported”")
        if why := self.spec.misfit(value):
            raise InputError(f"{self.spec.heading}: {why}")
        return value

    def _standing(self, otherwise: str) -> Decision:
        standing = standing_decision(self.decisions)
        if standing is None or not stands(standing):
            raise InputError(otherwise)
        return standing

    def _can_be(self, verdict: Judgement) -> bool:
        """Whether there is something to accept or to reject; where an engine gave no answer, only next to a standing value."""
        if self.proposed is None or not self.proposed.abstains:
            return self.proposed is not None
        return verdict == "rejected" and stands(standing_decision(self.decisions))

    def _proposes_what_stands(self) -> bool:
        standing = standing_decision(self.decisions)
        return (
            standing is not None and self.proposed is not None and stands_sha256(standing) == self.proposed.value_sha256
        )

    def _confirmed(self, ruling: Ruling, reason: str | None) -> Decision:
        """The standing value, confirmed on the sentences that were chosen for it, or else on those that come nearest to it."""
        standing, view = self._standing("this cell has no value that could be confirmed"), self.view()
        if view.cell.is_unplaced:
            return self._pointed_anew(standing, view, ruling, reason)
        if view.has_lapsed and view.document is not None and (standing.quoted or not self._marked(ruling, view)):
            return self._upheld(standing, view, view.document.sha256, ruling, reason)
        if standing.quoted or standing.value is None:
            raise InputError("this cell has no text from a person or a list")
        evidence = self._marked(ruling, view)
        if not evidence or view.document is None or view.text is None:
            raise InputError("choose the sentences that support it: click them on the page of the source")
        found = self.checks.check(self.spec, standing.value, evidence, view.text, self.own)
        _want_reason(found, reason, ruling.stood_for)
        self._want_seen(found, view.standing_check, standing.value, evidence, ruling.stood_for)
        _want_same_words(view, reason, ruling.stood_for)
        return confirm(
            standing, self.proposed, by=self.by, at=self.at, evidence=evidence, document=view.document.sha256,
            reason=reason, unfound=found.unfound, otherwise=found.otherwise,
        )  # fmt: skip

    def _pointed_anew(self, standing: Decision, view: CellView, ruling: Ruling, reason: str | None) -> Decision:
        """The sentences on which what stands was decided, where they stand today; nothing else of the decision changes.

        What it says and they do not is asked about, unless the person who decided had vouched for it.
        """
        evidence = self._marked(ruling, view)
        if not evidence or view.document is None or view.text is None:
            raise InputError(
                "choose the sentence that it is now: click it on the page of the source; or edit the value"
            )
        words, found = quoted_value(map(Quoter(view.text).quote, evidence)), Check()
        if not standing.quoted and standing.value is not None:
            found = self.checks.check(self.spec, standing.value, evidence, view.text, self.own)
            self._want_seen(found, view.standing_check, standing.value, evidence, ruling.stood_for)
        unfound = tuple(term for term in found.unfound if not standing.vouches_for(term))
        otherwise = tuple(term for term in found.otherwise if term not in standing.otherwise)
        _want_reason(found.of(*unfound, *otherwise), reason, ruling.stood_for)
        return point_anew(
            standing, by=self.by, at=self.at, evidence=evidence, document=view.document.sha256,
            said_sha256=value_sha256(words), reason=reason, unfound=unfound, otherwise=otherwise,
        )  # fmt: skip

    def _marked(self, ruling: Ruling, view: CellView) -> tuple[Evidence, ...] | None:
        """The sentences that were chosen for the standing value, or else those that come nearest to it."""
        if ruling.numbers is not None:
            return self._pointers(ruling.numbers)
        return view.cell.support or (() if view.has_lapsed else view.cell.evidence)

    def _upheld(self, standing: Decision, view: CellView, newest: str, ruling: Ruling, reason: str | None) -> Decision:
        """The standing value, kept on its sentences of an older version, for a reason that is given in sight of the newest."""
        said = view.standing if standing.quoted else standing.value
        found = Check()
        if view.text is not None and said is not None:
            found = self.checks.check(self.spec, said, (), view.text, self.own)
        _want_reason(found, reason, ruling.stood_for)
        if reason is None:
            raise NeedsReason(())
        judged = self.proposed if cell_state(self.proposed, self.decisions) in WAITING else None
        return uphold(standing, judged, by=self.by, at=self.at, newest=newest, reason=reason, unfound=found.unfound)

    def _checked(self, ruling: Ruling, edited: Value, evidence: tuple[Evidence, ...] | None) -> Check:
        """The check of what would be published."""
        proposed, view = self.proposed, self.view()
        if ruling.verdict == "accepted" and proposed is not None:
            if proposed.quoted:
                return Check()  # its words are the source's own
            if view.text is None:
                return view.check
        if view.text is None:
            return Check()
        value = edited if ruling.verdict == "edited" else proposed.value if proposed else None
        return self.checks.check(self.spec, value, self._pointed(evidence), view.text, self.own)

    def _pointed(self, chosen: tuple[Evidence, ...] | None) -> tuple[Evidence, ...]:
        """The sentences that a decision would rest on: those chosen, else those of the proposal."""
        return chosen if chosen is not None else self.proposed.evidence if self.proposed else ()

    def _want_evidence(self, value: Value, marked: tuple[Evidence, ...], stood_for: tuple[str, ...]) -> None:
        """Refuse a text that its sentences do not say, once: a reviewer who was told of these very terms may keep it.

        Someone who decides blind need not mark a sentence: what counts is what they say.
        """
        view = self.view()
        if (text := view.text) is None:
            return
        found = self.checks.check(self.spec, value, marked, text, self.own)
        if set(found.apart) <= set(stood_for) and (marked or view.blind or NOTHING_MARKED in stood_for):
            return
        nearest = self.checks.carrying(self.spec, value, marked, text, self.own)
        quotes = tuple(map(Quoter(text).quote, nearest))
        raise NotInEvidence(found.apart, quotes, marked=bool(marked), otherwise=found.otherwise)

    def _want_seen(
        self, found: Check, shown: Check | None, value: Value, marked: tuple[Evidence, ...], stood_for: tuple[str, ...]
    ) -> None:
        """Refuse, once, what the check finds in the sentences that were left and the reviewer's page did not show.

        So it does a figure that is not in them, although the page marks it: other sentences have it.
        """
        seen = {term.text for term in shown.terms if term.place != "in evidence"} if shown else set[str]()
        seen -= set(found.figures_elsewhere)
        text, told = self.view().text, tuple(term for term in found.apart if term not in seen | set(stood_for))
        if text is None or not told:
            return
        nearest = self.checks.carrying(self.spec, value, marked, text, self.own)
        quotes, otherwise = tuple(map(Quoter(text).quote, nearest)), tuple(t for t in told if t in found.otherwise)
        raise NotInEvidence(told, quotes, marked=bool(marked), otherwise=otherwise)

    def _pointers(self, numbers: Sequence[int] | None) -> tuple[Evidence, ...] | None:
        """The sentences of these numbers, in the document that the cell is judged in."""
        text = self.view().text if numbers is not None else None
        return point(text, numbers)[0] if text is not None and numbers is not None else None


def _want_same_words(view: CellView, reason: str | None, stood_for: tuple[str, ...]) -> None:
    """Once: who decides on this version again has to know that the words decided on are not in it."""
    of, gone = len(view.cell.evidence), view.cell.sentences_gone
    if not view.has_lapsed or not gone or reason or OTHER_SENTENCES in stood_for:
        return
    which = (
        "the sentence" if of == 1 else "the sentences" if gone >= of else f"{gone} of the {count_of(of, 'sentence')}"
    )
    are = "is" if gone == 1 else "are"
    raise NotInEvidence(
        (), (), marked=True, lost=f"{which} that it was decided on {are} not in this version; what is marked may say something else"
    )  # fmt: skip


def _want_reason(found: Check, reason: str | None, stood_for: tuple[str, ...]) -> None:
    """Once: who gives a reason for the very terms that were named has been asked."""
    asked = {*found.unfound, *found.otherwise}
    if asked and not (reason and asked <= set(stood_for)):
        raise NeedsReason(found.unfound, found.hints, found.otherwise)
