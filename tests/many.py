"""A number of sources and of nights goes in; the folder of a survey that has them comes out, its archive written directly.

One source is read and answered by the tool. The records of all others are
those of this one under another number, with hashes of their own: a survey of
1,000 papers takes seconds to make, and a night over it is the real thing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from pydantic import TypeAdapter

from survey_extract.adapters.archive.folder import FileArchive
from survey_extract.adapters.archive.lines import line_of
from survey_extract.core.due.questions import Asking
from survey_extract.core.evidence import pointer
from survey_extract.core.fingerprint import text_sha256, value_sha256
from survey_extract.core.paper_text import PaperText
from survey_extract.core.records import Answer, Document
from survey_extract.core.runs import Outcome, Run, recorded, run_id
from survey_extract.wiring import open_archive, open_ports
from tests.conftest import Folder
from tests.fields import FIELDS

R = TypeVar("R")

SENTENCES = 120
FIRST = "q00000"
"""What the first source has for a number; no hash holds it."""


def paper(number: int) -> bytes:
    """A text of our own in which each sentence has the number of its source."""
    body = "\n\n".join(
        f"Boat {_name(number)} is trained on log {line} of the harbor, and its rudder is joined to the mast by rope {line * 7}."
        for line in range(SENTENCES)
    )
    return f"# The boat {_name(number)}\n\n{body}\n".encode()


def _name(number: int) -> str:
    return f"q{number:05}"


def make(folder: Folder, sources: int, nights: int) -> None:
    """Fill a new survey with sources that were all read, answered and looked at on each of the nights; the last render is today's."""
    folder.env |= {"SURVEY_PUBLISH": "any"}
    for number in range(sources):
        folder.write(f"papers/{_name(number)}.md", paper(number))
    folder.sources(f"papers/{FIRST}.md,")
    folder.ok("refresh")
    archive = open_archive(folder.path, warn=print)
    copies = _Copies(folder, archive)
    for number in range(1, sources):
        copies.write(number)
    folder.sources(*(f"papers/{_name(number)}.md," for number in range(sources)))
    keys = tuple(copies.key.replace(FIRST, _name(number)) for number in range(sources))
    _live(archive, keys, copies.document, nights)


class _Copies:
    """The records of the first source, and those of another made from them."""

    def __init__(self, folder: Folder, archive: FileArchive) -> None:
        self._archive = archive
        ((self.key, (self.document,)),) = archive.documents().items()
        held = archive.text_of(self.document.sha256)
        assert held is not None
        self._text, self._answers = held, archive.answers(self.key)
        from survey_extract.settings import load_settings

        with open_ports(folder.path, archive, load_settings(folder.path, options={})) as ports:
            self._asking = Asking.of(ports.engine, keeps_models=ports.keeps_models_answers)

    def write(self, number: int) -> None:
        """Write what there is to know of a source: document, text, answers."""
        text, kept = _turned(self._text, PaperText, number), self._archive.keep_bytes(paper(number))
        spans = ((s.page, s.start, s.end, s.kind) for s in text.sentences)
        text = replace(text, sha256=text_sha256(text.pages, spans))
        document = replace(_turned(self.document, Document, number), sha256=kept)
        self._archive.keep_text(kept, text)
        self._archive.add_document(document)
        answers = [self._answer(answer, text, kept, number) for answer in self._answers]
        self._archive.add_answers(document.key, answers)

    def _answer(self, answer: Answer, text: PaperText, document: str, number: int) -> Answer:
        by_place = {(s.page, s.start): s for s in text.sentences}
        sentences = [by_place[item.page, item.start] for item in answer.evidence]
        words = " ".join(map(text.quote, sentences))
        (spec,) = (spec for spec in FIELDS.asked if spec.name == answer.field)
        return replace(
            _turned(answer, Answer, number),
            document=document,
            text=text.sha256,
            evidence=tuple(pointer(text, sentence) for sentence in sentences),
            fingerprint=self._asking.fingerprint(spec, text.sha256),
            value_sha256=value_sha256(words) if sentences else answer.value_sha256,
        )


def _turned(record: R, kind: type[R], number: int) -> R:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    turned: R = _ADAPTERS[kind].validate_json(line_of(record).replace(FIRST.encode(), _name(number).encode()))
    return turned


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}
"""One of a kind for all copies: to make it takes ten times as long as to read a record."""


def _live(archive: FileArchive, keys: tuple[str, ...], document: Document, nights: int) -> None:
    """The records of nights on which nothing changed, a day apart, before today."""
    past = list(archive.runs())
    (first,) = past
    archive.remove_run(first.id)
    past.clear()
    last = datetime.now(UTC)
    for night in range(nights, 0, -1):
        began = last - timedelta(days=night)
        outcomes = tuple(Outcome(key, "unchanged", document=sha256(key.encode()).hexdigest()) for key in keys)
        run = Run(
            run_id(began), f"{began:%Y-%m-%dT%H:%M:%SZ}", 9.0, "0", first.engine, first.model, keys, outcomes,
            requests=len(keys),
        )  # fmt: skip
        archive.add_run(recorded(run, past))
        past = list(archive.runs())[-1:]
