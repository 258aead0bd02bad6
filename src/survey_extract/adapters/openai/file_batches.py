"""Questions go into a file for any other system or a person, and their replies come in from one.

What comes in is a stranger's: each line is checked, and a bad one named with
its reason, before the first is kept. Names in it are looked up, never used.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from survey_extract.adapters.archive.cache import is_sha256
from survey_extract.adapters.openai.batch_lines import (
    body_error,
    body_of,
    dumped,
    is_unanswered,
    loaded,
    numbered,
    request_line,
    table,
)
from survey_extract.adapters.openai.chat import Chat
from survey_extract.core.books import Reply
from survey_extract.core.plural import count_of
from survey_extract.core.reading.plain_text import clean
from survey_extract.errors import BadList
from survey_extract.files import write_whole


class FileBatches:
    """The same through files: questions for any other system or a person, replies from them. See ``core.ports.Batches``."""

    def __init__(self, chat: Chat, *, questions: Path | None, results: Path | None) -> None:
        self._chat, self._questions, self._results = chat, questions, results
        self._lines: dict[str, int] = {}
        """By the question, the line of the results file that answers it."""
        self._again: set[str] = set()
        """Questions whose very reply was read in before: those that are answered are asked by no run again."""

    def collect(self) -> tuple[tuple[Reply, ...], tuple[str, ...]]:
        """Take the replies out of the results file; all lines are checked before any is kept.

        Raises:
            BadList: a line that is not a result, or a file that holds none; the message names it.
        """
        if self._results is None:
            return (), ()
        unanswered = [said for _, _, said in self._results_in(self._results) if said]
        taken, held, again = 0, 0, 0
        for sha256, raw, _ in self._results_in(self._results):
            if raw is None:
                continue
            if self._chat.has(sha256, raw):
                again += 1
                self._again.add(sha256)
                continue
            if self._chat.is_ours(sha256):
                held += 1  # what was paid for stays
                continue
            self._chat.keep_foreign(sha256, raw)
            taken += 1
        told = [f"{self._results.name}: {count_of(taken, 'reply', 'replies')} read in"]
        told += (
            [
                f"{again} of the replies {'was' if again == 1 else 'were'} read in before: nothing is new in {'it' if again == 1 else 'them'}"
            ]
            if again
            else []
        )
        told += [f"{held} of the replies were already here and paid for"] if held else []
        return (), (*told, *unanswered)

    def _results_in(self, path: Path) -> Iterator[tuple[str, str | None, str | None]]:
        """Each line as (name of the question, completion, why there is none)."""
        self._lines.clear()
        empty = True
        for number, line in _numbered_in(path):
            empty = False
            yield self._checked(f"{path}:{number}", number, line)
        if empty:
            raise BadList(f"{path}: the file is empty: it has no replies")

    def _checked(self, where: str, number: int, line: bytes) -> tuple[str, str | None, str | None]:
        record = loaded(line, where)
        name = record.get("custom_id") if isinstance(record, dict) else None
        if not isinstance(record, dict) or not isinstance(name, str):
            raise BadList(f"{where}: not a batch result: it needs a custom_id and a response")
        short = clean(name)[:12] + "…"
        if is_unanswered(record):
            self._refuse_name(where, name, number)
            return name, None, f"{where}: {short} was not answered: {self._why(record)}"
        raw = dumped(body_of(record))
        completion = self._chat.read(raw) if raw else None
        if completion is None or completion.problem:
            raise BadList(f"{where}: {short}: its response has no completion (response.body.choices)")
        if not completion.model:
            raise BadList(f"{where}: {short}: its response does not name the model that answered (response.body.model)")
        self._refuse_name(where, name, number)
        return name, raw, None

    def _refuse_name(self, where: str, name: str, number: int) -> None:
        """A name is a hash of ours, never a path, and answered once."""
        if not is_sha256(name):
            raise BadList(
                f"{where}: {clean(name)[:20]!r} is not one of our questions: a custom_id must come back as it was sent"
            )
        if (first := self._lines.setdefault(name, number)) != number:
            raise BadList(f"{where}: {name[:12]}… is already answered in line {first}; keep one of them")

    def _why(self, record: dict[str, Any]) -> str:
        response = table(record.get("response"))
        error = table(record.get("error")) or table(table(response.get("body")).get("error"))
        status = f"status {response.get('status_code')}"
        message = str(
            error.get("message") or error.get("code") or record.get("error") or body_error(response) or status
        )
        return self._chat.redacted(clean(message))[:200]

    def submit(self) -> tuple[str, ...]:
        """Write the waiting questions to the file."""
        told = []
        if unknown := sorted(line for name, line in self._lines.items() if name not in self._chat.used | self._again):
            lines = ", ".join(map(str, unknown[:10])) + (" ..." if len(unknown) > 10 else "")
            told.append(
                f"{len(unknown)} of the replies belong to no question of this run (another model, prompt or document): line {lines}"
            )
        waiting = self._chat.deferred.values()
        if self._questions is not None:
            data = b"".join(request_line(item.sha256, item.body) for item in waiting)
            write_whole(self._questions.resolve(), data)
            told.append(
                f"{count_of(len(waiting), 'question')} written to {self._questions}: read in the replies with refresh --collect FILE"
            )
        elif waiting:
            told.append(
                f"{count_of(len(waiting), 'question is', 'questions are')} still open: refresh --batch-file FILE writes them"
            )
        return tuple(told)


def _numbered_in(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        if not path.is_file():
            raise BadList(f"{path}: no such file of replies")
        with path.open("rb") as file:
            yield from numbered(file)
    except OSError as error:
        raise BadList(f"{path} cannot be read: {error.strerror or error}") from None
