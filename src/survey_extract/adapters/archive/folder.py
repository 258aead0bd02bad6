"""Records go in, lines of JSONL come out, and back: the part of the warehouse that git keeps, and the cache beside it.

Everything is appended, flushed and synced before it is built upon; whole files
are written beside and renamed. A torn last line is what a crash leaves: it is
reported and skipped, and the next append starts on a line of its own. Any
other bad line stops the command, since a lost correction would go unseen.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from survey_extract import __version__
from survey_extract.adapters.archive.cache import Cache
from survey_extract.adapters.archive.lines import (
    R,
    closing,
    is_as_written,
    is_torn,
    line_of,
    record_in,
    sealed,
)
from survey_extract.adapters.archive.lock import locked, own_file, owner_of, refuse_linked
from survey_extract.adapters.archive.sights import SightFile
from survey_extract.adapters.fields_toml import default_fields
from survey_extract.core.books import Batch, Reply
from survey_extract.core.fields import Fields
from survey_extract.core.fingerprint import sha256_text
from survey_extract.core.lists.rendered import Rendering, stood
from survey_extract.core.records import Answer, Audit, Decision, Document, Opinion
from survey_extract.core.runs import Run, with_keys
from survey_extract.core.sight import Sights
from survey_extract.errors import BadArchive, Unwritable
from survey_extract.files import unwritable, write_whole, writing

Cellular = TypeVar("Cellular", Answer, Decision, Audit, Opinion)
"""What is said about a cell."""

ROOM_BYTES = 2_000_000
"""Bytes that must be free before a question is sent."""
FILES_HELD = 128
"""Files whose records are held: a run reads those of a source three times."""


@lru_cache(FILES_HELD)
def _records(name: str, data: bytes, kind: type[Any]) -> tuple[dict[int, Any], tuple[str, ...]]:
    """The records in a file of these bytes, by their lines, and what is to be said of lines that are none: the same for the same bytes.

    Raises:
        BadArchive: a line is damaged; the message names file and line.
    """
    records: dict[int, Any] = {}
    torn: list[str] = []
    lines = data.split(b"\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            records[number] = record_in(line, kind)
        except ValueError as error:
            where = f"{name}:{number}"
            if number == len(lines):  # no line feed behind it: the write was cut
                torn.append(f"{where}: the last line is torn (a crash while writing); it is skipped")
            elif is_torn(line):
                torn.append(f"{where}: a torn line (a crash while writing); it is skipped")
            else:
                raise BadArchive(f"{where}: {error}; restore the line from git, or delete it") from None
    return records, tuple(torn)


class FileArchive(Cache):
    """The folder ``warehouse/`` of a survey; see ``core.ports.Archive``. ``warn`` is told of torn lines."""

    def __init__(self, project: Path, *, warn: Callable[[str], None], fields: Fields | None = None) -> None:
        super().__init__(project / "warehouse")
        self.fields = fields or default_fields()
        self.warn = warn
        self._lock = threading.Lock()
        self._sights = SightFile(self.root / "cache" / "sights.jsonl", self._append)
        self._runs: dict[Path, tuple[object, Run]] = {}
        """The runs that were read, by file, each with what tells whether its file is another one now."""

    # --- in git -----------------------------------------------------------------------------------

    def documents(self) -> Mapping[str, tuple[Document, ...]]:
        """All documents by key, oldest first."""
        by_key: dict[str, list[Document]] = {}
        for document in self._read(self.root / "documents.jsonl", Document):
            by_key.setdefault(document.key, []).append(document)
        return {key: tuple(documents) for key, documents in by_key.items()}

    def held(self) -> list[tuple[str, str]]:
        """Key and location of each source on record; see ``core.inputs.identifiers.Keys``."""
        return [(key, documents[0].link) for key, documents in self.documents().items()]

    def has_records(self) -> bool:
        """Whether there is anything on record."""
        return any(
            True for folder in ("documents", "answers", "decisions") for _ in self._files(folder, ".jsonl")
        ) or bool(self.renderings())

    def has_decisions(self) -> bool:
        """Whether anything that a person decided, or a list brought in, is on record."""
        return any(True for _ in self._files("decisions", ".jsonl"))

    def field_names(self) -> Mapping[str, tuple[int, int]]:
        """The fields that records name, as they were called then, each with its answers and decisions; the table's, too."""
        kinds: tuple[tuple[str, type[Any]], ...] = (("answers", Answer), ("decisions", Decision))
        counted = [
            Counter(r.field for path in self._files(folder, ".jsonl") for r in self._read(path, kind))
            for folder, kind in kinds
        ]
        shown = (name for rendering in self.renderings() for row in rendering.rows for name, _ in row.cells)
        named = dict.fromkeys((*counted[0], *counted[1], *shown))
        return {name: (counted[0][name], counted[1][name]) for name in named}

    def answers(self, key: str) -> tuple[Answer, ...]:
        """All answers about a source, oldest first."""
        return tuple(map(self._named, self._read(self._of("answers", key), Answer)))

    def decisions(self, key: str) -> tuple[Decision, ...]:
        """All decisions about a source, oldest first."""
        return tuple(map(self._named, self._read(self._of("decisions", key), Decision)))

    def audits(self, key: str) -> tuple[Audit, ...]:
        """All audits of a source's values, oldest first."""
        return tuple(map(self._named, self._read(self._of("audits", key), Audit)))

    def opinions(self, key: str) -> tuple[Opinion, ...]:
        """All second opinions on a source's answers, oldest first."""
        return tuple(map(self._named, self._read(self._of("opinions", key), Opinion)))

    def _named(self, record: Cellular) -> Cellular:
        """A record under today's name of its field."""
        name = self.fields.renamed.get(record.field)
        return replace(record, field=name) if name else record

    def trials(self, key: str) -> tuple[Answer, ...]:
        """All answers about a source that ``evaluate`` asked for, oldest first."""
        return tuple(map(self._named, self._read(self._of("trials", key), Answer)))

    def add_trials(self, key: str, answers: Iterable[Answer]) -> None:
        """Append answers that are none of the survey's."""
        self._append(self._of("trials", key), answers)

    def evaluations(self) -> Mapping[str, str]:
        """The results that ``evaluate`` stored, as text by name, oldest first."""
        return {path.stem: self._text(path) for path in self._files("evaluations", ".json")}

    def _text(self, path: Path) -> str:
        try:
            return path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            raise BadArchive(f"{self._name(path)}: not UTF-8; restore it from git, or delete it") from None

    def _read_evaluations(self) -> None:
        """Read the results that were stored, unless these very ones were read before: that takes packages which a calm night spares."""
        if not (stored := self.evaluations()):
            return
        seen, note = sha256_text(f"{__version__} {sorted(stored.items())}"), self.root / "cache" / "evaluations-read"
        with suppress(OSError):
            if note.read_bytes() == seen.encode():
                return
        from survey_extract.core.evaluation.rows import evaluation_rows

        list(evaluation_rows(stored, self.fields))
        with suppress(Unwritable):
            write_whole(note, seen.encode())

    def add_evaluation(self, name: str, text: str) -> None:
        path = self.root / "evaluations" / f"{name}.json"
        refuse_linked(self.root, path.parent)
        write_whole(path, text.encode())

    def add_audits(self, key: str, audits: Iterable[Audit]) -> None:
        self._append(self._of("audits", key), audits)

    def add_opinions(self, key: str, opinions: Iterable[Opinion]) -> None:
        self._append(self._of("opinions", key), opinions)

    def runs(self) -> tuple[Run, ...]:
        """All runs, oldest first, each with the sources that were due."""
        return with_keys([self._run(path) for path in self._files("runs", ".json")])

    def _run(self, path: Path) -> Run:
        """A run, read once by a command that asks for it more than once."""
        found = path.stat()
        stamp = found.st_ino, found.st_size, found.st_mtime_ns
        known = self._runs.get(path)
        if known is None or known[0] != stamp:
            known = self._runs[path] = stamp, self._whole(path, Run)
        return known[1]

    def read_all(self) -> None:
        """Read every record that a command may stumble over later.

        Raises:
            BadArchive: a line is damaged; the message names file and line.
        """
        self.documents(), self.batches(), self.booked(), self.renderings()
        self._read_evaluations()
        for lost in sorted({run.keys_of for run in self.runs() if run.keys_of and not run.keys}):
            self.warn(f"warehouse/runs/{lost}.json is missing: it lists the sources of later runs; restore it from git")
        kinds = (
            ("answers", Answer), ("decisions", Decision), ("audits", Audit), ("opinions", Opinion), ("trials", Answer),
        )  # fmt: skip
        for folder, kind in kinds:
            for path in self._files(folder, ".jsonl"):
                self._read(path, kind)

    def add_document(self, document: Document) -> None:
        self._append(self.root / "documents.jsonl", [document])

    def add_answers(self, key: str, answers: Iterable[Answer]) -> None:
        """Append answers in one write, so that a crash keeps all of them or tears the last."""
        self._append(self._of("answers", key), answers)

    def add_decisions(self, key: str, decisions: Iterable[Decision]) -> None:
        """Append decisions under a lock of their own, so that review goes on while a run works."""
        refuse_linked(self.root, self.root)
        with own_file(self.root / ".decisions.lock") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._append(self._of("decisions", key), decisions)

    def add_run(self, run: Run) -> None:
        self._write_whole(self.root / "runs" / f"{run.id}.json", run)

    def remove_run(self, name: str) -> None:
        """Take back the record of a run that changed nothing."""
        path = self.root / "runs" / f"{name}.json"
        refuse_linked(self.root, path.parent)
        path.unlink(missing_ok=True)

    def renderings(self) -> tuple[Rendering, ...]:
        """What ``render`` wrote, oldest first."""
        return self._read(self.root / "rendered.jsonl", Rendering)

    def stood(self) -> Mapping[str, frozenset[frozenset[str]]]:
        """By key, also by that which a source got by moving, the fields with which its row was in the table; see ``core.lists.rendered.stood``."""
        found = stood(self.renderings(), self.fields)
        for key, before in self._moved(found):
            found[key] = found.get(key, frozenset()) | found[before]
        return found

    def _moved(self, befores: Collection[str]) -> list[tuple[str, str]]:
        """Each key that took over the records of one of these, with that one: they share a document, and the answers about it."""
        owners: dict[str, set[str]] = {}
        for key, known in self.documents().items() if befores else ():
            for document in known:
                owners.setdefault(document.sha256, set()).add(key)
        pairs = {(key, one) for keys in owners.values() for one in keys & set(befores) for key in keys - {one}}
        return [(key, one) for key, one in sorted(pairs) if self._took_over(key, one)]

    def _took_over(self, key: str, before: str) -> bool:
        answers = set(self.answers(before))
        return bool(answers) and answers <= set(self.answers(key))

    def add_rendering(self, rendering: Rendering) -> None:
        self._append(self.root / "rendered.jsonl", [rendering])

    def batches(self) -> tuple[Batch, ...]:
        """All batches, oldest first."""
        return tuple(self._whole(path, Batch) for path in self._files("batches", ".json"))

    def put_batch(self, batch: Batch) -> None:
        """Write the record of a batch, in place of what it was before."""
        self._write_whole(self.root / "batches" / f"{batch.id}.json", batch)

    def places(self, key: str) -> Mapping[Answer | Decision, str]:
        """File and line of each answer and decision about a source."""
        answers, decisions = self._of("answers", key), self._of("decisions", key)
        return {
            **{
                self._named(r): f"{self._name(answers)}:{number}"
                for number, r in self._numbered(answers, Answer).items()
            },
            **{
                self._named(r): f"{self._name(decisions)}:{number}"
                for number, r in self._numbered(decisions, Decision).items()
            },
        }

    def broken_seals(self) -> tuple[str, ...]:
        """File and line of what is no longer as it was written."""
        return tuple(
            f"{name}:{number}"
            for name, data in self.inputs()
            if name.endswith(".jsonl")
            for number, line in enumerate(data.split(b"\n"), start=1)
            if not is_torn(line) and not is_as_written(line)
        )

    def _of(self, folder: str, key: str) -> Path:
        return Path(f"{self.root}/{folder}/{key}.jsonl")

    def _files(self, folder: str, ending: str) -> list[Path]:
        """The files of a folder, in the order of their names."""
        try:
            with os.scandir(self.root / folder) as found:
                names = sorted(file.name for file in found if file.name.endswith(ending))
        except (FileNotFoundError, NotADirectoryError):
            return []
        return [Path(f"{self.root}/{folder}/{name}") for name in names]

    def _write_whole(self, path: Path, record: Any) -> None:
        refuse_linked(self.root, path.parent)
        write_whole(path, line_of(record, indent=1))

    def _whole(self, path: Path, kind: type[R]) -> R:
        try:
            return record_in(path.read_bytes(), kind)
        except ValueError as error:
            raise BadArchive(f"{self._name(path)}: {error}; restore it from git, or delete it") from None

    def _read(self, path: Path, kind: type[R]) -> tuple[R, ...]:
        return tuple(self._numbered(path, kind).values())

    def _numbered(self, path: Path, kind: type[R]) -> Mapping[int, R]:
        """The records of a file, by their lines."""
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return {}
        records: dict[int, R]
        records, torn = _records(self._name(path), data, kind)  # type: ignore[arg-type]  # classes can be hashed
        for told in torn:
            self.warn(told)
        return records

    def _append(self, path: Path, records: Iterable[Any]) -> None:
        records = tuple(records)
        if not records:
            return
        refuse_linked(self.root, path.parent)
        lines = b"".join(map(sealed, records))
        with self._lock, writing(path), own_file(path) as file:
            file.write(closing(file, type(records[0])) + lines)
            file.flush()
            os.fsync(file.fileno())

    # --- in the cache ----------------------------------------------------------------------------

    def sights(self, document: str) -> Sights:
        """What was seen of the quotes of a document, as far as somebody looked."""
        return self._sights.of(document)

    def keep_sights(self, document: str, sights: Sights) -> None:
        """Keep what was seen; where the file cannot be written, it is looked at again."""
        with suppress(Unwritable):
            self._sights.keep(document, sights)

    def want_room(self) -> None:
        """To be called before money is spent: what it buys must find room on the disk.

        Raises:
            Unwritable: there is too little.
        """
        with writing(self.root):
            disk = os.statvfs(self.root)
        if disk.f_blocks and disk.f_bavail * disk.f_frsize < ROOM_BYTES:  # some systems tell nothing
            why = f"less than {ROOM_BYTES / 1e6:g} MB are free, so a reply might not fit; no question is sent"
            raise Unwritable(unwritable(self.root, why))

    def book(self, reply: Reply) -> None:
        """Enter a reply into the books."""
        self._append(self.root / "replies.jsonl", [reply])

    def booked(self) -> tuple[Reply, ...]:
        """The books, oldest line first."""
        return self._read(self.root / "replies.jsonl", Reply)

    def unbooked(self) -> Iterator[Reply]:
        """The lines of stored replies that are not in the books: a crash came between."""
        booked = set(self.booked())
        for path in sorted((self.root / "cache" / "replies").glob("*/*.txt")):
            with path.open("rb") as file:
                note = file.readline().partition(b" ")[2]
            try:
                reply = record_in(note, Reply)
            except ValueError:
                continue  # someone else's, or of a release that booked it otherwise: it is booked when it is used
            if reply not in booked:
                yield reply

    # --- for the warehouse ------------------------------------------------------------------------

    def inputs(self) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of every archived file, in order: what the DuckDB file is built from."""
        paths = [self.root / "documents.jsonl", self.root / "replies.jsonl"]
        for folder, ending in (
            ("answers", ".jsonl"),
            ("decisions", ".jsonl"),
            ("audits", ".jsonl"),
            ("opinions", ".jsonl"),
            ("runs", ".json"),
            ("trials", ".jsonl"),
            ("evaluations", ".json"),
        ):
            paths += self._files(folder, ending)
        for path in paths:
            if path.is_file():
                yield self._name(path), path.read_bytes()
        yield self._name(self._sights.path), self._sights.data()

    # --- one run at a time ------------------------------------------------------------------------

    def owner(self) -> str | None:
        """Who holds the lock now, None when nobody does."""
        return owner_of(self.root)

    def lock(self, command: str) -> AbstractContextManager[None]:
        """Be the only run until the block ends.

        Raises:
            Locked: another process holds it; the message says who.
        """
        return locked(self.root, command)
