"""A source goes in, what belongs to every check of its values comes out: its own names, which any value may use."""

from __future__ import annotations

from survey_extract.core.records import Document, Source


def own_names(source: Source, document: Document | None) -> tuple[str, ...]:
    """The display name and the title of a source."""
    title = document.metadata.title if document else None
    return tuple(name for name in (source.name, title) if name)
