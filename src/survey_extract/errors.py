"""The error tree: a foreign failure goes in, an error named by what the operator does next comes out.

    SurveyError
    ├── InputError            exit 2: fix what is named, nothing was done
    │   ├── BadSources            a line of sources.csv
    │   ├── BadSettings           a name or value in the settings
    │   ├── BadArchive            a line of a JSONL file in warehouse/
    │   ├── BadReadme             a README without its markers
    │   ├── BadList               a table of a list that is to be imported
    │   ├── BadGold               a gold file, or saved results, to compare with
    │   ├── HandEdits             edits in the README that writing it would lose
    │   ├── MissingQuotes         published words that are not in the cache
    │   ├── BadQuery              a question DuckDB does not understand
    │   ├── Unwritable            the folder cannot be written: disk full, read-only
    │   └── Locked                another run is under way
    ├── SourceError           exit 1: one source failed, a row among the outcomes
    │   ├── NotFound              the world says there is no such thing
    │   ├── FetchError            no answer, or an answer that is not a document
    │   │   └── OtherBytes            not the bytes on record: the page has changed
    │   ├── ReadError             a document that cannot be read as text
    │   │   ├── NeedsPassword
    │   │   └── NeedsOcr          an outcome of its own: pages without text
    │   └── AskError              an engine that gave no usable answer
    │       ├── Refused               the model declined, or a filter stopped it
    │       ├── TooLong               the question or the reply did not fit
    │       ├── BadReply              the reply is not what was asked for
    │       ├── UnfitAnswer           some of its answers are not; the others are kept
    │       ├── Unanswered            no reply in time: the next run asks again
    │       ├── OverBudget            the question could exceed the budget: not sent
    │       ├── Waiting               the question is in a batch, or in a file for others
    │       └── EngineClosed          key or quota: no further question is sent in this run
    └── Outage                exit 3: the outside world is down, nothing was changed

A ``SourceError`` carries the step it happened in and whether waiting may help
(``transient``); it is counted as data, never logged and forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from survey_extract.core.books import Reply


class SurveyError(Exception):
    """Anything this program says no with; ``str()`` is a full sentence for the operator."""

    exit_code: ClassVar[int] = 2


class InputError(SurveyError):
    """The input or the settings are wrong; nothing was done."""


class BadSources(InputError):
    """sources.csv has a line that cannot be used; the message names file and line."""


class BadSettings(InputError):
    """A setting has an unknown name or a value that does not fit."""


class BadFields(InputError):
    """fields.toml says what cannot be used; the message names line and field, and what is allowed."""


class BadArchive(InputError):
    """A line of the archive is damaged; the message names file and line."""


class BadReadme(InputError):
    """The README lacks its markers, or holds them twice or in the wrong order."""


class BadList(InputError):
    """A table of a list cannot be read; the message names file and line."""


class BadGold(InputError):
    """A gold file or a file of saved results cannot be used; the message names file, line and cell."""


class HandEdits(InputError):
    """The README holds edits by hand that are not imported; writing it would lose them."""


class MissingQuotes(InputError):
    """Published words are not in the cache: fetch them again before rendering."""


class BadQuery(InputError):
    """DuckDB does not understand the question."""


class Unwritable(InputError):
    """The survey's folder cannot be written: disk full, read-only, no permission. What was written before stands."""


class Locked(InputError):
    """Another process holds the warehouse; the message names it."""


class SourceError(SurveyError):
    """One source failed in one step; the others go on."""

    exit_code = 1
    step: str = "source"
    transient: bool = False
    retry_after: float | None = None
    """Seconds that the server asked to wait."""

    @property
    def kind(self) -> str:
        """The class name as a stable word for outcomes and SQL: ``not_found``, ``needs_ocr``."""
        name = type(self).__name__
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


class NotFound(SourceError):
    """The world says there is no such thing: check the identifier."""

    step = "locate"

    def __init__(self, message: str, *, step: str = "locate") -> None:
        super().__init__(message)
        self.step = step


class FetchError(SourceError):
    """The bytes did not come, or are not a document: the next run tries again."""

    step = "fetch"
    unreached: bool = False
    """Whether nobody was asked: the name does not resolve, or there is no way to the host."""

    def __init__(self, message: str, *, transient: bool = False, step: str = "fetch") -> None:
        super().__init__(message)
        self.transient = transient
        self.step = step


class OtherBytes(FetchError):
    """Other bytes came than those on record: the page has changed. ``data`` is what came."""

    def __init__(self, message: str, data: bytes, media_type: str) -> None:
        super().__init__(message)
        self.data, self.media_type = data, media_type


class ReadError(SourceError):
    """The document cannot be read as text: look at the file."""

    step = "read"


class NeedsPassword(ReadError):
    """The PDF is locked by a password: give an open copy as a local file."""


class NeedsOcr(ReadError):
    """The pages are pictures: give a copy with a text layer."""


class AskError(SourceError):
    """The engine gave no usable answer. ``replies`` book what was spent all the same."""

    step = "ask"
    replies: tuple[Reply, ...] = ()


class Refused(AskError):
    """The model declined, or a content filter stopped it: the reply is kept and not asked for again."""


class TooLong(AskError):
    """The question or the reply did not fit: set ``context_tokens`` or ``reply_tokens``."""


class BadReply(AskError):
    """The reply is not what was asked for, even after one repair. ``content`` is what it said, ``sent`` what the model is told of it."""

    content: str = ""
    sent: str = ""


class UnfitAnswer(AskError):
    """Some answers of a reply are of no form that their ``fields`` may have, even after one repair; the others are kept."""

    fields: tuple[str, ...] = ()


class Unanswered(AskError):
    """No reply came in time or the endpoint failed: the next run asks again."""

    transient = True


class OverBudget(AskError):
    """By its upper estimate the question could exceed the budget: it was not sent, the next run sends it."""


class Waiting(AskError):
    """The question lies in a batch, or in a file for others: the reply is collected later. An outcome of its own."""


class EngineClosed(AskError):
    """The endpoint refuses this key or its quota is used up: no further question is sent."""


class Outage(SurveyError):
    """The outside world is down; nothing was changed."""

    exit_code = 3
