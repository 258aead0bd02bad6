"""A survey that was read goes in; cells in each state that a reviewer meets come out in it, through the archive."""

from __future__ import annotations

from collections.abc import Sequence

from survey_extract.adapters.archive.folder import FileArchive
from survey_extract.core.evidence import point
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.records import Audit, Check, Decision, Term, Value
from tests.conftest import Folder

PDF_KEY, WEB_KEY, CARD_KEY = "file-papers-harbor.pdf", "file-papers-lantern.html", "file-papers-kite.md"
AT = "2026-01-02T00:00:00.000000Z"


def archive_of(folder: Folder) -> FileArchive:
    return FileArchive(folder.path, warn=print)


def imported(
    folder: Folder, key: str, field: str, value: Value, *, nearest: Sequence[int] = (), unfound: Sequence[str] = ()
) -> None:
    """A list's text in a cell, held against the text of its source: the sentences nearest to it, and what that does not hold."""
    archive = archive_of(folder)
    decision = Decision(field, "imported", value_sha256(value), value, quoted=False, evidence=(), document=None, by="list", at=AT)  # fmt: skip
    archive.add_decisions(key, [decision])
    document = archive.documents()[key][-1].sha256
    text = archive.text_of(document)
    assert text is not None
    support, _ = point(text, nearest)
    check = Check(tuple(Term(term, "nowhere") for term in unfound))
    sha256 = value_sha256(value)
    archive.add_audits(key, [Audit(field, "standing", sha256, document, text.sha256, (), support, check, AT)])


def unanswered(folder: Folder, key: str) -> None:
    """Nothing is proposed for a source that was read, as after a run without an engine."""
    (folder.path / "warehouse" / "answers" / f"{key}.jsonl").unlink()


def sentence_with(folder: Folder, key: str, words: str) -> int:
    """The number of the sentence of a source that holds these words."""
    archive = archive_of(folder)
    text = archive.text_of(archive.documents()[key][-1].sha256)
    assert text is not None
    return next(s.number for s in text.citable() if words in text.quote(s))
