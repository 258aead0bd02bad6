"""Questions that were left waiting go in, a provider's batch comes out; replies come back the same way.

A batch is remembered in the archive before it is sent, and the provider is
given that name: a run that dies in between finds its batch again. While a
batch is open its questions are asked nowhere else; once it is over, whatever
it did not answer may be asked again. Replies go where all replies go, each
stored and booked before the batch is closed, and are validated by the same
path. What comes back is a stranger's: names in it are looked up, never used.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from survey_extract.adapters.openai.batch_lines import PATH, body_of, dumped, loaded, numbered, request_line, table
from survey_extract.adapters.openai.chat import Chat, Request
from survey_extract.adapters.openai.reply import REPLY_BYTES
from survey_extract.core.books import Batch, BatchQuestion, BatchState, Reply
from survey_extract.core.plural import count_of
from survey_extract.core.ports import Archive

if TYPE_CHECKING:
    from survey_extract.adapters.openai import sdk
else:
    from survey_extract.adapters.openai import later as sdk

QUESTIONS_LIMIT = 50_000
"""Requests in a batch, by the provider's documentation."""
BYTES_LIMIT = 190_000_000
"""Bytes of a batch's file; the provider takes 200 MB."""
MARK = "survey_extract"
"""Under this name a batch carries the name that it has in the archive."""

_NAMED = re.compile(rb'"custom_id"\s*:\s*"([0-9a-f]{64})"')
_UNKNOWN = "it may or may not have been sent; the next run looks for it"
_OPEN: frozenset[BatchState] = frozenset({"submitting", "pending"})
_OVER = frozenset({"completed", "expired", "cancelled", "failed"})


class OpenAIBatches:
    """The provider's Batch API; see ``core.ports.Batches``."""

    def __init__(self, chat: Chat, archive: Archive) -> None:
        self._chat, self._archive = chat, archive

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
        except sdk.openai.NotFoundError:
            return [], self._close(
                batch, "lost", "the provider no longer knows it; its questions are asked again, and paid for again"
            )
        except sdk.TROUBLE as error:
            return [], f"could not be checked ({self._said(error)}); its questions keep waiting"
        if found is None:
            return [], self._close(batch, "failed", "it was never sent; its questions are asked again")
        status, remote = getattr(found, "status", None), getattr(found, "id", None)
        if not isinstance(status, str) or not isinstance(remote, str):
            return [], "could not be checked (the answer is not a batch); its questions keep waiting"
        if status not in _OVER:
            self._archive.put_batch(replace(batch, state="pending", remote=remote))
            return (
                [],
                f"{self._chat.redacted(status)[:40]}; {count_of(len(batch.questions), 'question waits', 'questions wait')}",
            )
        return self._bring(replace(batch, remote=remote), found)

    def _find(self, batch: Batch) -> Any:
        """The batch as the provider has it; one that died while it was sent is found by its mark."""
        if batch.remote is not None:
            return self._chat.client.batches.retrieve(batch.remote)
        marked = (
            (found.metadata or {}).get(MARK) == batch.id and found
            for found in islice(self._chat.client.batches.list(limit=100), 1000)
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
        except sdk.openai.NotFoundError:
            return [*replies.values()], self._close(
                batch, "lost", "its output is gone; its questions are asked again, and paid for again"
            )
        except sdk.TROUBLE as error:
            return [
                *replies.values()
            ], f"its output could not be fetched ({self._said(error)}); the next run tries again"
        problems += [
            str(getattr(item, "message", item))
            for item in (getattr(getattr(found, "errors", None), "data", None) or [])
        ]
        said = f"{found.status}: {len(replies)} of {count_of(len(known), 'reply', 'replies')} arrived"
        if problems:
            said += (
                f"; {len(problems)} did not, the first: {self._chat.redacted(problems[0])[:200]}; they are asked again"
            )
        return [*replies.values()], self._close(batch, "failed" if found.status == "failed" else "collected", said)

    def _lines(self, file_id: object, questions: int) -> Iterator[bytes]:
        """The lines of a file of the provider's, which is brought whole before the first is looked at."""
        if not isinstance(file_id, str) or not file_id:
            return
        with tempfile.TemporaryFile() as file:
            size = REPLY_BYTES * max(questions, 1)
            with (
                self._chat.allowance.within(self._chat.endpoint.request_seconds, size),
                self._chat.client.files.with_streaming_response.content(file_id) as response,
            ):
                for piece in response.iter_bytes():
                    file.write(piece)
            file.seek(0)
            for _, line in numbered(file):
                yield line

    def _store(self, line: bytes, known: Mapping[str, BatchQuestion], batch: str) -> Reply | None:
        """Keep a reply and book it at the batch's price; once, should this batch be brought again."""
        record = table(loaded(line))
        name, raw = record.get("custom_id"), dumped(body_of(record))
        if not record and line.endswith(b"\n") and (found := _NAMED.search(line)):
            # Whole, and no JSON that can be read (a torn end answers nothing): it was paid for, and is refused by name.
            name, raw = found[1].decode(), line.decode("utf-8", "replace")
        question = known.get(name) if isinstance(name, str) else None
        held = self._chat.keep(raw, question, batch) if question and raw else None
        return replace(held.booking, outcome="collected") if held else None

    def _problem(self, record: bytes) -> str | None:
        """Why a question was not answered; what the endpoint refuses of it is left out the next time."""
        line = table(loaded(record))
        if not line or body_of(line) is not None:
            return None
        response = table(line.get("response"))
        error = table(table(response.get("body")).get("error")) or table(line.get("error"))
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
            file = self._chat.client.files.create(
                file=(f"{batch.id}.jsonl", data, "application/jsonl"), purpose="batch"
            )
            sent = self._chat.client.batches.create(
                input_file_id=file.id, endpoint=PATH, completion_window="24h", metadata={MARK: batch.id}
            )
        except sdk.openai.APIStatusError as error:
            if error.status_code >= 500:
                return f"batch {batch.id}: {_UNKNOWN} ({self._said(error)})"
            note = self._close(
                batch, "failed", f"the provider refused it ({self._said(error)}); its questions are asked again"
            )
            return f"batch {batch.id}: {note}"
        except sdk.TROUBLE as error:
            return f"batch {batch.id}: {_UNKNOWN} ({self._said(error)})"
        self._archive.put_batch(replace(batch, state="pending", remote=sent.id))
        return f"batch {batch.id}: {count_of(len(questions), 'question')} sent; the next run looks for their replies"


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
