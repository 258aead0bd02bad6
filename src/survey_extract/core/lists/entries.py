"""Entries that name a source each go in, rows without cells come out: those of bibliographies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from survey_extract.core.inputs.identifiers import parse_identity
from survey_extract.core.lists.foreign import as_source
from survey_extract.core.lists.read import ListedRow, Unreadable
from survey_extract.errors import BadSources


class BibEntry(NamedTuple):
    """An entry of a bibliography: its line, its own key, its fields by names in small letters, and what is wrong with it."""

    line: int
    key: str
    fields: Mapping[str, str]
    fault: str | None = None


_ADDRESS = re.compile(r"https?://[^\s{}<>\"\\]+")


def rows_of_entries(entries: Sequence[BibEntry]) -> tuple[list[ListedRow], list[Unreadable]]:
    """A row for each entry, in their order; entries without a source are named."""
    rows: list[ListedRow] = []
    bad: list[Unreadable] = []
    for entry in entries:
        source = next(_sources(entry.fields), None)
        if entry.fault is not None:
            bad.append(Unreadable(entry.line, entry.fault))
        elif source is None:
            bad.append(Unreadable(entry.line, f"{entry.key!r} has no source: neither an arXiv id (eprint), nor a doi, nor a url"))  # fmt: skip
        else:
            rows.append(ListedRow(" ".join(entry.fields.get("title", "").split()), "", source, (), entry.line))
    return rows, bad


def _sources(fields: Mapping[str, str]) -> Iterator[str]:
    """What an entry may be had from, the best first: arXiv's id, arXiv's DOI, an address, any other DOI."""
    kind = fields.get("archiveprefix", fields.get("eprinttype", "arxiv")).casefold()
    words = [fields.get("eprint", "")] if kind == "arxiv" else []
    doi = as_source(fields.get("doi", ""))
    words += [doi] if not doi.startswith("https://") else []
    words += [match[0] for name in ("url", "howpublished", "note") for match in _ADDRESS.finditer(fields.get(name, ""))]
    words += re.findall(r"arxiv:\s?(\d{4}\.\d{4,5})", fields.get("journal", ""), re.IGNORECASE)
    for word in (*words, doi):
        try:
            parse_identity(word)
        except BadSources:
            continue
        yield word
