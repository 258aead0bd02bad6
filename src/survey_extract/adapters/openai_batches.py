"""Questions that were left waiting go in, a provider's batch or a file comes out; replies come back the same way.

A batch is remembered in the archive before it is sent, and the provider is
given that name: a run that dies in between finds its batch again. While a
batch is open its questions are asked nowhere else; once it is over, whatever
it did not answer may be asked again. Replies go where all replies go, each
stored and booked before the batch is closed, and are validated by the same
path. What comes back is a stranger's: names in it are looked up, never used.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

import httpx2
import openai

from survey_extract.adapters.archive import is_sha256, write_whole
from survey_extract.adapters.openai_chat import REPLY_BYTES, Chat, Request
from survey_extract.adapters.openai_reply import loads
from survey_extract.core.characters import clean
from survey_extract.core.ports import Archive
from survey_extract.core.records import Batch, BatchQuestion, BatchState, Reply
from survey_extract.errors import BadList

PATH: Final = "/v1/chat/completions"
QUESTIONS_LIMIT = 50_000
"""Requests in a batch, by the provider's documentation."""
BYTES_LIMIT = 190_000_000
"""Bytes of a batch's file; the provider takes 200 MB."""
MARK = "survey_extract"
"""Under this name a batch carries the name that it has in the archive."""

LINE_BYTES = 2 * REPLY_BYTES
"""Bytes of a result's line; what is longer is no reply."""

_TROUBLE = (openai.OpenAIError, httpx2.HTTPError, ValueError)
"""What may come of asking a provider, an answer that is no JSON among it."""
_NAMED = re.compile(rb'"custom_id"\s*:\s*"([0-9a-f]{64})"')
_UNKNOWN = "whether it was sent is not known; the next run looks for it"
_OPEN: frozenset[BatchState] = frozenset({"submitting", "pending"})
_OVER = frozenset({"completed", "expired", "cancelled", "failed"})


