"""A source and the archive go in; its values, checked against the text in the cache where that has not been done yet, come out and are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from survey_extract.core.audit import Auditable, auditable, audits_due, audits_of, own_names
from survey_extract.core.evidence import Quoter
from survey_extract.core.readers import CURRENT
from survey_extract.core.records import Audit, Document, Source
from survey_extract.errors import SourceError

if TYPE_CHECKING:
    from survey_extract.core.paper_text import PaperText
    from survey_extract.core.ports import Archive, TextWork


def audit_source(
    source: Source, archive: Archive, texts: TextWork, documents: Sequence[Document], at: str
) -> tuple[Audit, ...]:
    """Audit what stands and was not audited yet against this text by these rules.

    ``documents`` are those on record, oldest first; ``at`` is the time in UTC.
    No text is loaded when nothing is due, and none is fetched. Where decided sentences stand is asked of today's readers alone: an
    older text may lack what somebody pointed at in a newer one.

    Raises:
        ReadError: going through a text took too long, or ended its process.
    """
    latest = documents[-1] if documents else None
    sha256, fields = latest.sha256 if latest else None, archive.fields
    answers, decisions, known = archive.answers(source.key), archive.decisions(source.key), archive.audits(source.key)
    is_current = bool(sha256 and decisions) and archive.reader_of(sha256 or "") in CURRENT
    read_as = archive.text_sha256(sha256) if sha256 and is_current else None
    values = auditable(sha256, answers, decisions, fields, known, read_as)
    due = audits_due(values, known, archive.text_sha256) if values else ()
    own, made = own_names(source, latest), list[Audit]()
    if not due:
        return ()
    from survey_extract.pipeline.held_texts import cached_texts

    for document in dict.fromkeys(item.document for item in due):
        if (text := archive.text_of(document)) is not None:
            of_it = [_with_words(item, archive) for item in due if item.document == document]
            olds = cached_texts(archive, (item.before for item in of_it))
            made += texts.do(audits_of, text, document, own, fields, of_it, at, olds)
    archive.add_audits(source.key, made)
    return tuple(made)


def _with_words(item: Auditable, archive: Archive) -> Auditable:
    """With the words of its sentences that were kept when the text in which they stood was read anew."""
    if item.of != "newest":
        return item
    words = ((one.sha256, archive.words_of(one.sha256)) for one in item.evidence)
    return replace(item, words=tuple((sha256, said) for sha256, said in words if said))


def remember_decided(key: str, document: str, text: PaperText, archive: Archive) -> None:
    """Keep the sentences of a text that decisions rest on, before another reading of the document takes its place."""
    quoter = Quoter(text)
    for decision in archive.decisions(key):
        if decision.document == document:
            quotes = map(quoter.exact, decision.evidence)
            for words in (quote.words for quote in quotes if quote and quote.words):
                archive.keep_words(words)


def audit_sources(sources: Sequence[Source], archive: Archive, texts: TextWork, at: str) -> tuple[int, tuple[str, ...]]:
    """The same for several sources, as after an import: how many values were audited, and what could not be, in words."""
    documents, count, failed = archive.documents(), 0, list[str]()
    for source in sources:
        try:
            count += len(audit_source(source, archive, texts, documents.get(source.key, ()), at))
        except SourceError as error:
            failed.append(f"{source.label}: {error}")
    return count, tuple(failed)
