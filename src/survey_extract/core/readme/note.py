"""What the cells of a row show and who vouches for it go in; the note under the row and the marks in its cells come out.

Everything said here is about what the row shows. What is decided by a
person needs no mark. Where all cells of a row are alike, the note says it
once; where they differ, each cell says what it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from survey_extract.core.named import named
from survey_extract.core.plural import count_of
from survey_extract.core.records import InNewest, Place

Standing = Literal["decided", "imported", "undecided"]

NOTE_BEGINNINGS = ("Read: ",)
"""How a note of ours begins, now and in older versions: by this it is told from a person's own line."""

UNDECIDED = "not yet decided"
UNANSWERED = "no answer: no sentence was found without a model"
UNCHECKED = "imported, not checked"
FOUND = "imported; its figures and names stand in the source"
SENTENCES_SAY = "the sentences given for it say"
UNPLACED = "its sentence is read otherwise today, and its place was not confirmed yet"
UNMARKED = "no sentence of the source is marked for it"
_COMMON = frozenset({UNDECIDED, UNCHECKED, FOUND})
"""Marks that may stand in the note instead; the others name terms of their own cell."""


@dataclass(frozen=True, slots=True)
class CellOrigin:
    """Where a cell comes from. ``standing`` is None when it shows nothing, ``waits`` says that a proposal is not shown.

    ``by`` decided it, ``on`` a day; ``at`` is the moment, in microseconds.

    ``unfound`` are figures and names that the source does not hold,
    ``confirmed`` those that ``by`` stands for nevertheless, ``unasked`` those
    that ``by`` wrote without being asked about them; ``apart`` are those of a
    written value (of one ``is_accepted``, figures) that the sentences named for it do not contain, and an ``unmarked`` one has none. ``otherwise`` is what
    those sentences say otherwise, ``otherwise_for`` that ``by`` gave a reason for it. ``checked`` is the
    worst place of its terms, None when it was not checked or has none.
    An undecided cell was answered by ``model``, or is ``listed``: proposed by
    a newer list; else the engine without a model took it from sentences. Of
    the sentences ``cited`` for it, ``unseen`` do not show on the drawn page.
    ``empty``: a model said "not reported"; ``unanswered``: the engine without one found no sentence, which says nothing
    of the source. ``in_newest`` is what the newest version makes of a value that was decided in an older one, and ``then`` which
    that was; ``sentences_gone`` of the sentences cited are not in the newest. ``blank``: nobody decided on it yet, and what is proposed, if anything, is not shown: its field is newer than the row.
    """

    standing: Standing | None = None
    by: str | None = None
    on: str | None = None
    reason: str | None = None
    confirmed: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    otherwise_for: bool = False
    unmarked: bool = False
    checked: Place | None = None
    unfound: tuple[str, ...] = ()
    model: str | None = None
    cited: int = 0
    unseen: int = 0
    listed: bool = False
    empty: bool = False
    blank: bool = False
    unanswered: bool = False
    waits: bool = False
    in_newest: InNewest | None = None
    sentences_gone: int = 0
    is_accepted: bool = False
    then: str | None = None
    at: int = 0

    @property
    def is_gone(self) -> bool:
        """Whether what a person decided is no longer in the source."""
        return self.standing == "decided" and self.in_newest == "gone"

    @property
    def is_unplaced(self) -> bool:
        """Whether the sentences that a person decided on are read otherwise today, so that no place is shown."""
        return self.standing == "decided" and self.in_newest == "unplaced"

    @property
    def is_unasked(self) -> bool:
        """Whether a person wrote something that is not there, and gave a reason for none of it."""
        return bool(self.unasked or (self.apart and not self.is_accepted)) and not self.confirmed


# --- in the cells ---------------------------------------------------------------------------------


def marks(origins: Sequence[CellOrigin]) -> tuple[str | None, ...]:
    """What each cell says of itself; nothing where it is decided, or where the note says it of the whole row.

    A cell without an answer is empty, and always says why.
    """
    all_marks = [_mark(origin) for origin in origins]
    said = {mark for mark, origin in zip(all_marks, origins, strict=True) if origin.standing and not origin.unanswered}
    if len(said) == 1 and said <= _COMMON:
        is_left = [origin.blank or origin.unanswered for origin in origins]
        return tuple(mark if left else None for mark, left in zip(all_marks, is_left, strict=True))
    return tuple(all_marks)


