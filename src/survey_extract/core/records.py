"""The nouns of the path: frozen records that cross every border, from sources.csv to DuckDB.

Each is plain data. Those that are archived as JSON (``Document``, ``Answer``,
``Decision``, ``Opinion``, ``Reply``, ``Run``) have a field for a field what their line in the archive
has. Absent is None. Times are UTC in ISO 8601 with a ``Z``; hashes are the
hexadecimal SHA-256.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

from survey_extract.core.tables.table import Box, Row, Table, row_sentence

Value = str | tuple[str, ...] | None
"""What a cell says: a text, a list of names, or None for "not reported"."""

Kind = Literal["arxiv", "web", "file"]
"""What a source is."""

SentenceKind = Literal["body", "caption", "note", "row", "heading", "reference", "debris", "front", "inset", "formula"]
"""What a sentence is.

``row`` is a row of a table, with each value under its header. ``inset`` is text that stands apart from the running text: in figures,
dialogues, prompts, sample outputs, code, algorithms and tables. ``formula``
stands on lines of its own; ``debris`` is what is left of tables and figures.
"""

CITABLE: frozenset[SentenceKind] = frozenset({"body", "caption", "note", "row"})
"""The kinds that may be evidence."""

Place = Literal["in evidence", "under another header", "not compared", "elsewhere", "said otherwise", "nowhere"]
"""Where a figure, a name or another word of a value is.

``under another header``: in a row that is evidence, in a cell that the value is not about. ``said otherwise``: its
evidence turns it round ("not", "at most" for "at least", another measure, of another thing).
"""
OutcomeKind = Literal["new", "changed", "unchanged", "failed", "withdrawn", "needs_ocr", "waiting"]
Fate = Literal["same", "moved", "changed", "gone"]
InNewest = Literal["same", "reworded", "gone"]
"""Whether the newest version of a source still says what was decided in an older one: core/newest.py."""
Verdict = Literal["accepted", "edited", "rejected", "not_reported", "removed", "imported", "suggested", "undone"]
State = Literal["proposed", "accepted", "edited", "rejected", "not_reported", "removed", "imported", "changed"]

WITHOUT_MODEL = "extractive"
"""The engine that asks no model."""
NOT_REPORTED = "not reported"


def is_no_answer(engine: str | None, *, empty: bool) -> bool:
    """Whether what an engine gave is no answer: without a model, nothing means that no sentence was found.

    Only who has read the source can say that it does not report something: a model's nothing, or a person's.
    """
    return empty and engine == WITHOUT_MODEL


def empty_words(engine: str | None) -> str:
    """What is said of an empty answer wherever one is shown or counted; a person, a list or a gold file is no engine."""
    return "no answer" if is_no_answer(engine, empty=True) else NOT_REPORTED


@dataclass(frozen=True, slots=True)
class Source:
    """A line of sources.csv. ``extra`` holds the optional columns as (name, text) pairs."""

    key: str
    kind: Kind
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
class Section:
    """A heading; ``first`` is the number of the first sentence under it, ``level`` starts at 1."""

    title: str
    level: int
    page: int
    first: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A numbered sentence: ``start`` and ``end`` are character offsets in the text of ``page``.

    Numbers and pages count from 1. A sentence that runs over a page break
    belongs, whole, to the page on which it begins. A row's offsets lie after the
    end of the page's text: its words are made of its cells.
    """

    number: int
    page: int
    start: int
    end: int
    kind: SentenceKind
    section: int