class OpenAIBatches:
    """The provider's Batch API; see ``core.ports.Batches``."""

    def __init__(self, chat: Chat, archive: Archive) -> None:
        self._chat, self._archive = chat, archive
        self._files, self._batches = chat.client.files, chat.client.batches

    # --- collecting -------------------------------------------------------------------------------

    def collect(self) -> tuple[tuple[Reply, ...], tuple[str, ...]]:
        """Bring the replies of every open batch that is over."""
        replies: list[Reply] = []
        told: list[str] = []
        for batch in self._archive.batches():
            if batch.state in _OPEN:
                brought, said = self._look(batch)
                replies += brought
                told.append(f"batch {batch.id}: {said}")
        waiting = [batch for batch in self._archive.batches() if batch.state in _OPEN]
        self._chat.pending = frozenset(question.sha256 for batch in waiting for question in batch.questions)
        return tuple(replies), tuple(told)

    def _look(self, batch: Batch) -> tuple[list[Reply], str]:
        try:
            found = self._find(batch)
        except openai.NotFoundError:
            return [], self._close(
                batch, "lost", "the provider knows it no longer; its questions are asked again, and paid again"
            )
        except _TROUBLE as error:
            return [], f"could not be looked at ({self._said(error)}); its questions go on waiting"
        if found is None:
            return [], self._close(batch, "failed", "it was never sent; its questions are asked again")
        status, remote = getattr(found, "status", None), getattr(found, "id", None)
        if not isinstance(status, str) or not isinstance(remote, str):
            return [], "could not be looked at (the answer is no batch); its questions go on waiting"
        if status not in _OVER:
            self._archive.put_batch(replace(batch, state="pending", remote=remote))
            return [], f"{self._chat.redacted(status)[:40]}; {len(batch.questions)} questions wait"
        return self._bring(replace(batch, remote=remote), found)

    def _find(self, batch: Batch) -> Any:
        """The batch as the provider has it; one that died while it was sent is found by its mark."""
        if batch.remote is not None:
            return self._batches.retrieve(batch.remote)
        marked = (
            (found.metadata or {}).get(MARK) == batch.id and found
            for found in islice(self._batches.list(limit=100), 1000)
        )
        return next((found for found in marked if found), None)

    def _bring(self, batch: Batch, found: Any) -> tuple[list[Reply], str]:
        """The replies of a batch that is over, stored and booked, and the words for how it went."""
        known = {question.sha256: question for question in batch.questions}
        replies: dict[str, Reply] = {}
        problems: list[str] = []
        try:
            for file_id in (getattr(found, "output_file_id", None), getattr(found, "error_file_id", None)):
                for line in self._lines(file_id, len(known)):
                    if reply := self._store(line, known, batch.id):
                        replies[reply.sha256] = reply
                    elif problem := self._problem(line):
                        problems.append(problem)
        except openai.NotFoundError:
            return [*replies.values()], self._close(
                batch, "lost", "its output is gone; its questions are asked again, and paid again"
            )
        except _TROUBLE as error:
            return [*replies.values()], f"its output could not be had ({self._said(error)}); the next run tries again"
        problems += [
            str(getattr(item, "message", item))
            for item in (getattr(getattr(found, "errors", None), "data", None) or [])
        ]
        said = f"{found.status}: {len(replies)} of {len(known)} replies came"
        if problems:
            said += f"; {len(problems)} not, the first: {self._chat.redacted(problems[0])[:200]}; they are asked again"
        return [*replies.values()], self._close(batch, "failed" if found.status == "failed" else "collected", said)

    def _lines(self, file_id: object, questions: int) -> Iterator[bytes]:
        """The lines of a file of the provider's, which is brought whole before the first is looked at."""
        if not isinstance(file_id, str) or not file_id:
            return
        with tempfile.TemporaryFile() as file:
            size = REPLY_BYTES * max(questions, 1)
            with (
                self._chat.allowance.within(self._chat.endpoint.request_seconds, size),
                self._files.with_streaming_response.content(file_id) as response,
            ):
                for piece in response.iter_bytes():
                    file.write(piece)
            file.seek(0)
            for _, line in _numbered(file):
                yield line

    def _store(self, line: bytes, known: Mapping[str, BatchQuestion], batch: str) -> Reply | None:
        """Keep a reply and book it at the batch's price; once, should this batch be brought again."""
        record = _table(_loaded(line))
        name, raw = record.get("custom_id"), _dumped(_body(record))
        if not record and line.endswith(b"\n") and (found := _NAMED.search(line)):
            # Whole, and no JSON that can be read (a torn end answers nothing): it was paid for, and is refused by name.
            name, raw = found[1].decode(), line.decode("utf-8", "replace")
        question = known.get(name) if isinstance(name, str) else None
        held = self._chat.keep(raw, question, batch) if question and raw else None
        return replace(held.booking, outcome="collected") if held else None

    def _problem(self, record: bytes) -> str | None:
        """Why a question was not answered; what the endpoint refuses of it is left out the next time."""
        line = _table(_loaded(record))
        if not line or _body(line) is not None:
            return None
        response = _table(line.get("response"))
        error = _table(_table(response.get("body")).get("error")) or _table(line.get("error"))
        message, status = str(error.get("message") or "no reason given"), response.get("status_code")
        self._chat.learn(status if isinstance(status, int) else 0, message, str(error.get("param")))
        return message

    def _close(self, batch: Batch, state: BatchState, note: str) -> str:
        self._archive.put_batch(replace(batch, state=state, note=note))
        return note

    def _said(self, error: Exception) -> str:
        return self._chat.redacted(" ".join(str(error).split()))[:200]

    # --- submitting -------------------------------------------------------------------------------

    def submit(self) -> tuple[str, ...]:
        """Send the waiting questions, in as many batches as the provider's limits want."""
        told: list[str] = []
        for number, questions in enumerate(_portions(self._requests()), start=1):
            told.append(self._submit(number, questions))
        return tuple(told)

    def _requests(self) -> Iterator[tuple[Request, bytes]]:
        for request in self._chat.deferred.values():
            yield request, request_line(request.sha256, self._chat.without_refused(request.body))

    def _submit(self, number: int, questions: list[tuple[Request, bytes]]) -> str:
        batch = Batch(
            id=f"{self._chat.clock.now():%Y-%m-%dT%H%M%S}-{number}",
            engine=self._chat.engine,
            model=self._chat.endpoint.model,
            state="submitting",
            submitted_at=self._chat.now(),
            questions=tuple(request.about for request, _ in questions),
        )
        self._archive.put_batch(batch)
        try:
            data = b"".join(line for _, line in questions)
            file = self._files.create(file=(f"{batch.id}.jsonl", data, "application/jsonl"), purpose="batch")
            sent = self._batches.create(
                input_file_id=file.id, endpoint=PATH, completion_window="24h", metadata={MARK: batch.id}
            )
        except openai.APIStatusError as error:
            if error.status_code >= 500:
                return f"batch {batch.id}: {_UNKNOWN} ({self._said(error)})"
            note = self._close(
                batch, "failed", f"the provider refused it ({self._said(error)}); its questions are asked again"
            )
            return f"batch {batch.id}: {note}"
        except _TROUBLE as error:
            return f"batch {batch.id}: {_UNKNOWN} ({self._said(error)})"
        self._archive.put_batch(replace(batch, state="pending", remote=sent.id))
        return f"batch {batch.id}: {len(questions)} questions sent; the next run looks for their replies"


