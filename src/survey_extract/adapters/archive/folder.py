"""Records go in, lines of JSONL come out, and back: the part of the warehouse that git keeps, and the cache beside it.

Everything is appended, flushed and synced before it is built upon; whole files
are written beside and renamed. A torn last line is what a crash leaves: it is
reported and passed over, and the next append starts on a line of its own. Any
other bad line stops the command, since a lost correction would go unseen.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import re
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from pydantic import TypeAdapter, ValidationError
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from survey_extract.adapters.archive.sights import SightFile
from survey_extract.adapters.fields_toml import default_fields
from survey_extract.core.fields import Fields
from survey_extract.core.fingerprint import sha256_of
from survey_extract.core.lists.rendered import Rendering
from survey_extract.core.readme.table import PAGES
from survey_extract.core.records import Answer, Audit, Batch, Decision, Document, Opinion, PaperText, Reply, Run
from survey_extract.core.runs import with_keys
from survey_extract.core.sight import Sights
from survey_extract.errors import BadArchive, Locked, Unwritable
from survey_extract.files import PART, unwritable, write_whole, writing

R = TypeVar("R")
Cellular = TypeVar("Cellular", Answer, Decision, Audit, Opinion)
"""What is said of a cell."""

_READER = re.compile(rb'"reader":\s*"([^"]*)"')
_HEAD = 512
"""Bytes at the begin of a text in which its reader's name stands."""
_SEAL = re.compile(rb',"seal":"([0-9a-f]{16})"\}$')
"""The end of a line: the begin of the SHA-256 of all before it. Lines of before there were seals have none."""
_PART = re.compile(r"\.(\d{1,9})(?:-\d+)?\.part(?:\.wal)?$")
ROOM_BYTES = 2_000_000
"""Bytes that must be free before a question is sent."""
TAIL_BYTES = 4_096
"""Bytes that are read at once from the end of a file."""
TEXT_FORMAT = 1
"""Raised when the records of a text change, so that older cache files are read anew."""