@dataclass(frozen=True, slots=True)
class PaperText:
    """The text of a document. A page's text is its sentences, joined by single line feeds.

    ``sections[0]`` is what stands before the first heading. ``sha256`` covers
    pages and sentences and not the reader's name, so that a new reader which
    reads the same text changes nothing. Nor does it cover what is empty in
    texts of before it was kept: ``paragraphs`` and ``items``, the numbers of
    the sentences that begin a paragraph or an item of a list, ``fragments``,
    text fragments by the number of the sentence, that lead a browser to it on
    its web page, and ``tables``, whose rows are sentences, in their order.
    """

    reader: str
    title: str | None
    pages: tuple[str, ...]
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    sha256: str
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What is recorded and is no reason to warn."""
    arxiv: str | None = None
    """The arXiv id that is printed in the margin of the first page."""
    fragments: tuple[tuple[int, str], ...] = ()
    paragraphs: tuple[int, ...] = ()
    items: tuple[int, ...] = ()
    tables: tuple[Table, ...] = ()

    def quote(self, sentence: Sentence) -> str:
        """The words of a sentence, cut from its page; of a row, made of its cells."""
        if (found := self.row(sentence)) is not None:
            return row_sentence(*found)
        return self.pages[sentence.page - 1][sentence.start : sentence.end]

    def citable(self) -> tuple[Sentence, ...]:
        """The sentences that may be evidence, in reading order."""
        return tuple(s for s in self.sentences if s.kind in CITABLE)

    def prose(self) -> tuple[Sentence, ...]:
        """The citable sentences that were written as such: all but rows."""
        return tuple(s for s in self.citable() if s.kind != "row")

    def section_paths(self) -> list[str]:
        """The title of each section after those of the sections it stands in: what "Related work" says of its parts."""
        paths: list[str] = []
        above: list[Section] = []
        for section in self.sections:
            while above and above[-1].level >= section.level:
                above.pop()
            above.append(section)
            paths.append(" > ".join(part.title for part in above))
        return paths

    def row(self, sentence: Sentence) -> tuple[Table, Row] | None:
        """The table and the row that a sentence is; None for one that is not a row, or of a text that somebody garbled."""
        if sentence.kind != "row":
            return None
        at = bisect_right(self.tables, sentence.number, key=lambda table: table.first) - 1
        place = sentence.number - self.tables[at].first if at >= 0 else -1
        if not 0 <= place < len(self.tables[at].rows):
            return None
        return self.tables[at], self.tables[at].rows[place]


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
        """The figures and names that the source does not hold."""
        return tuple(term.text for term in self.terms if term.place == "nowhere")

    @property
    def apart(self) -> tuple[str, ...]:
        """Those that it holds elsewhere than in the evidence, or that the evidence says otherwise."""
        return tuple(term.text for term in self.terms if term.place not in ("nowhere", "in evidence"))

    @property
    def otherwise(self) -> tuple[str, ...]:
        """Of those, the ones that the evidence says otherwise."""
        return tuple(term.text for term in self.terms if term.place == "said otherwise")

    @property
    def hints(self) -> tuple[str, ...]:
        """What is known all the same of those."""
        return tuple(dict.fromkeys(term.hint for term in self.terms if term.place == "nowhere" and term.hint))

    def is_worse_than(self, other: Check) -> bool:
        """Whether a figure or name is farther from the evidence than it was, as far as the same rules say so."""
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
    old records, which name none, the one before it); nothing is ever erased.
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

    def vouches_for(self, term: str) -> bool:
        """Whether the person gave a reason for that very term, which the source does not hold."""
        return any(is_same_term(term, one) for one in self.unfound)

    @property
    def id(self) -> str:
        """What ``undoes`` names it by: who gave it, and when to the microsecond."""
        return f"{self.at} {self.by}"


AuditOf = Literal["standing", "proposed", "newest"]
"""``newest``: what stands, held against a newer document than the one it was decided in."""


@dataclass(frozen=True, slots=True)
class Audit:
    """A value held against the text of its source after it was given: a line of audits/KEY.jsonl.

    What people wrote, and what was checked by older rules, is checked against the
    text when that is at hand. ``evidence`` is what the value points at;
    ``support`` are the sentences that come nearest to a value which points at
    none, found by code and claimed by nobody, and ``far`` the statements of
    such a value that no sentence comes near. Of ``newest``, ``support`` is where
    the words of ``evidence``, or those nearest to them, stand in the newer
    document, ``fates`` what became of them, and ``lost`` the figures and names
    that were in the older one and are nowhere in this; ``worse`` says that one
    is farther from the evidence than it was.
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
class Usage:
    """Tokens of one reply; ``cached`` is part of ``prompt``, ``reasoning`` of ``completion``."""

    prompt: int = 0
    cached: int = 0
    completion: int = 0
    reasoning: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply of a model, as booked: a line of replies.jsonl, and what a run says of those it used. Never its words.

    ``usage`` is None where the endpoint gave none that can be true.
    ``outcome`` is ``arrived`` as long as nobody has used it, then ``ok`` or
    the kind of error it led to; ``reused`` says that it came from the cache
    and cost nothing now. ``cost`` is in USD by the prices of that day, None
    where tokens or price are unknown; ``answered_by`` is the model that the
    reply itself names. ``run`` is the run in which it arrived, ``batch`` the
    batch that brought it.
    """

    sha256: str
    key: str
    engine: str
    model: str
    fields: tuple[str, ...]
    outcome: str
    usage: Usage | None
    reused: bool
    at: str
    cost: float | None = None
    answered_by: str | None = None
    run: str | None = None
    batch: str | None = None
    seconds: float | None = None
    """From the request to the end of its reply; None of a batch, and of replies of before it was kept."""


BatchState = Literal["submitting", "pending", "collected", "failed", "lost"]


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """A question in a batch: the hash of its request, and what it is about.

    ``sent`` is its size in bytes and ``reply_tokens`` the limit of its reply:
    no count of tokens beyond them is believed. None is unknown.
    """

    sha256: str
    key: str
    fields: tuple[str, ...]
    sent: int | None = None
    reply_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions sent together: batches/ID.json. ``remote`` is the provider's name for it, None until it is known."""

    id: str
    engine: str
    model: str
    state: BatchState
    submitted_at: str
    questions: tuple[BatchQuestion, ...]
    remote: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did with a source. ``step`` and ``error`` are set for failures alone.

    ``reasons`` says of each field in ``asked`` why it was asked. ``carried``
    are the fields whose evidence stands in the new version as it stood in the
    old, ``fates`` counts what became of all standing evidence. ``notice`` is
    arXiv's word that the paper is withdrawn or replaced.
    """

    key: str
    kind: OutcomeKind
    step: str | None = None
    error: str | None = None
    message: str | None = None
    document: str | None = None
    version: str | None = None
    fetched_bytes: int = 0
    asked: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    title: str | None = None
    seconds: float = 0.0
    reasons: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    fates: tuple[tuple[Fate, int], ...] = ()
    notice: str | None = None
    previous: str | None = None
    """The document that the cells stood on before, when it was another."""
    notes: tuple[str, ...] = ()
    """What the reader recorded of the document and is no reason to warn."""
    second: tuple[str, ...] = ()
    """The fields on which a second opinion was given."""


@dataclass(frozen=True, slots=True)
class Run:
    """One ``refresh``: runs/RUN.json. ``keys`` are the sources that were due.

    Written when the run begins, without outcomes, and whole when it ends: a
    run whose ``ended`` is False was interrupted. ``whole`` says that all sources
    were due, ``outage`` that so many failed that nothing was published.

    On record a run does not grow with the list: ``outcomes`` names the sources
    of which there is something to say, ``unnamed`` counts the others, which
    were as they had been. ``keys_of`` is the run whose record lists the same
    sources; ``keys`` is empty in the file then, and where that record is lost.
    """

    id: str
    started_at: str
    seconds: float
    tool_version: str
    engine: str
    model: str | None
    keys: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    replies: tuple[Reply, ...] = ()
    requests: int = 0
    documents_fetched: int = 0
    bytes_fetched: int = 0
    model_requests: int = 0
    whole: bool = True
    ended: bool = True
    outage: bool = False
    notes: tuple[str, ...] = ()
    """What the operator should know of the run itself."""
    unnamed: int = 0
    keys_of: str | None = None

    @property
    def due(self) -> int:
        """How many sources were due."""
        return len(self.keys) or len(self.outcomes) + self.unnamed

    @property
    def complete(self) -> bool:
        """Whether each source that was due has its one outcome."""
        named = {outcome.key for outcome in self.outcomes}
        is_due = not self.keys or named <= set(self.keys)
        return self.ended and is_due and len(named) == len(self.outcomes) == self.due - self.unnamed

    @property
    def as_before(self) -> tuple[str, ...]:
        """The sources that were looked at and are not named: unchanged, with nothing to say of them."""
        if not self.unnamed:
            return ()
        named = {outcome.key for outcome in self.outcomes}
        return tuple(key for key in self.keys if key not in named)


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
    """The newer document that the value was held against; None where it was decided in sight of the newest, or was not held against it."""
    in_newest: InNewest | None = None
    """Whether that one still says it."""
    second: Opinion | None = None
    """Another engine's own answer beside the one that is proposed."""
    second_value: Value = None
    entailed: Opinion | None = None
    """What a second reader says of the proposal and its evidence."""

    @property
    def has_lapsed(self) -> bool:
        """Whether the sentences that it was decided on are no longer in its source, so that a person has to look again."""
        return self.in_newest in ("reworded", "gone")

    @property
    def stood_for(self) -> tuple[str, ...]:
        """The figures and names that a person vouches for though the source does not hold them: who was asked, and said why."""
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
        """The figures and names of a value that a person wrote which are in the source, and not in the sentences named for it."""
        written = self.decision is not None and self.decision.verdict == "edited"
        if not written or not self.evidence or self.check is None or self.has_lapsed:
            return ()
        return tuple(term for term in self.check.apart if term not in self.check.otherwise)

    @property
    def otherwise(self) -> tuple[str, ...]:
        """The words of the value that its sentences say otherwise."""
        return () if self.check is None or self.has_lapsed else self.check.otherwise

    @property
    def otherwise_stood_for(self) -> bool:
        """Whether a person who was asked about each of them said why it stands all the same."""
        asked = self.decision.otherwise if self.decision else ()
        return bool(self.otherwise) and all(any(is_same_term(term, one) for one in asked) for term in self.otherwise)


def is_same_term(one: str, other: str) -> bool:
    """Whether two spellings are one term: newer rules may read a unit to its end, "65 °" as "65 °C"."""
    shorter, longer = sorted((one, other), key=len)
    rest = longer[len(shorter) :]
    return longer.startswith(shorter) and not (
        rest and shorter[-1].isalnum() and (rest[0].isalnum() or rest[0] in ".,")
    )