def _mark(origin: CellOrigin) -> str | None:
    if origin.blank or origin.unanswered:
        return UNDECIDED if origin.blank else UNANSWERED
    if origin.standing == "undecided":
        return "; ".join((UNDECIDED, *_doubts(origin)))
    if origin.standing == "imported":
        if doubts := list(_doubts(origin)):
            return "; ".join(("imported", *doubts))
        return FOUND if origin.checked else UNCHECKED
    return _mark_of_decided(origin)


def _mark_of_decided(origin: CellOrigin) -> str | None:
    """What is not found where a person decided: who was asked about it accepted it, who only wrote it did not say why."""
    if origin.is_gone:
        return _gone(origin)
    parts = list(_found_in_decided(origin))
    if not parts:
        return UNMARKED if origin.unmarked else None
    return "; ".join(parts)


def _found_in_decided(origin: CellOrigin) -> Iterator[str]:
    if origin.is_unplaced:
        yield UNPLACED
    known = [f"the source does not contain {named(origin.confirmed)}"] if origin.confirmed else []
    if origin.otherwise and origin.otherwise_for:
        known.append(f"{SENTENCES_SAY} {named(origin.otherwise)} otherwise")
    if known:
        yield f"accepted although {' and '.join(known)}{f': {origin.reason}' if origin.reason else ''}"
    if origin.is_unasked:
        yield "written by hand"
    if origin.unasked:
        yield f"the source {'also does' if origin.confirmed else 'does'} not contain {named(origin.unasked)}"
    if origin.apart and (origin.is_accepted or (origin.is_unasked and not origin.unasked)):
        yield f"the sentences given for it do not say {named(origin.apart)}"
    if origin.otherwise and not origin.otherwise_for:
        yield f"{SENTENCES_SAY} {named(origin.otherwise)} otherwise"


def _doubts(origin: CellOrigin) -> Iterator[str]:
    """What the check found against a value that nobody decided on; what is near to a list's words was not given for them."""
    if origin.unfound:
        yield f"the source does not contain {named(origin.unfound)}"
    if origin.otherwise:
        which = (
            "the sentences nearest to it say" if origin.standing == "imported" and not origin.cited else SENTENCES_SAY
        )
        yield f"{which} {named(origin.otherwise)} otherwise"


def _gone(origin: CellOrigin) -> str:
    """Of which version a value is, and what of it the newest no longer has."""
    then = f" ({origin.then})" if origin.then else ""
    terms = [term for term in origin.unfound if term not in origin.confirmed]
    if not origin.cited:
        return f"as in the version before{then}: the source does not contain {named(terms)}"
    if not origin.sentences_gone:
        lacks = f"the source does not contain {named(terms)}" if terms else "its sentences no longer say it as they did"
        return f"as in the version before{then}: {lacks}"
    lacks = f", which does not contain {named(terms)}" if terms else ""
    which = "its sentences are" if origin.sentences_gone >= origin.cited else _some(origin.sentences_gone, origin.cited)
    return f"as in the version before{then}: {which} no longer in the source{lacks}"


def _some(gone: int, of: int) -> str:
    return f"{gone} of its {count_of(of, 'sentence')} {'is' if gone == 1 else 'are'}"


# --- under the row --------------------------------------------------------------------------------


def note(read: str | None, origins: Sequence[CellOrigin], remarks: Sequence[str] = ()) -> str:
    """The line under a row: what was read, who decided last and when, what nobody decided, and what waits."""
    waiting = sum(origin.waits for origin in origins)
    parts = [
        f"{NOTE_BEGINNINGS[0]}{read or 'nothing yet'}.",
        *remarks,
        *_decided(origins),
        *_older(origins),
        *_otherwise(origins),
    ]
    imported = [origin for origin in origins if origin.standing == "imported"]
    proposals = f"{count_of(waiting, 'new proposal')} {'waits' if waiting == 1 else 'wait'}"
    if imported:
        parts.append(_imported(imported) + (f"; {proposals}." if waiting else "."))
    parts += _undecided(origins)
    if waiting and not imported:
        parts.append(f"{proposals} for a decision.")
    return " ".join(parts)


