"""The nouns of the path: frozen records that cross every border, from a line of sources.csv to a cell of the table.

Each is plain data. A record that is archived as JSON has a field for each field of its line. Absent is None. Times are
UTC in ISO 8601 with a ``Z``; hashes are SHA-256 in hexadecimal. The text of a document is in ``paper_text.py``, runs and
their outcomes in ``runs.py``, replies of models and batches in ``books.py``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from survey_extract.core.tables.table import Box

Value = str | tuple[str, ...] | None
"""What a cell says: a text, a list of names, or None for "not reported"."""

SourceKind = Literal["arxiv", "web", "file"]
"""What a source is."""

Place = Literal["in evidence", "under another header", "not compared", "elsewhere", "said otherwise", "nowhere"]
"""Where a figure, a name or another word of a value is.

``under another header``: in a row that is evidence, in a cell that the value is not about. ``said otherwise``: its
evidence turns it round ("not", "at most" for "at least", another measure, of another thing).
"""
Fate = Literal["same", "moved", "changed", "altered", "gone"]
InNewest = Literal["same", "reworded", "gone", "unplaced"]
"""Whether the newest version of a source still says what was decided in an older one: core/newest.py. ``unplaced``: decided in
this very version, on sentences that are read otherwise today."""
Verdict = Literal[
    "accepted", "edited", "rejected", "not_reported", "removed", "imported", "suggested", "undone", "pointed"
]
State = Literal["proposed", "accepted", "edited", "rejected", "not_reported", "removed", "imported", "changed"]

WITHOUT_MODEL = "extractive"
"""The engine that asks no model."""
NOT_REPORTED = "not reported"


def is_no_answer(engine: str | None, *, empty: bool) -> bool:
    """Whether an engine's empty result is no answer: from an engine without a model it only means that no sentence was found.

    That a source does not report something can only be said by who has read it: a model or a person.
    """
    return empty and engine == WITHOUT_MODEL


def empty_words(engine: str | None) -> str:
    """The words for an empty answer wherever one is shown or counted; a person, a list or a gold file is no engine."""
    return "no answer" if is_no_answer(engine, empty=True) else NOT_REPORTED


@dataclass(frozen=True, slots=True)
class Source:
    """A line of sources.csv. ``extra`` holds the optional columns as (name, text) pairs."""

    key: str
    kind: SourceKind
    location: str
    version: int | None
    name: str | None
    line: int
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """What a person calls it: its display name, else its identity."""
        return self.name or self.location

    @property
    def named(self) -> str:
        """Its identity with the version that sources.csv pins."""
        return self.location if self.version is None else f"{self.location}v{self.version}"

    @property
    def link(self) -> str:
        """Where it leads people, before it was fetched: its page on arXiv, its address, or its path."""
        return f"https://arxiv.org/abs/{self.named}" if self.kind == "arxiv" else self.location


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a source without reading it; dates are ISO days."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    updated: str | None = None
    category: str | None = None
    doi: str | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """Where a source's bytes are. ``link`` is for people, ``url`` for the fetcher.

    ``notice`` is arXiv's own word when the paper is withdrawn or replaced by
    another; ``by_page`` says that its abstract page was asked instead of the API.
    """

    url: str
    link: str
    version: str | None = None
    metadata: Metadata = Metadata()
    notice: str | None = None
    withdrawn: bool = False
    by_page: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes as fetched: a line of documents.jsonl. ``size`` is in bytes."""

    key: str
    sha256: str
    size: int
    media_type: str
    url: str
    link: str
    version: str | None
    etag: str | None
    last_modified: str | None
    fetched_at: str
    metadata: Metadata = Metadata()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetch brought: the document and its bytes, or ``data`` None for "not modified"."""

    document: Document
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A supporting sentence as a pointer: no words, only where they stand and their hash.

    ``boxes`` are those of a row of a table: its label, its values and their headers, in points.
    """

    page: int
    start: int
    end: int
    sha256: str
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A figure or proper name of a value, and where it was found."""

    text: str
    place: Place
    hint: str | None = None
    """What else is known of it, in words of ours and figures: "2 stands there without this unit"."""

    @property
    def is_figure(self) -> bool:
        """Whether it is a number, with a sign or a unit or without, rather than a name that may have one in it."""
        return bool(_FIGURE.match(self.text))


_FIGURE = re.compile(r"[<>=~\u2264\u2265\u2248\u00b1+\-\u2212\u2013$\u20ac\u00a3\u00a5 ]{0,8}\d")


@dataclass(frozen=True, slots=True)
class Check:
    """What code found out about a value without a model; ``terms`` may be empty.

    ``rules`` is the version of the rules it was made with (``core.check.RULES``).
    """

    terms: tuple[Term, ...] = ()
    rules: int = 1

    @property
    def state(self) -> Place | None:
        """The worst place of any term; None when there was no figure or name to look for."""
        places = {term.place for term in self.terms}
        return next((place for place in WORST_FIRST if place in places), None)

    @property
    def unfound(self) -> tuple[str, ...]:
        """The figures and names that the source does not contain."""
        return tuple(term.text for term in self.terms if term.place == "nowhere")

    @property
    def apart(self) -> tuple[str, ...]:
        """The figures and names that the source has elsewhere than in the evidence, or that the evidence contradicts."""
        return tuple(term.text for term in self.terms if term.place not in ("nowhere", "in evidence"))

    @property
    def figures_elsewhere(self) -> tuple[str, ...]:
        """The figures that the source has, and the evidence does not: a name may stand in a heading, a figure is said once."""
        return tuple(term.text for term in self.terms if term.place == "elsewhere" and term.is_figure)

    @property
    def otherwise(self) -> tuple[str, ...]:
        """The figures and names that the evidence contradicts."""
        return tuple(term.text for term in self.terms if term.place == "said otherwise")

    @property
    def hints(self) -> tuple[str, ...]:
        """What is known of the figures and names that the source does not contain."""
        return tuple(dict.fromkeys(term.hint for term in self.terms if term.place == "nowhere" and term.hint))

    def of(self, *terms: str) -> Check:
        """The same of these terms alone."""
        return Check(tuple(term for term in self.terms if term.text in terms), self.rules)

    def is_worse_than(self, other: Check) -> bool:
        """Whether a figure or name is farther from the evidence than in another check by the same rules; no where the rules differ."""
        if self.rules != other.rules:
            return False
        order: tuple[Place | None, ...] = (*WORST_FIRST, None)
        return order.index(self.state) < order.index(other.state)


WORST_FIRST: tuple[Place, ...] = (
    "nowhere",
    "said otherwise",
    "elsewhere",
    "not compared",
    "under another header",
    "in evidence",
)


@dataclass(frozen=True, slots=True)
class Question:
    """What an answer depends on besides text, engine and model: short hashes, to tell later which part changed."""

    prompt: str
    instruction: str
    parameters: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine said about one field of one document: a line of answers/KEY.jsonl.

    ``quoted`` marks an answer that IS its evidence: its ``value`` is None here
    and is cut from the text when DuckDB is built, so that no words of a paper
    enter git; ``value_sha256`` binds both kinds. ``unresolved`` are sentence
    numbers the engine named that do not exist or may not be cited.
    ``omitted`` counts citable sentences that did not fit into the question.
    ``reply`` names the stored reply, None for an engine without a model;
    ``answered_by`` is the model that the reply itself names. ``asked_of`` is
    set where an answer was carried over: the hash of the earlier text that was
    asked, while ``document``, ``text`` and ``evidence`` are the new version's.
    """

    fingerprint: str
    field: str
    engine: str
    model: str | None
    document: str
    version: str | None
    text: str
    reader: str
    value: Value
    quoted: bool
    value_sha256: str
    evidence: tuple[Evidence, ...]
    unresolved: tuple[int, ...]
    check: Check
    omitted: int
    reply: str | None
    run: str
    at: str
    question: Question | None = None
    asked_of: str | None = None
    answered_by: str | None = None

    @property
    def abstains(self) -> bool:
        """Whether it says nothing, not even that the source does not report it; see ``is_no_answer``."""
        return is_no_answer(self.engine, empty=self.value is None and not self.quoted)


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's verdict on a value: a line of decisions/KEY.jsonl.

    ``judged_sha256`` is the hash of the value that was judged: a proposal, or
    for ``removed`` what stood. ``value`` is the value from now on; by
    ``rejected`` what stood before stays. ``suggested`` is what a
    newer list says, and only proposes. A quoted value that was accepted stays
    a pointer: ``evidence`` cuts it. ``unfound`` are the figures and names that
    the source does not hold by our check, and that the person stands for with
    a ``reason``, ``otherwise`` those that its evidence says otherwise. A ``blind`` decision is one on the source alone: it judges no
    proposal, and replaces nothing that stands. ``undone`` takes back the decision named in ``undoes`` (in
    old records, which name none, the one before it); nothing is ever erased. ``pointed`` says nothing of the value: it names in
    ``points`` the decision whose evidence stands elsewhere now, and where.
    """

    field: str
    verdict: Verdict
    judged_sha256: str | None
    value: Value
    quoted: bool
    evidence: tuple[Evidence, ...]
    document: str | None
    by: str
    at: str
    reason: str | None = None
    unfound: tuple[str, ...] = ()
    undoes: str | None = None
    blind: bool = False
    """Whether the person had seen neither a proposal nor what anybody else decided."""
    upheld: str | None = None
    """The newer document, by its SHA-256, in sight of which what stands was kept, for a reason, on its older sentences."""
    otherwise: tuple[str, ...] = ()
    points: str | None = None

    def vouches_for(self, term: str) -> bool:
        """Whether the person gave a reason for that very term, which the source does not hold."""
        return any(is_same_term(term, one) for one in self.unfound)

    @property
    def id(self) -> str:
        """What ``undoes`` names it by: who gave it, and when to the microsecond."""
        return f"{self.at} {self.by}"


AuditOf = Literal["standing", "proposed", "newest"]
"""``newest``: the standing value, checked against a newer document than the one it was decided in, or against another text of it."""


@dataclass(frozen=True, slots=True)
class Audit:
    """A value checked against the text of its source after it was given: a line of audits/KEY.jsonl.

    What people wrote, and what was checked by older rules, is checked against the
    text when that is at hand. ``evidence`` is what the value points at;
    ``support`` are the sentences that come nearest to a value which points at
    none, found by code and claimed by nobody, and ``far`` the statements of
    such a value that no sentence comes near. Of ``newest``, ``support`` is where
    the words of ``evidence``, or those nearest to them, stand in the newer
    document, or in today's text of the same, ``fates`` what became of them, and ``lost`` the figures and names
    that were in the older one and are nowhere in this; ``worse`` says that one
    is farther from the evidence than it was. ``instead`` are sentences that come
    near to some of ``evidence`` and may say something else.
    """

    field: str
    of: AuditOf
    value_sha256: str
    document: str
    text: str
    evidence: tuple[Evidence, ...]
    support: tuple[Evidence, ...]
    check: Check
    at: str
    far: tuple[str, ...] = ()
    fates: tuple[tuple[Fate, int], ...] = ()
    lost: tuple[str, ...] = ()
    worse: bool = False
    instead: tuple[Evidence, ...] = ()

    @property
    def sentences_gone(self) -> int:
        """How many of its sentences are not there, in whatever other words that can mean nothing else."""
        return sum(count for fate, count in self.fates if fate in ("altered", "gone"))


OpinionKind = Literal["second", "judge"]
Finding = Literal["agrees", "differs", "yes", "partly", "no", "unparsable"]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What another engine or model than the one that answered says of an answer: a line of opinions/KEY.jsonl.

    ``second`` is its own answer to the same question: ``finding`` says whether
    that ``agrees`` or ``differs``, by the field's ``judge``. ``judge`` is its
    word on whether the evidence carries the value: ``yes``, ``partly``, ``no``,
    or ``unparsable`` where its reply was none of these.

    ``about`` is the hash of the value that was answered. ``value``, ``quoted``
    and ``value_sha256`` are its own answer's, as in ``Answer``. ``evidence``
    are the sentences of its own answer, or those that it judged.
    ``not_carried`` is a stretch of the value that was judged, ``note`` says why
    a reply could not be used. ``fingerprint`` covers all that the opinion
    depends on but ``about``, so that none is paid for twice.
    """

    fingerprint: str
    field: str
    kind: OpinionKind
    finding: Finding
    about: str
    engine: str
    model: str | None
    document: str
    text: str
    evidence: tuple[Evidence, ...]
    reply: str | None
    run: str | None
    at: str
    value: Value = None
    quoted: bool = False
    value_sha256: str | None = None
    not_carried: str | None = None
    answered_by: str | None = None
    note: str | None = None

    @property
    def abstains(self) -> bool:
        """Whether it says nothing; see ``is_no_answer``."""
        return is_no_answer(self.engine, empty=self.kind == "second" and self.value is None and not self.quoted)

    @property
    def by(self) -> str:
        """Who says it: the model, or the engine that has none."""
        return self.model or self.engine


