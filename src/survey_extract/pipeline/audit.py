"""A source and the archive go in; its values held against the text in the cache, as far as that is new, come out and are kept."""

from __future__ import annotations

from collections.abc import Sequence

from survey_extract.core.audit import Auditor, auditable, audits_due, own_names
from survey_extract.core.ports import Archive
from survey_extract.core.records import Audit, Document, Source


def audit_source(source: Source, archive: Archive, documents: Sequence[Document], at: str) -> tuple[Audit, ...]:
    """Audit what stands and was not audited yet against this text by these rules.

    ``documents`` are those on record, oldest first; ``at`` is the time in UTC.
    No text is loaded when nothing is due, and none is fetched.
    """
    latest = documents[-1] if documents else None
    sha256, fields = latest.sha256 if latest else None, archive.fields
    values = auditable(sha256, archive.answers(source.key), archive.decisions(source.key), fields)
    due = audits_due(values, archive.audits(source.key), archive.text_sha256) if values else ()
    made: list[Audit] = []
    for document in dict.fromkeys(item.document for item in due):
        if (text := archive.text_of(document)) is not None:
            auditor = Auditor(document, text, own_names(source, latest), fields)
            made += (auditor.audit(item, at) for item in due if item.document == document)
    archive.add_audits(source.key, made)
    return tuple(made)


def audit_sources(sources: Sequence[Source], archive: Archive, at: str) -> int:
    """The same for several sources, as after an import; how many values were audited."""
    documents = archive.documents()
    return sum(len(audit_source(source, archive, documents.get(source.key, ()), at)) for source in sources)