def _decided(origins: Sequence[CellOrigin]) -> Iterator[str]:
    decided = [origin for origin in origins if origin.standing == "decided"]
    if not decided:
        return
    people = Counter(origin.by or "somebody" for origin in decided)
    latest = max(origin.at for origin in decided)
    last = [origin for origin in decided if origin.at == latest]
    cells = count_of(len(origins), "cell")
    count = (
        f"{len(decided)} of {cells}" if len(decided) < len(origins) else f"all {cells}" if len(origins) > 1 else cells
    )
    by = f" {last[0].by}" if len(people) > 1 and len({origin.by for origin in last}) == 1 else ""
    yield f"{_listed(list(people))} decided {count}, last{by} on {last[0].on}."
    if against := [origin for origin in decided if origin.confirmed]:
        these = "It was" if len(decided) == 1 else f"{len(against)} of these {'was' if len(against) == 1 else 'were'}"
        yield f"{these} accepted although the source does not contain every figure and name."
    if written := [origin for origin in decided if origin.is_unasked]:
        lacks = (
            "the source does not contain"
            if any(origin.unasked for origin in written)
            else "the sentences given do not say"
        )
        one = len(written) == 1
        these = "It was" if len(decided) == 1 else f"{len(written)} of these {'was' if one else 'were'}"
        yield f"{these} written by hand; {lacks} every figure and name in {'it' if one else 'them'}."


def _older(origins: Sequence[CellOrigin]) -> Iterator[str]:
    """What was decided in an older version, and is not in the newest as it was."""
    gone = sum(origin.is_gone for origin in origins)
    reworded = sum(origin.standing == "decided" and origin.in_newest == "reworded" for origin in origins)
    if gone:
        yield f"{count_of(gone, 'cell')} {'is' if gone == 1 else 'are'} as in the version before, and no longer found in the source."
    if unplaced := sum(origin.is_unplaced for origin in origins):
        yield f"The sentences of {count_of(unplaced, 'decided cell')} are read otherwise today: where they stand is to be confirmed."
    if reworded:
        yield f"The sentences of {count_of(reworded, 'cell')} were reworded since {'it was' if reworded == 1 else 'they were'} decided."


def _otherwise(origins: Sequence[CellOrigin]) -> Iterator[str]:
    if against := sum(bool(origin.otherwise) for origin in origins if origin.standing):
        yield f"{count_of(against, 'cell says otherwise than its sentences', 'cells say otherwise than their sentences')}."


def _imported(imported: Sequence[CellOrigin]) -> str:
    kinds = Counter("lacks" if o.unfound else "holds" if o.checked else "unchecked" for o in imported)
    total = f"{count_of(len(imported), 'cell')} imported"
    alone = {
        "unchecked": ", not checked against the source",
        "holds": "; the source contains every figure and name in " + ("it" if len(imported) == 1 else "them"),
        "lacks": "; the source does not contain every figure and name in " + ("it" if len(imported) == 1 else "them"),
    }
    if len(kinds) == 1:
        return total + alone[next(iter(kinds))]
    words = {
        "unchecked": "not checked against the source",
        "holds": "whose figures and names stand in the source",
        "lacks": "with a figure or name that the source does not contain",
    }
    return f"{total}: " + ", ".join(f"{kinds[kind]} {said}" for kind, said in words.items() if kinds[kind])


def _undecided(origins: Sequence[CellOrigin]) -> Iterator[str]:
    undecided = [origin for origin in origins if origin.standing == "undecided"]
    if not undecided:
        return
    these = "these " if len(undecided) == len(origins) else ""
    givers = Counter((origin.model, origin.listed, origin.empty, origin.unanswered) for origin in undecided)
    said = ", ".join(
        f"{('it' if number == 1 else 'they') if len(givers) == 1 else number} {_given(*giver, number)}"
        for giver, number in givers.items()
    )
    yield f"Nobody has decided on {these}{count_of(len(undecided), 'cell')}: {said}."
    yield from _cited([origin for origin in undecided if origin.model])


def _cited(answered: Sequence[CellOrigin]) -> Iterator[str]:
    """What a model names are numbers of sentences: all that are kept are in the document, or else they were refused."""
    cited, unseen = sum(origin.cited for origin in answered), sum(origin.unseen for origin in answered)
    if cited:
        found = "The one cited sentence is" if cited == 1 else f"All {cited} cited sentences are"
        yield f"{found} in the document{f'; {unseen} cannot be seen on the page' if unseen else ''}."


def _given(model: str | None, listed: bool, empty: bool, unanswered: bool, number: int) -> str:
    """How cells were filled, as a predicate; of "not reported" it is said who answered it."""
    was = "was" if number == 1 else "were"
    if listed:
        return f"{was} proposed by a newer list"
    if model:
        return f"{was} answered{' with “not reported”' if empty else ''} by the model {model}"
    if unanswered:
        return f"{'has' if number == 1 else 'have'} no answer, since no sentence was found without a model"
    return f"{was} taken from sentences of the source, without a model"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
