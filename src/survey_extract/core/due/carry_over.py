"""The answers about an older text and the new text go in; the answers that still hold in it, and the fields to ask again, come out.

A paper gets new versions, a page is edited. A sentence that is still there
word for word still supports its cell, wherever it moved; one that is not,
whether reworded or gone, supports nothing. A cell is carried over when its
question is today's, when every sentence that it and its decision rest on is
in the new text, and when none of its figures and names is farther from the
evidence than it was, by the same rules. So is one that says "not reported",
when the new text is the old one with the rows of its tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from survey_extract.core.check import RULES
from survey_extract.core.check.check import check
from survey_extract.core.decisions import standing_decision
from survey_extract.core.due.questions import Asking, Due, latest_of
from survey_extract.core.evidence import Quoter, pointer, quoted_value
from survey_extract.core.fields import FieldSpec
from survey_extract.core.paper_text import PaperText, Sentence
from survey_extract.core.reading.rows import without_rows
from survey_extract.core.records import Answer, Check, Decision, Document, Evidence, Fate, Value

REWORDED = 70.0
"""Similarity (rapidfuzz ratio, 0 to 100) from which a sentence is shown as the old one reworded; it decides nothing."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of the old version: ``now`` is where its words, or the words nearest to them, stand in the new one."""

    evidence: Evidence
    fate: Fate
    words: str | None
    now: Evidence | None
    now_words: str | None


class Survivors:
    """Looks up sentences of older versions in one new text."""

    def __init__(self, text: PaperText) -> None:
        self._text, self._quoter = text, Quoter(text)
        self._citable: list[tuple[Sentence, str]] | None = None

    def passages(
        self, evidence: Sequence[Evidence], old: Quoter | None, words: Mapping[str, str] = MappingProxyType({})
    ) -> tuple[Passage, ...]:
        """What became of each; ``old`` cuts the words that are no longer there, None when its text is not in the cache.

        ``words`` are those of decided sentences, by their hashes, that no text has any more.
        """
        return tuple(self._passage(item, old, words) for item in evidence)

    def _passage(self, item: Evidence, old: Quoter | None, kept: Mapping[str, str]) -> Passage:
        found = self._quoter.quote(item)
        if found.sentence is not None:
            now = pointer(self._text, found.sentence)
            if found.words != self._text.quote(found.sentence):
                now = replace(now, sha256=item.sha256)  # the same words, with a line's end between them
            fate: Fate = "same" if found.sentence.page == item.page else "moved"
            return Passage(item, fate, found.words, now, found.words)
        words = kept.get(item.sha256) or (old.quote(item).words if old else None)
        near = self._nearest(words) if words else None
        if near is None:
            return Passage(item, "gone", words, None, None)
        return Passage(item, "changed", words, pointer(self._text, near), self._text.quote(near))

    def _nearest(self, words: str) -> Sentence | None:
        from rapidfuzz import fuzz, process

        if self._citable is None:
            self._citable = [(s, self._text.quote(s)) for s in self._text.citable()]
        quotes = [quote for _, quote in self._citable]
        best = process.extractOne(words, quotes, scorer=fuzz.ratio, score_cutoff=REWORDED)
        return self._citable[best[2]][0] if best else None


def passages_in(
    text: PaperText,
    evidence: Sequence[Evidence],
    old: PaperText | None,
    words: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Passage, ...]:
    """Where the sentences of an older document stand in a text now. ``old`` is the older text, None if it is not in the cache.

    ``words`` are those of its sentences that no text has any more, by their hashes.
    """
    return Survivors(text).passages(evidence, Quoter(old) if old else None, words)


def survives(passages: Sequence[Passage]) -> bool:
    """Whether a cell can stand on these: there is at least one sentence, and every one is still there."""
    return bool(passages) and all(passage.fate in ("same", "moved") for passage in passages)


def counted(passages: Iterable[Passage]) -> tuple[tuple[Fate, int], ...]:
    """How many sentences had each fate."""
    counts = Counter(passage.fate for passage in passages)
    order: tuple[Fate, ...] = ("same", "moved", "changed", "altered", "gone")
    return tuple((fate, counts[fate]) for fate in order if counts[fate])


