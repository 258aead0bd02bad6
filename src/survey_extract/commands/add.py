"""What a person wants to add goes in; lines at the end of sources.csv come out, each looked up first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from survey_extract.adapters.archive import write_whole
from survey_extract.core.identifiers import parse_identity
from survey_extract.core.records import Location, Source
from survey_extract.core.sources import FILE, append_source, parse_sources
from survey_extract.errors import BadSources, NotFound, Outage, SourceError
from survey_extract.pipeline import Ports


def add_sources(path: Path, data: bytes, wanted: Sequence[str], name: str | None, ports: Ports) -> list[Source]:
    """Append all of them, or none. The display name is the title, unless one is given.

    Raises:
        BadSources: unknown form, there already (names the line), or no such paper or page.
        Outage: its title could not be looked up, and no name is given.
    """
    known = {source.key: source for source in parse_sources(data)}
    added: list[Source] = []
    for text in wanted:
        identity = parse_identity(text)
        if identity.key in known:
            line = known[identity.key].line
            raise BadSources(
                f"{FILE}:{line}: {text!r} is there already" + (f" ({known[identity.key].label})" if line else "")
            )
        added.append(Source(identity.key, identity.kind, identity.location, identity.version, name, 0))
        known[identity.key] = added[-1]
    located = ports.locator.locate(added)
    named = [_named(source, located[source.key], ports) for source in added]
    for text, source in zip(wanted, named, strict=True):
        data = append_source(data, parse_identity(text).text, source.name)
    parse_sources(data)
    write_whole(path, data)
    return named


def _named(source: Source, located: Location | SourceError, ports: Ports) -> Source:
    try:
        if isinstance(located, SourceError):
            raise located
        title = located.metadata.title
        if source.kind != "arxiv":
            fetched = ports.fetcher.fetch(source, located, None)
            title = ports.reader.read(fetched.data or b"", fetched.document.media_type).title
    except NotFound as error:
        raise BadSources(str(error)) from None
    except SourceError as error:
        if source.name is None:
            raise Outage(f"{source.location} could not be looked up: {error}; --name NAME adds it unseen") from None
        return source
    return replace(source, name=source.name or title)
