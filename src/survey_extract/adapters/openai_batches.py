"""Questions that were left waiting go in, a provider's batch or a file comes out; replies come back the same way.

A batch is remembered in the archive before it is sent, and the provider is
given that name: a run that dies in between finds its batch again. While a
batch is open its questions are asked nowhere else; once it is over, whatever
it did not answer may be asked again. Replies go where all replies go, and are
validated by the same path.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

import openai

from survey_extract.adapters.archive import write_whole
from survey_extract.adapters.openai_chat import Chat, Deferred, parsed, usage_of
from survey_extract.core.ports import About, Archive
from survey_extract.core.records import Batch, BatchQuestion, BatchState, Reply
from survey_extract.errors import BadList

PATH: Final = "/v1/chat/completions"
QUESTIONS_LIMIT = 50_000
"""Requests in a batch, by the provider's documentation."""
BYTES_LIMIT = 190_000_000
"""Bytes of a batch's file; the provider takes 200 MB."""
MARK = "survey_extract"
"""Under this name a batch carries the name that it has in the archive."""

_UNKNOWN = "whether it was sent is not known; the next run looks for it"
_OPEN: frozenset[BatchState] = frozenset({"submitting", "pending"})
_OVER = frozenset({"completed", "expired", "cancelled", "failed"})