def told(fates: Iterable[tuple[Fate, int]]) -> str:
    """The fates in words: "3 same, 1 gone"."""
    return ", ".join(f"{count} {fate}" for fate, count in fates)


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """The answers as they stand in the new text, the fields that have to be asked, and what became of all sentences."""

    answers: tuple[Answer, ...] = ()
    wanted: tuple[Due, ...] = ()
    fates: tuple[tuple[Fate, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Carrier:
    """Carries one source's answers into one new text.

    ``old_text`` gives the text of an older document, if it is here; ``own`` are
    the source's names, which the check does not ask the evidence for.
    """

    document: Document
    text: PaperText
    asking: Asking
    known: Sequence[Answer]
    decisions: Sequence[Decision]
    old_text: Callable[[str], PaperText | None]
    run: str
    at: str
    own: tuple[str, ...] = ()

    def carry(self, due: Sequence[Due]) -> CarriedOver:
        """Carry over each due field that can be; a field that was asked of this very text is asked again."""
        if not due or not self.known:
            return CarriedOver(wanted=tuple(due))
        survivors, old = Survivors(self.text), _Olds(self.old_text, {})
        answers: list[Answer] = []
        wanted: list[Due] = []
        passages: list[Passage] = []
        for item in due:
            latest = latest_of(self.known, item.spec.name)
            if latest is None or (latest.text, latest.document) == (self.text.sha256, self.document.sha256):
                wanted.append(item)
                continue
            own = survivors.passages(latest.evidence, old.quoter(latest.document))
            decided = self._decided(item.spec.name, survivors, old)
            here = {passage.evidence.sha256: passage for passage in (*own, *decided)}
            passages += here.values()
            answer = (
                self._carried(item.spec, latest, own, decided, old)
                if self.asking.is_answered(item.spec, latest)
                else None
            )
            if answer is not None:
                answers.append(answer)
            else:
                wanted.append(_with_losses(item, list(here.values())))
        return CarriedOver(tuple(answers), tuple(wanted), counted(passages))

    def _decided(self, field: str, survivors: Survivors, old: _Olds) -> tuple[Passage, ...]:
        """What became of the sentences that a person's decision rests on; they may differ from the answer's."""
        decision = standing_decision([d for d in self.decisions if d.field == field])
        if decision is None or decision.document is None:
            return ()
        return survivors.passages(decision.evidence, old.quoter(decision.document))

    def _carried(
        self, spec: FieldSpec, latest: Answer, own: Sequence[Passage], decided: Sequence[Passage], old: _Olds
    ) -> Answer | None:
        """The answer as it stands in the new text; None if the new text does not support it."""
        stands = survives(own) and (not decided or survives(decided))
        if not stands and not self._is_text_of(latest):
            return None
        evidence = tuple(passage.now for passage in own if passage.now is not None)
        checked = check(spec, _value(latest, evidence, Quoter(self.text)), evidence, self.text, self.own)
        if checked.is_worse_than(self._check_then(spec, latest, old)):
            return None
        asked_of = latest.asked_of or latest.text
        return replace(
            latest,
            document=self.document.sha256,
            version=self.document.version,
            text=self.text.sha256,
            reader=self.text.reader,
            evidence=evidence,
            check=checked,
            asked_of=None if asked_of == self.text.sha256 else asked_of,
            run=self.run,
            at=self.at,
        )

    def _is_text_of(self, answer: Answer) -> bool:
        """Whether an answer was given about this text, or about the same text before rows of tables were read."""
        return answer.text in (self.text.sha256, without_rows(self.text).sha256)

    def _check_then(self, spec: FieldSpec, latest: Answer, old: _Olds) -> Check:
        """The check of an answer in its own text: by today's rules if that text is here, else as it was recorded.

        So an update of the rules is no reason to pay for a question again.
        """
        text = old.text(latest.document) if latest.check.rules != RULES else None
        if text is None or text.sha256 != latest.text:
            return latest.check
        return check(spec, _value(latest, latest.evidence, Quoter(text)), latest.evidence, text, self.own)


def _value(answer: Answer, evidence: Sequence[Evidence], quoter: Quoter) -> Value:
    """What an answer says; if it is its evidence, cut from the text."""
    return quoted_value(quoter.quote(item) for item in evidence) if answer.quoted else answer.value


@dataclass(frozen=True, slots=True)
class _Olds:
    """Older documents' texts and their quoters, each loaded once."""

    text_of: Callable[[str], PaperText | None]
    made: dict[str, tuple[PaperText, Quoter] | None]

    def _held(self, document: str) -> tuple[PaperText, Quoter] | None:
        if document not in self.made:
            text = self.text_of(document)
            self.made[document] = (text, Quoter(text)) if text else None
        return self.made[document]

    def text(self, document: str) -> PaperText | None:
        held = self._held(document)
        return held[0] if held else None

    def quoter(self, document: str) -> Quoter | None:
        held = self._held(document)
        return held[1] if held else None


def _with_losses(due: Due, passages: Sequence[Passage]) -> Due:
    """The due field, whose reason names the sentences that no longer stand."""
    lost = told(counted(passage for passage in passages if passage.fate in ("changed", "gone")))
    return replace(due, reason=f"{due.reason}; its sentences: {lost}") if lost else due