class FileBatches:
    """The same through files: questions for any other system or a person, replies from them. See ``core.ports.Batches``."""

    def __init__(self, chat: Chat, *, questions: Path | None, results: Path | None) -> None:
        self._chat, self._questions, self._results = chat, questions, results
        self._lines: dict[str, int] = {}
        """By the question, the line of the results file that answers it."""

    def collect(self) -> tuple[tuple[Reply, ...], tuple[str, ...]]:
        """Take the replies out of the results file; all lines are checked before any is kept.

        Raises:
            BadList: a line that is no result, or a file that holds none; the message names it.
        """
        if self._results is None:
            return (), ()
        unanswered = [said for _, _, said in self._results_in(self._results) if said]
        taken, held = 0, 0
        for sha256, raw, _ in self._results_in(self._results):
            if raw is None:
                continue
            if self._chat.is_ours(sha256):
                held += 1  # what was paid for stays
                continue
            self._chat.keep_foreign(sha256, raw)
            taken += 1
        told = [f"{self._results.name}: {taken} replies taken in"]
        told += [f"{held} of the replies were here already, paid for"] if held else []
        return (), (*told, *unanswered)

    def _results_in(self, path: Path) -> Iterator[tuple[str, str | None, str | None]]:
        """Each line as (name of the question, completion, why there is none)."""
        self._lines.clear()
        empty = True
        for number, line in _numbered_in(path):
            empty = False
            yield self._checked(f"{path}:{number}", number, line)
        if empty:
            raise BadList(f"{path}: the file is empty: it holds no reply")

    def _checked(self, where: str, number: int, line: bytes) -> tuple[str, str | None, str | None]:
        record = _loaded(line, where)
        name = record.get("custom_id") if isinstance(record, dict) else None
        if not isinstance(record, dict) or not isinstance(name, str):
            raise BadList(f"{where}: no result of a batch: it needs a custom_id and a response")
        short = clean(name)[:12] + "…"
        if _is_unanswered(record):
            self._refuse_name(where, name, number)
            return name, None, f"{where}: {short} was not answered: {self._why(record)}"
        raw = _dumped(_body(record))
        completion = self._chat.read(raw) if raw else None
        if completion is None or completion.problem:
            raise BadList(f"{where}: {short}: its response holds no completion (response.body.choices)")
        if not completion.model:
            raise BadList(f"{where}: {short}: who answered? its response names no model (response.body.model)")
        self._refuse_name(where, name, number)
        return name, raw, None

    def _refuse_name(self, where: str, name: str, number: int) -> None:
        """A name is a hash of ours, never a path, and answered once."""
        if not is_sha256(name):
            raise BadList(
                f"{where}: {clean(name)[:20]!r} is no question of ours: a custom_id comes back as it was sent"
            )
        if (first := self._lines.setdefault(name, number)) != number:
            raise BadList(f"{where}: {name[:12]}… is answered in line {first} already; leave one of them")

    def _why(self, record: dict[str, Any]) -> str:
        response = _table(record.get("response"))
        error = _table(record.get("error")) or _table(_table(response.get("body")).get("error"))
        message = str(error.get("message") or record.get("error") or f"status {response.get('status_code')}")
        return self._chat.redacted(clean(message))[:200]

    def submit(self) -> tuple[str, ...]:
        """Write the waiting questions to the file."""
        told = []
        if unknown := sorted(line for name, line in self._lines.items() if name not in self._chat.used):
            lines = ", ".join(map(str, unknown[:10])) + (" ..." if len(unknown) > 10 else "")
            told.append(
                f"{len(unknown)} of the replies belong to no question of this run (another model, prompt or document): line {lines}"
            )
        waiting = self._chat.deferred.values()
        if self._questions is not None:
            data = b"".join(request_line(item.sha256, item.body) for item in waiting)
            write_whole(self._questions.resolve(), data)
            told.append(
                f"{len(waiting)} questions written to {self._questions}: bring the replies with refresh --collect FILE"
            )
        elif waiting:
            told.append(f"{len(waiting)} questions are still open: refresh --batch-file FILE writes them")
        return tuple(told)