class OpenAIBatches:
    """The provider's Batch API; see ``core.ports.Batches``. ``engine`` is the name under which replies are booked."""

    def __init__(self, chat: Chat, archive: Archive, engine: str) -> None:
        self._chat, self._archive, self._engine = chat, archive, engine
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
        except openai.OpenAIError as error:
            return [], f"could not be looked at ({self._said(error)}); its questions go on waiting"
        if found is None:
            return [], self._close(batch, "failed", "it was never sent; its questions are asked again")
        if found.status not in _OVER:
            self._archive.put_batch(replace(batch, state="pending", remote=found.id))
            return [], f"{found.status}; {len(batch.questions)} questions wait"
        return self._bring(replace(batch, remote=found.id), found)

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
        try:
            output = self._content(found.output_file_id)
            errors = self._content(found.error_file_id)
        except openai.NotFoundError:
            return [], self._close(batch, "lost", "its output is gone; its questions are asked again, and paid again")
        except openai.OpenAIError as error:
            return [], f"its output could not be had ({self._said(error)}); the next run tries again"
        known = {question.sha256: question for question in batch.questions}
        replies = [reply for line in _lines(output) if (reply := self._store(line, known))]
        problems = [problem for line in (*_lines(output), *_lines(errors)) if (problem := self._problem(line))]
        problems += [str(item.message) for item in (getattr(found.errors, "data", None) or [])]
        said = f"{found.status}: {len(replies)} of {len(known)} replies came"
        if problems:
            said += f"; {len(problems)} not, the first: {self._chat.redacted(problems[0])[:200]}; they are asked again"
        return replies, self._close(batch, "failed" if found.status == "failed" else "collected", said)

    def _content(self, file_id: str | None) -> str:
        return self._files.content(file_id).text if file_id else ""

    def _store(self, line: dict[str, Any], known: Mapping[str, BatchQuestion]) -> Reply | None:
        """Keep a reply, and book it unless a run that was broken off has."""
        question = known.get(str(line.get("custom_id")))
        body = _body(line)
        if question is None or body is None:
            return None
        raw = self._chat.redacted(json.dumps(body, ensure_ascii=False))
        completion = parsed(raw)
        if completion is None:
            return None
        about = About(question.key, question.fields, batched=True)
        self._chat.replies.put_reply(question.sha256, raw, about)
        self._chat.booked.add(question.sha256)
        usage = usage_of(completion)
        return Reply(
            sha256=question.sha256,
            key=question.key,
            engine=self._engine,
            model=self._chat.endpoint.model,
            fields=question.fields,
            outcome="collected",
            usage=usage,
            reused=False,
            at=self._chat.now(),
            cost=self._chat.cost(usage, batched=True),
            answered_by=completion.model or None,
        )

    def _problem(self, line: dict[str, Any]) -> str | None:
        """Why a question was not answered; what the endpoint refuses of it is left out the next time."""
        if _body(line) is not None:
            return None
        response = line.get("response") or {}
        error = (response.get("body") or {}).get("error") or line.get("error") or {}
        message = str(error.get("message") or "no reason given")
        self._chat.learn(int(response.get("status_code") or 0), message, error.get("param"))
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

    def _requests(self) -> Iterator[tuple[Deferred, bytes]]:
        for question in self._chat.deferred.values():
            yield question, request_line(question.sha256, self._chat.without_refused(question.body))

    def _submit(self, number: int, questions: list[tuple[Deferred, bytes]]) -> str:
        batch = Batch(
            id=f"{self._chat.clock.now():%Y-%m-%dT%H%M%S}-{number}",
            engine=self._engine,
            model=self._chat.endpoint.model,
            state="submitting",
            submitted_at=self._chat.now(),
            questions=tuple(BatchQuestion(item.sha256, item.key, item.fields) for item, _ in questions),
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
        except openai.OpenAIError as error:
            return f"batch {batch.id}: {_UNKNOWN} ({self._said(error)})"
        self._archive.put_batch(replace(batch, state="pending", remote=sent.id))
        return f"batch {batch.id}: {len(questions)} questions sent; the next run looks for their replies"


class FileBatches:
    """The same through files: questions for any other system or a person, replies from them. See ``core.ports.Batches``."""

    def __init__(self, chat: Chat, *, questions: Path | None, results: Path | None) -> None:
        self._chat, self._questions, self._results = chat, questions, results
        self._brought: set[str] = set()

    def collect(self) -> tuple[tuple[Reply, ...], tuple[str, ...]]:
        """Take the replies out of the results file; all lines are checked before any is kept.

        Raises:
            BadList: a line that is no result; the message names it.
        """
        if self._results is None:
            return (), ()
        lines = [self._checked(number, line) for number, line in _numbered(self._results)]
        for sha256, raw in lines:
            self._chat.replies.put_reply(sha256, self._chat.redacted(raw))
            self._brought.add(sha256)
        self._chat.foreign |= self._brought
        return (), (f"{self._results.name}: {len(lines)} replies taken in",)

    def _checked(self, number: int, line: Any) -> tuple[str, str]:
        where = f"{self._results}:{number}"
        if not isinstance(line, dict) or not isinstance(line.get("custom_id"), str):
            raise BadList(f"{where}: no result of a batch: it needs a custom_id and a response")
        body = _body(line)
        completion = parsed(json.dumps(whole(body))) if isinstance(body, dict) else None
        if body is None or completion is None or not completion.choices:
            raise BadList(
                f"{where}: {line['custom_id'][:12]}…: its response holds no completion (response.body.choices)"
            )
        if not completion.model:
            raise BadList(
                f"{where}: {line['custom_id'][:12]}…: who answered? its response names no model (response.body.model)"
            )
        return line["custom_id"], json.dumps(whole(body), ensure_ascii=False)

    def submit(self) -> tuple[str, ...]:
        """Write the waiting questions to the file."""
        told = []
        if unknown := self._brought - self._chat.used:
            told.append(
                f"{len(unknown)} of the replies belong to no question of this run (another model, prompt or document)"
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


def whole(body: dict[str, Any]) -> dict[str, Any]:
    """A completion with what a person who writes one by hand would leave out."""
    given = body.get("choices")
    choices = [
        {
            "index": index,
            "finish_reason": "stop",
            **choice,
            "message": {"role": "assistant", **(choice.get("message") or {})},
        }
        for index, choice in enumerate(given if isinstance(given, list) else [])
        if isinstance(choice, dict)
    ]
    return {"id": "", "object": "chat.completion", "created": 0, "model": "", **body, "choices": choices}


def _portions(requests: Iterator[tuple[Deferred, bytes]]) -> Iterator[list[tuple[Deferred, bytes]]]:
    portion: list[tuple[Deferred, bytes]] = []
    size = 0
    for question, line in requests:
        if portion and (len(portion) == QUESTIONS_LIMIT or size + len(line) > BYTES_LIMIT):
            yield portion
            portion, size = [], 0
        portion.append((question, line))
        size += len(line)
    if portion:
        yield portion


def _body(line: dict[str, Any]) -> dict[str, Any] | None:
    """The completion in a result's line, None when the question was not answered."""
    response = line.get("response")
    if not isinstance(response, dict) or response.get("status_code", 200) != 200 or line.get("error"):
        return None
    body = response.get("body")
    return body if isinstance(body, dict) else None


def _lines(text: str) -> Iterator[dict[str, Any]]:
    """The results in an output; a line that is none (a torn end) answers nothing."""
    for line in text.split("\n"):
        try:
            record = json.loads(line) if line.strip() else None
        except ValueError:
            continue
        if isinstance(record, dict):
            yield record


def _numbered(path: Path) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError as error:
                raise BadList(f"{path}:{number}: no JSON ({error})") from None
