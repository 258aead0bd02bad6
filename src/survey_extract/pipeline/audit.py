"""A source and the archive go in; its values, checked against the text in the cache where that has not been done yet, come out and are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from survey_extract.core.audit import auditable, audits_due, audits_of, own_names
from survey_extract.core.records import Audit, Document, Source
from survey_extract.errors import SourceError

if TYPE_CHECKING:
    from survey_extract.core.ports import Archive, TextWork


def audit_source(
    source: Source, archive: Archive, texts: TextWork, documents: Sequence[Document], at: str
) -> tuple[Audit, ...]:
    """Audit what stands and was not audited yet against this text by these rules.

    ``documents`` are those on record, oldest first; ``at`` is the time in UTC.
    No text is loaded when nothing is due, and none is fetched.

    Raises:
        ReadError: going through a text took too long, or ended its process.
    """
    latest = documents[-1] if documents else None
    sha256, fields = latest.sha256 if latest else None, archive.fields
    values = auditable(sha256, archive.answers(source.key), archive.decisions(source.key), fields)
    due = audits_due(values, archive.audits(source.key), archive.text_sha256) if values else ()
    own, made = own_names(source, latest), list[Audit]()
    if not due:
        return ()
    from survey_extract.pipeline.held_texts import cached_texts

    for document in dict.fromkeys(item.document for item in due):
        if (text := archive.text_of(document)) is not None:
            of_it = [item for item in due if item.document == document]
            olds = cached_texts(archive, (item.before for item in of_it))
            made += texts.do(audits_of, text, document, own, fields, of_it, at, olds)
    archive.add_audits(source.key, made)
    return tuple(made)


def audit_sources(sources: Sequence[Source], archive: Archive, texts: TextWork, at: str) -> tuple[int, tuple[str, ...]]:
    """The same for several sources, as after an import: how many values were audited, and what could not be, in words."""
    documents, count, failed = archive.documents(), 0, list[str]()
    for source in sources:
        try:
            count += len(audit_source(source, archive, texts, documents.get(source.key, ()), at))
        except SourceError as error:
            failed.append(f"{source.label}: {error}")
    return count, tuple(failed)