def request_line(sha256: str, body: dict[str, Any]) -> bytes:
    """A line of a batch's file."""
    request = {"custom_id": sha256, "method": "POST", "url": PATH, "body": body}
    return (json.dumps(request, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def _portions(requests: Iterator[tuple[Request, bytes]]) -> Iterator[list[tuple[Request, bytes]]]:
    portion: list[tuple[Request, bytes]] = []
    size = 0
    for question, line in requests:
        if portion and (len(portion) == QUESTIONS_LIMIT or size + len(line) > BYTES_LIMIT):
            yield portion
            portion, size = [], 0
        portion.append((question, line))
        size += len(line)
    if portion:
        yield portion


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _is_unanswered(line: dict[str, Any]) -> bool:
    """Whether a result says of itself that there is no reply."""
    status = _table(line.get("response")).get("status_code", 200)
    return bool(line.get("error")) or (isinstance(status, int) and status != 200)


def _body(line: dict[str, Any]) -> dict[str, Any] | None:
    """The completion in a result's line, None when the question was not answered."""
    body = _table(line.get("response")).get("body")
    return None if _is_unanswered(line) or not isinstance(body, dict) else body


def _dumped(body: dict[str, Any] | None) -> str | None:
    try:
        return None if body is None else json.dumps(body, ensure_ascii=False)
    except RecursionError:
        return "{"  # as good as a reply that cannot be read


def _loaded(line: bytes, where: str | None = None) -> Any:
    """A line's JSON; what is none is None, or BadList where a person should know of it."""
    try:
        if len(line) >= LINE_BYTES:
            raise ValueError(f"the line is longer than {LINE_BYTES / 1e6:g} MB")
        return loads(line.decode("utf-8-sig"))
    except RecursionError:
        said = "no JSON: nested beyond reason"
    except UnicodeDecodeError as error:
        said = f"not UTF-8 ({error.reason} at byte {error.start} of the line)"
    except ValueError as error:
        said = f"no JSON ({error})"
    if where:
        raise BadList(f"{where}: {said}")
    return None


def _numbered(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, with their numbers; of one that does not end, the beginning."""
    number = 0
    while line := file.readline(LINE_BYTES):
        number += 1
        if line.strip():
            yield number, line
        while not line.endswith(b"\n") and (line := file.readline(LINE_BYTES)):
            pass


def _numbered_in(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        if not path.is_file():
            raise BadList(f"{path}: no file of replies")
        with path.open("rb") as file:
            yield from _numbered(file)
    except OSError as error:
        raise BadList(f"{path} cannot be read: {error.strerror or error}") from None