@dataclass(frozen=True, slots=True)
class Cell:
    """Source x field: what stands, what is proposed, and the state that follows from both.

    ``value``, ``document``, ``evidence``, ``check`` and ``support`` are those
    of the value that is shown: what stands by ``decision``, else what is
    proposed. ``proposed`` and ``proposed_check`` are those of ``proposal``:
    the text of a newer list that waits, else the latest ``answer``.
    """

    key: str
    field: str
    state: State | None
    answer: Answer | None
    decision: Decision | None
    proposal: Answer | None = None
    value: Value = None
    proposed: Value = None
    missing_quotes: int = 0
    document: str | None = None
    evidence: tuple[Evidence, ...] = ()
    check: Check | None = None
    support: tuple[Evidence, ...] = ()
    proposed_check: Check | None = None
    imported: bool = False
    """Whether a list brought it in: such a row is published with the cells it has."""
    unfit: str | None = None
    """Why its field may no longer have the value that stands; None while it may."""
    newest: str | None = None
    """The newer document that the value was checked against; None where it was decided in sight of the newest, or was not checked yet."""
    in_newest: InNewest | None = None
    """Whether that one still says it."""
    sentences_gone: int = 0
    """How many of the sentences that it was decided on are not in that one."""
    second: Opinion | None = None
    """Another engine's own answer beside the one that is proposed."""
    second_value: Value = None
    entailed: Opinion | None = None
    """What a second reader says of the proposal and its evidence."""

    @property
    def has_lapsed(self) -> bool:
        """Whether the sentences it was decided on are not found in its source today, so that a person has to look again."""
        return self.in_newest in ("reworded", "gone", "unplaced")

    @property
    def is_unplaced(self) -> bool:
        """Whether that is because they are read otherwise today, in the very version that it was decided in."""
        return self.in_newest == "unplaced"

    @property
    def stood_for(self) -> tuple[str, ...]:
        """The figures and names that a person vouches for, having been told that the source lacks them and having given a reason."""
        return self.decision.unfound if self.decision else ()

    @property
    def unasked(self) -> tuple[str, ...]:
        """Those that nobody was asked about: of a value that a person wrote, as into the README, or vouched for in another part."""
        decision = self.decision
        if decision is None or self.check is None or self.has_lapsed:
            return ()
        is_owed = decision.verdict == "edited" or decision.unfound
        return tuple(term for term in self.check.unfound if not decision.vouches_for(term)) if is_owed else ()

    @property
    def apart(self) -> tuple[str, ...]:
        """The figures and names of a person's value that the source has, but not in the sentences cited for it.

        Of one that a person accepted, the figures.
        """
        verdict = self.decision.verdict if self.decision else None
        if not self.evidence or self.check is None or self.has_lapsed:
            return ()
        if verdict != "edited":
            return self.check.figures_elsewhere if verdict == "accepted" else ()
        return tuple(term for term in self.check.apart if term not in self.check.otherwise)

    @property
    def otherwise(self) -> tuple[str, ...]:
        """The words of the value that its sentences say otherwise."""
        return () if self.check is None or self.has_lapsed else self.check.otherwise

    @property
    def owed_again(self) -> tuple[str, ...]:
        """What a person who vouched for a part of the value was not asked about, as today's rules read it."""
        decision = self.decision
        if decision is None or not (decision.unfound or decision.otherwise):
            return ()
        unasked = self.unasked if decision.unfound else ()
        against = () if self.otherwise_stood_for or not decision.otherwise else self.otherwise
        return (*unasked, *against)

    @property
    def otherwise_stood_for(self) -> bool:
        """Whether a person who was asked about each of them said why it stands all the same."""
        asked = self.decision.otherwise if self.decision else ()
        return bool(self.otherwise) and all(any(is_same_term(term, one) for one in asked) for term in self.otherwise)


_SIGNS = str.maketrans({"◦": "°", "∘": "°", "º": "°", "˚": "°", "−": "-", "–": "-", "‐": "-", "‑": "-", "μ": "µ"})


def _folded(term: str) -> str:
    """A term without what readers spell in several ways: signs that look alike, accents, raised digits, spaces."""
    apart = unicodedata.normalize("NFKD", term.translate(_SIGNS))
    return " ".join("".join(sign for sign in apart if unicodedata.category(sign) != "Mn").split())


def is_same_term(one: str, other: str) -> bool:
    """Whether two spellings are one term: newer rules may read a unit to its end, "65 °" as "65 °C", or a sign as another."""
    shorter, longer = sorted((_folded(one), _folded(other)), key=len)
    rest = longer[len(shorter) :]
    return longer.startswith(shorter) and not (
        rest and shorter[-1].isalnum() and (rest[0].isalnum() or rest[0] in ".,")
    )