class FileArchive:
    """The folder ``warehouse/`` of a survey; see ``core.ports.Archive``. ``warn`` is told of torn lines."""

    def __init__(self, project: Path, *, warn: Callable[[str], None], fields: Fields | None = None) -> None:
        self.root = project / "warehouse"
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
        """Key and location of each source on record; see ``core.identifiers.Keys``."""
        return [(key, documents[0].link) for key, documents in self.documents().items()]

    def field_names(self) -> Mapping[str, tuple[int, int]]:
        """The fields that records name, as they were called then, each with its answers and decisions."""
        kinds: tuple[tuple[str, type[Any]], ...] = (("answers", Answer), ("decisions", Decision))
        counted = [
            Counter(r.field for path in sorted((self.root / folder).glob("*.jsonl")) for r in self._read(path, kind))
            for folder, kind in kinds
        ]
        return {name: (counted[0][name], counted[1][name]) for name in dict.fromkeys((*counted[0], *counted[1]))}

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
        paths = sorted((self.root / "evaluations").glob("*.json"))
        return {path.stem: path.read_text(encoding="utf-8") for path in paths}

    def add_evaluation(self, name: str, text: str) -> None:
        write_whole(self.root / "evaluations" / f"{name}.json", text.encode())

    def add_audits(self, key: str, audits: Iterable[Audit]) -> None:
        self._append(self._of("audits", key), audits)

    def add_opinions(self, key: str, opinions: Iterable[Opinion]) -> None:
        self._append(self._of("opinions", key), opinions)

    def runs(self) -> tuple[Run, ...]:
        """All runs, oldest first, each with the sources that were due."""
        return with_keys([self._run(path) for path in sorted((self.root / "runs").glob("*.json"))])

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
        for lost in sorted({run.keys_of for run in self.runs() if run.keys_of and not run.keys}):
            self.warn(
                f"warehouse/runs/{lost}.json is not here: it lists the sources of later runs; restore it from git"
            )
        kinds = (
            ("answers", Answer), ("decisions", Decision), ("audits", Audit), ("opinions", Opinion), ("trials", Answer),
        )  # fmt: skip
        for folder, kind in kinds:
            for path in sorted((self.root / folder).glob("*.jsonl")):
                self._read(path, kind)

    def add_document(self, document: Document) -> None:
        self._append(self.root / "documents.jsonl", [document])

    def add_answers(self, key: str, answers: Iterable[Answer]) -> None:
        """Append answers in one write, so that a crash keeps all of them or tears the last."""
        self._append(self._of("answers", key), answers)

    def add_decisions(self, key: str, decisions: Iterable[Decision]) -> None:
        """Append decisions under a lock of their own, so that review goes on while a run works."""
        with _own_file(self.root / ".decisions.lock") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._append(self._of("decisions", key), decisions)

    def add_run(self, run: Run) -> None:
        self._write_whole(self.root / "runs" / f"{run.id}.json", run)

    def remove_run(self, name: str) -> None:
        """Take back the record of a run that changed nothing."""
        (self.root / "runs" / f"{name}.json").unlink(missing_ok=True)

    def renderings(self) -> tuple[Rendering, ...]:
        """What ``render`` wrote, oldest first."""
        return self._read(self.root / "rendered.jsonl", Rendering)

    def add_rendering(self, rendering: Rendering) -> None:
        self._append(self.root / "rendered.jsonl", [rendering])

    def batches(self) -> tuple[Batch, ...]:
        """All batches, oldest first."""
        return tuple(self._whole(path, Batch) for path in sorted((self.root / "batches").glob("*.json")))

    def put_batch(self, batch: Batch) -> None:
        """Write the record of a batch, in place of what it was before."""
        self._write_whole(self.root / "batches" / f"{batch.id}.json", batch)

    def places(self, key: str) -> Mapping[Answer | Decision, str]:
        """File and line of each answer and decision about a source."""
        answers, decisions = self._of("answers", key), self._of("decisions", key)
        return {
            **{self._named(r): f"{self._name(answers)}:{number}" for number, r in self._numbered(answers, Answer)},
            **{
                self._named(r): f"{self._name(decisions)}:{number}" for number, r in self._numbered(decisions, Decision)
            },
        }

    def broken_seals(self) -> tuple[str, ...]:
        """File and line of what is no longer as it was written."""
        return tuple(
            f"{name}:{number}"
            for name, data in self.inputs()
            if name.endswith(".jsonl")
            for number, line in enumerate(data.split(b"\n"), start=1)
            if not _is_torn(line) and not _is_as_written(line)
        )

    def _of(self, folder: str, key: str) -> Path:
        return self.root / folder / f"{key}.jsonl"

    def _write_whole(self, path: Path, record: Any) -> None:
        write_whole(path, line_of(record, indent=1))

    def _whole(self, path: Path, kind: type[R]) -> R:
        try:
            record: R = _adapter(kind).validate_json(path.read_bytes())
        except ValidationError as error:
            raise BadArchive(f"{self._name(path)}: {_first(error)}; restore it from git, or delete it") from None
        return record

    def _read(self, path: Path, kind: type[R]) -> tuple[R, ...]:
        return tuple(record for _, record in self._numbered(path, kind))

    def _numbered(self, path: Path, kind: type[R]) -> Iterator[tuple[int, R]]:
        """The records of a file, each with its line."""
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return
        adapter = _adapter(kind)
        lines = data.split(b"\n")
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                yield number, adapter.validate_json(line)
            except ValidationError as error:
                where = f"{self._name(path)}:{number}"
                if number == len(lines):  # no line feed behind it: the write was cut
                    self.warn(f"{where}: the last line is torn (a crash while writing); it is passed over")
                elif _is_torn(line):
                    self.warn(f"{where}: a torn line (a crash while writing); it is passed over")
                else:
                    raise BadArchive(f"{where}: {_first(error)}; restore the line from git, or delete it") from None

    def _append(self, path: Path, records: Iterable[Any]) -> None:
        lines = b"".join(_sealed(record) for record in records)
        if not lines:
            return
        with self._lock, writing(path), _own_file(path) as file:
            file.write(_closing(file) + lines)
            file.flush()
            os.fsync(file.fileno())

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self.root.parent))

    # --- the cache --------------------------------------------------------------------------------

    def path_of(self, sha256: str) -> Path | None:
        """Where the bytes of a document are, None when they are not here; checked once by ``bytes_of``."""
        return self._held("documents", sha256) if self.bytes_of(sha256) is not None else None

    def bytes_of(self, sha256: str) -> bytes | None:
        """The bytes of a document, None when they are not here or no longer what their name says."""
        try:
            data = self._held("documents", sha256).read_bytes()
        except FileNotFoundError:
            return None
        return data if hashlib.sha256(data).hexdigest() == sha256 else None

    def keep_bytes(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        write_whole(self._cached("documents", sha256), data)
        return sha256

    def text_of(self, document: str) -> PaperText | None:
        """The text of a document, None when it is not here or damaged."""
        try:
            data = self._held("texts", document).with_suffix(".json").read_bytes()
        except FileNotFoundError:
            return None
        head, _, payload = data.partition(b"\n")
        if hashlib.sha256(payload).hexdigest().encode() != head.partition(b" ")[0]:
            return None
        held = _adapter(_HeldText).validate_json(payload)
        return held.text if held.format == TEXT_FORMAT else None

    def damage(self, document: str) -> tuple[str, ...]:
        """What of a document's bytes and text in the cache is not as it was kept; nothing of what is whole or not here."""
        found: list[str] = []
        kept, text = self._held("documents", document), self._held("texts", document).with_suffix(".json")
        if kept.is_file() and self.bytes_of(document) is None:
            found.append(f"{self._name(kept)}: not the bytes that were fetched")
        if text.is_file():
            held = self.text_of(document)
            own = held and sha256_of(held)
            if held is None or not held.sha256 == own == self.text_sha256(document):
                found.append(f"{self._name(text)}: not the text that was kept")
        return tuple(found)

    def text_sha256(self, document: str) -> str | None:
        """The hash of a document's text by the first line of its file, None when it is not here."""
        try:
            with self._held("texts", document).with_suffix(".json").open("rb") as file:
                return file.readline().decode("ascii", "replace").strip().partition(" ")[2] or None
        except FileNotFoundError:
            return None

    def reader_of(self, document: str) -> str | None:
        """What read the text of a document, by the beginning of its file, since texts are large; None when it is not here."""
        try:
            with self._held("texts", document).with_suffix(".json").open("rb") as file:
                file.readline()
                found = _READER.search(file.read(_HEAD))
        except FileNotFoundError:
            return None
        return found[1].decode("utf-8", "replace") if found else None

    def keep_text(self, document: str, text: PaperText) -> None:
        """Keep a text under a line with the hash of what follows, and the text's own."""
        payload = _adapter(_HeldText).dump_json(_HeldText(TEXT_FORMAT, text))
        head = f"{hashlib.sha256(payload).hexdigest()} {text.sha256}\n"
        write_whole(self._cached("texts", document).with_suffix(".json"), head.encode() + payload)

    def sights(self, document: str) -> Sights:
        """What was seen of the quotes of a document, as far as somebody looked."""
        return self._sights.of(document)

    def keep_sights(self, document: str, sights: Sights) -> None:
        """Keep what was seen; where the file cannot be written, it is looked at again."""
        with suppress(Unwritable):
            self._sights.keep(document, sights)

    def get_reply(self, sha256: str) -> str | None:
        """The raw reply, None when it never arrived or is damaged."""
        try:
            data = self._held("replies", sha256).with_suffix(".txt").read_bytes()
        except FileNotFoundError:
            return None
        head, _, payload = data.partition(b"\n")
        digest = head.partition(b" ")[0]
        return (
            payload.decode("utf-8", "surrogatepass") if hashlib.sha256(payload).hexdigest().encode() == digest else None
        )

    def put_reply(self, sha256: str, raw: str, booking: Reply | None = None) -> None:
        """Keep a reply under a line with its hash and what books it."""
        payload = raw.encode("utf-8", "surrogatepass")
        head = hashlib.sha256(payload).hexdigest().encode()
        if booking:
            head += b" " + line_of(booking)
        write_whole(self._reply_path(sha256), head.rstrip(b"\n") + b"\n" + payload)

    def want_room(self) -> None:
        """To be called before money is spent: what it buys must find room on the disk.

        Raises:
            Unwritable: there is too little.
        """
        with writing(self.root):
            disk = os.statvfs(self.root)
        if disk.f_blocks and disk.f_bavail * disk.f_frsize < ROOM_BYTES:  # some systems tell nothing
            why = f"less than {ROOM_BYTES / 1e6:g} MB are free, and a reply might find no room; no question is sent"
            raise Unwritable(unwritable(self.root, why))

    def booking_of(self, sha256: str) -> Mapping[str, Any] | None:
        """What was kept with a reply to book it by; None for one that someone else brought."""
        with self._reply_path(sha256).open("rb") as file:
            note = file.readline().partition(b" ")[2]
        try:
            found = json.loads(note)
        except ValueError:
            return None
        return found if isinstance(found, dict) else None

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
                reply = _adapter(Reply).validate_json(note)
            except ValidationError:
                continue  # someone else's, or of a release that booked it otherwise: it is booked when it is used
            if reply not in booked:
                yield reply

    def _reply_path(self, sha256: str) -> Path:
        return self._cached("replies", sha256).with_suffix(".txt")

    def _held(self, kind: str, sha256: str) -> Path:
        """Where to look for a file. A damaged record may name what is no hash: that is a file which is not here."""
        return self._cached(
            kind, sha256 if is_sha256(sha256) else hashlib.sha256(sha256.encode(errors="replace")).hexdigest()
        )

    def _cached(self, kind: str, sha256: str) -> Path:
        """Where to keep a file; its name comes from us alone."""
        if not is_sha256(sha256):
            raise ValueError(f"{sha256[:80]!r} is no SHA-256, and names no file")
        return self.root / "cache" / kind / sha256[:2] / sha256

    # --- for the warehouse ------------------------------------------------------------------------

    def inputs(self) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of every archived file, in order: what the DuckDB file is built from."""
        paths = [self.root / "documents.jsonl", self.root / "replies.jsonl"]
        for folder, pattern in (
            ("answers", "*.jsonl"),
            ("decisions", "*.jsonl"),
            ("audits", "*.jsonl"),
            ("opinions", "*.jsonl"),
            ("runs", "*.json"),
            ("trials", "*.jsonl"),
            ("evaluations", "*.json"),
        ):
            paths += sorted((self.root / folder).glob(pattern))
        for path in paths:
            if path.is_file():
                yield self._name(path), path.read_bytes()
        yield self._name(self._sights.path), self._sights.data()

    def has_text(self, document: str) -> bool:
        return self._held("texts", document).with_suffix(".json").is_file()

    def owner(self) -> str | None:
        """Who holds the lock now, None when nobody does."""
        try:
            with (self.root / ".lock").open("rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    return _named(file)
        except OSError:  # there is none, or it is not ours to read
            pass
        return None

    @contextmanager
    def lock(self, command: str) -> Iterator[None]:
        """Be the only run. The file names its owner; the operating system frees it when the process dies.

        Raises:
            Locked: another process holds it; the message says who.
        """
        with _own_file(self.root / ".lock") as file:
            try:
                _take(file)
            except BlockingIOError:
                raise Locked(f"another run is under way: {_named(file)} (warehouse/.lock)") from None
            file.truncate(0)
            since = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
            own = f"`survey-extract {command}`, process {os.getpid()} on {socket.gethostname()}, since {since}\n"
            file.write(own.encode())
            file.flush()
            self._sweep()
            yield

    def _sweep(self) -> None:
        """Remove the unfinished files of processes that died; the lock is held, so that no other run makes any."""
        project = self.root.parent
        for path in (*self.root.rglob(f"*{PART}*"), *project.glob(f"*{PART}"), *project.glob(f"{PAGES}/*{PART}")):
            if (maker := _PART.search(path.name)) and not _lives(int(maker[1])) and not path.is_dir():
                with suppress(OSError):
                    path.unlink()


@retry(retry=retry_if_exception_type(BlockingIOError), stop=stop_after_delay(0.5), wait=wait_fixed(0.05), reraise=True)
def _take(lock: BinaryIO) -> None:
    """Take the lock; half a second is waited, since ``owner`` holds it for a moment to see whether it is free."""
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _named(lock: BinaryIO) -> str:
    lock.seek(0)
    return lock.read().decode("utf-8", "replace").strip() or "its owner is unknown"


@contextmanager
def _own_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file of the archive to read it and to add to its end; it is made where there is none.

    Raises:
        Unwritable: it cannot be; or it is a symbolic link, which anyone's pull
            request may hold, to a file that is not ours to write.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            raise OSError(errno.ELOOP, "it is a symbolic link; put the file itself in its place")
        opened = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    with os.fdopen(opened, "ab+") as file:
        yield file


def _lives(process: int) -> bool:
    """Whether there is such a process on this machine."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


@dataclass(frozen=True, slots=True)
class _HeldText:
    """A text in the cache."""

    format: int
    text: PaperText


TORN = "\x18"
"""ASCII CAN behind a torn line marks it as torn for good, so that the next append does not hide it."""


def _is_torn(line: bytes) -> bool:
    return line.endswith(TORN.encode())


def _sealed(record: Any) -> bytes:
    """The line of a record, closed by its seal."""
    line = line_of(record).removesuffix(b"\n")
    return line[:-1] + f',"seal":"{_seal(line)}"}}\n'.encode()


def _seal(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()[:16]


def _is_as_written(line: bytes) -> bool:
    """Whether a line is what its seal was made of; one without a seal may be."""
    seal = _SEAL.search(line)
    return seal is None or _seal(line[: seal.start()] + b"}") == seal[1].decode()


def _last_line(file: BinaryIO) -> bytes:
    """What stands behind the last line feed, read from the end: a file is not read whole to add a line to it."""
    last, start = b"", file.seek(0, os.SEEK_END)
    while start and b"\n" not in last:
        step = min(TAIL_BYTES, start)
        start = file.seek(start - step)
        last = file.read(step) + last
    return last.rpartition(b"\n")[2]


def _closing(file: BinaryIO) -> bytes:
    """What must stand before the next line: nothing, or the end of a last line that a crash left open."""
    last = _last_line(file)
    if not last:
        return b""
    try:
        json.loads(last)
    except ValueError:
        return f"{TORN}\n".encode()
    return b"\n"  # only its line feed is missing


def line_of(record: Any, *, indent: int | None = None) -> bytes:
    """A record as its line in a file, read back before it counts: what is written can be read.

    Raises:
        ValueError: it could not be read back as what it is; nothing has been written.
    """
    separators = (",", ":") if indent is None else None
    text = json.dumps(
        asdict(record, dict_factory=_without_no_boxes), ensure_ascii=False, indent=indent, separators=separators
    )
    line = text.encode("utf-8", "replace") + b"\n"  # halves of surrogate pairs are no characters, in any file
    _adapter(type(record)).validate_json(line)
    return line


def _without_no_boxes(items: list[tuple[str, Any]]) -> dict[str, Any]:
    """A record as JSON has it; a pointer to what is no row looks as it did before there were rows."""
    return {name: value for name, value in items if name != "boxes" or value}


_SHA256 = re.compile(r"[0-9a-f]{64}")


def is_sha256(text: str) -> bool:
    """Whether a text is a hash as we write it, and nothing else."""
    return _SHA256.fullmatch(text) is not None


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[R]) -> TypeAdapter[R]:
    """What reads and checks a record; made when first wanted, since that takes a while."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    return f"{where}: {first['msg']}" if where else first["msg"]
