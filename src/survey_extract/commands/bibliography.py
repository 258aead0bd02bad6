"""The published sources go in, a bibliography comes out: BibTeX, RIS, or the JSON of citation styles (CSL)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple


class Cited(NamedTuple):
    """A source as a bibliography has it."""

    key: str
    kind: str
    source: str
    title: str | None
    authors: list[str] | None
    year: str | None
    version: str | None
    url: str
    extra: Mapping[str, str] = MappingProxyType({})
    file_authors: list[str] | None = None
    file_date: str | None = None
    file_doi: str | None = None
    by_file: tuple[str, ...] = ()
    """What of it only the file's own metadata state: nobody has checked that."""

    def stated(self, *columns: str) -> str | None:
        """What a further column of sources.csv says, under the first of these names that says anything."""
        return next((said for name in columns if (said := self.extra.get(name, "").strip())), None)

    @property
    def own(self) -> Cited:
        """The same with what a person wrote in sources.csv before what is known otherwise; nothing is guessed."""
        authors = self.stated("authors", "author")
        return self._replace(
            title=self.stated("title") or self.title,
            authors=_people(authors) if authors else self.authors,
            year=self.stated("year") or self.year,
        )._by_file()

    def _by_file(self) -> Cited:
        """The same with what the metadata inside the file state where nothing else says it; arXiv's papers are arXiv's to describe."""
        if self.kind == "arxiv":
            return self
        year = self.file_date[:4] if self.file_date else None
        kinds = (
            ("author", not self.authors and self.file_authors),
            ("year", not self.year and year),
            ("doi", not self.stated("doi") and self.file_doi),
        )
        return self._replace(
            authors=self.authors or self.file_authors,
            year=self.year or year,
            by_file=tuple(kind for kind, said in kinds if said),
        )

    @property
    def remark(self) -> str | None:
        """Which parts of it nobody has checked."""
        if not self.by_file:
            return None
        listed = " and ".join(filter(None, (", ".join(self.by_file[:-1]), self.by_file[-1])))
        return f"{listed} as stated in the file's own metadata, not checked"

    @property
    def doi(self) -> str | None:
        """Its DOI without what may stand before it."""
        stated = self.stated("doi") or (self.file_doi if "doi" in self.by_file else None)
        return _BEFORE_DOI.sub("", stated or "") or None

    @property
    def venue(self) -> str | None:
        """The journal, conference or book in which it appeared."""
        return self.stated("venue", "journal", "booktitle")

    @property
    def name(self) -> str:
        """Its title, or what it is known by."""
        return self.title or self.source

    @property
    def address(self) -> str | None:
        """Where it is on the web; a file of one's own is nowhere."""
        return None if self.kind == "file" else self.url


CITED = """
SELECT key, kind, source, title, authors, strftime(published_on, '%Y'), version, url, extra, file_authors, file_date, file_doi FROM sources
WHERE published ORDER BY position"""
_BEFORE_DOI = re.compile(r"^\s*(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_PARTS_PEOPLE = re.compile(r";|(?<=\s)and(?=\s)")


def _people(authors: str) -> list[str]:
    """The people of a cell, parted by semicolons or "and"; a comma stands within a name ("Osei, Ada")."""
    return [name for part in _PARTS_PEOPLE.split(authors) if (name := part.strip())]


_TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    c: "\\" + c for c in "{}&%$#_"
}


def bibtex(sources: Sequence[Cited]) -> str:
    """An entry of type misc each, with eprint where arXiv has it."""
    return "\n".join(map(_entry, sources))


def _entry(source: Cited) -> str:
    entry: dict[str, Any] = {
        "title": f"{{{_tex(source.name)}}}",
        "author": " and ".join(map(_tex, source.authors or ())),
        "year": source.year,
        "howpublished": _tex(source.venue) if source.venue else None,
        "doi": source.doi,
    }
    if source.kind == "arxiv":
        entry |= {"eprint": source.source + (source.version or ""), "archiveprefix": "arXiv"}
    entry["url"] = source.address
    entry["note"] = _tex(source.remark) if source.remark else None
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in entry.items() if value)
    return f"@misc{{{source.key},\n{lines}}}\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(char, char) for char in text)


def ris(sources: Sequence[Cited]) -> str:
    """A record each, as Zotero and EndNote read it: a preprint is UNPB, a page ELEC, a file GEN."""
    return "\n".join("".join(f"{tag}  - {_line(value)}\n" for tag, value in _tags(s)) for s in sources)


def _tags(source: Cited) -> Iterator[tuple[str, str]]:
    yield "TY", {"arxiv": "UNPB", "web": "ELEC"}.get(source.kind, "GEN")
    yield "ID", source.key
    yield "TI", source.name
    yield from (("AU", inverted(author)) for author in source.authors or ())
    if source.year:
        yield "PY", source.year
    if source.venue:
        yield "T2", source.venue
    if source.doi:
        yield "DO", source.doi
    if source.kind == "arxiv":
        yield "AN", f"arXiv:{source.source}{source.version or ''}"
    if source.address:
        yield "UR", source.address
    if source.remark:
        yield "N1", source.remark
    yield "ER", ""


def _line(text: str) -> str:
    """A value cannot begin a tag of its own."""
    return " ".join(text.split())


def inverted(author: str) -> str:
    """A name with the last word first, as RIS has it; arXiv gives names as they are spoken, and a person may have written "Osei, Ada"."""
    if "," in author:
        return author.strip()
    given, _, family = author.strip().rpartition(" ")
    return f"{family}, {given}" if given else family


def csl(sources: Sequence[Cited]) -> str:
    """A list of items for a citation processor. Names stay as they are spoken: where a family name begins is not known."""
    return json.dumps([_item(source) for source in sources], ensure_ascii=False, indent=1) + "\n"


def _item(source: Cited) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": source.key,
        "type": {"arxiv": "article", "web": "webpage"}.get(source.kind, "document"),
        "title": source.name,
    }
    if source.authors:
        item["author"] = [{"literal": author} for author in source.authors]
    if source.year:
        item["issued"] = {"date-parts": [[int(source.year)]]} if source.year.isdecimal() else {"literal": source.year}
    if source.venue:
        item["container-title"] = source.venue
    if source.doi:
        item["DOI"] = source.doi
    if source.kind == "arxiv":
        item |= {"publisher": "arXiv", "number": f"arXiv:{source.source}{source.version or ''}"}
    if source.address:
        item["URL"] = source.address
    if source.remark:
        item["note"] = source.remark
    return item


STYLES: Mapping[str, Callable[[Sequence[Cited]], str]] = MappingProxyType({"bibtex": bibtex, "ris": ris, "csl": csl})
"""By the name of the format."""
