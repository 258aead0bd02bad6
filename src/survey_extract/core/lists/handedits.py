"""A block between markers and what ``render`` makes and made of it go in; what a person changed comes out, with lines and remedies.

People edit the generated table; that is how lists live. Whatever is in the
block is either what ``render`` makes now, or what it wrote last, on this branch
or on one that was merged (``record.written``): all else was written by hand, even
what stood there before, and is named with its line and with how to keep it. A
row that is whole as it once was, with a note that is not the last one, came with
an old README. A file that was written before there was a record is judged by
its texts and its form alone: there, what a cell once said (``texts``) is no edit.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

from survey_extract.core.fields import Fields
from survey_extract.core.inputs.identifiers import Identity, parse_identity
from survey_extract.core.lists.read import ListedRow, Listing, read_list
from survey_extract.core.lists.rendered import Record, RenderedRow, form_of, order_of, short_sha256
from survey_extract.core.reading.markup import Leaf, MarkupToken, Stray, canonical, marks
from survey_extract.core.readme.note import NOTE_BEGINNINGS
from survey_extract.core.readme.table import INDEX_ROWS, PAGES, README, TRACK, UP, WAITING, field_label, index_number
from survey_extract.errors import BadSources

Remedy = Literal["import", "empty", "add", "outside", "name", "link", "order", "row", "page", "mend", "made"]
"""What brings an edit in; ``pipeline.edits.REMEDIES`` has the words."""

_EMPTY = re.compile(r"<em>No row is published yet: a row appears when [a-z ]+\.</em>")
_WAITING = re.compile(rf"<sub>{WAITING}:(?:<br>[^<>]*)+</sub>")
_TRACK = re.compile(rf"<sub>{TRACK} \(\d{{4}}-\d\d-\d\d\):(?:<br>[^<>]*: \d+ of \d+)+</sub>")
_NOTE = re.compile(f"<sub>(?:{'|'.join(map(re.escape, NOTE_BEGINNINGS))}).*</sub>")
_LINK = re.compile(r"https?://[^\s\"'<>)\]|]+|\b\d{4}\.\d{4,5}(?:v\d+)?\b")
_OF_INDEX = re.compile(r'<a href="([^"<>]*)">\d+ to \d+</a>: from (.*) on')
_SHOWN = 60
"""Characters of a stray text that are shown."""


@dataclass(frozen=True, slots=True)
class HandEdit:
    """Something that a person wrote into the block, or took out of it.

    ``field`` is set where the text of a cell was edited ("title" for the
    title), and ``text`` is what it says now; ``markup`` are tags in it that
    no cell can keep. ``source`` is what ``survey-extract add`` would take.
    """

    line: int
    what: str
    remedy: Remedy
    key: str | None = None
    field: str | None = None
    text: str = ""
    markup: tuple[str, ...] = ()
    source: str | None = None
    words_changed: bool = True
    form: RenderedRow | None = None


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """What is known of the table: ``rows`` are (key, name, title) in order, ``now`` gives the form of a row as it is made now."""

    rows: Sequence[tuple[str, str, str]]
    now: Callable[[str], tuple[RenderedRow, ListedRow]]
    links: Mapping[str, str]
    record: Record
    texts: Callable[[], Mapping[tuple[str, str], frozenset[str]]]
    fields: Fields


def hand_edits(name: str, block: str, start: int, table: WrittenTable) -> tuple[HandEdit, ...]:
    """All edits by hand in a block of the file ``name`` that begins behind its line ``start``, by line."""
    return tuple(sorted(_Judge(name, read_list(block, table.fields), start, table).edits(), key=lambda edit: edit.line))


class _Judge:
    def __init__(self, name: str, listing: Listing, start: int, table: WrittenTable) -> None:
        self._name, self._listing, self._start, self._table = name, listing, start, table
        self._record = table.record
        self._names = {key: name for key, name, _ in table.rows}
        self._titles = {key: title for key, _, title in table.rows}
        forms = ((form.link, key) for key, known in table.record.rows.items() for form in known if form.link)
        self._links = dict(forms) | dict(table.links)
        self._sources: frozenset[str] | None = None
        self._seen: dict[str, tuple[int, int]] = {}
        self._has_index_pages = False

    def edits(self) -> Iterator[HandEdit]:
        for bad in self._listing.unreadable:
            yield HandEdit(bad.line + self._start, bad.why, "mend")
        for row in self._listing.rows:
            yield from self._row(row)
        for item in self._listing.rest.items:
            yield from self._item(item)
        for note in self._listing.rest.notes:
            if not any(made.fullmatch(canonical(note.tokens)) for made in (_EMPTY, _TRACK, _WAITING)):
                yield self._stray(Stray(note.line, "a remark", note.text))
        for stray in self._listing.rest.strays:
            yield self._stray(stray)
        if self._name == README or index_number(self._name):
            yield from self._sequence()

    # --- what is not a row -------------------------------------------------------------------------

    def _stray(self, stray: Stray) -> HandEdit:
        text = stray.text if len(stray.text) <= _SHOWN else f"{stray.text[:_SHOWN]}..."
        source = self._new_source(stray) if stray.what in ("a bullet", "a row of a Markdown table") else None
        line = stray.line + self._start
        if stray.what == "an attribute":
            return HandEdit(line, f"{text}: render writes this tag without attributes", "made")
        return HandEdit(line, f"{stray.what} ({text})", "add" if source else "outside", source=source)

    def _new_source(self, stray: Stray) -> str | None:
        """A source of a bullet or of a line of a Markdown table that is none of this survey yet."""
        for found in _LINK.findall(stray.text):
            link = str(found.rstrip(".,;"))
            if _identity(link) is not None and self._key_of(link) is None:
                return link
        return None

    # --- rows -----------------------------------------------------------------------------------

    def _row(self, row: ListedRow) -> Iterator[HandEdit]:
        line = row.line + self._start
        link = row.link.removeprefix(UP)
        key = self._key_of(link)
        if key is None and (key := self._by_name(row.name)) is not None:
            yield HandEdit(line, f"the link of {row.name} ({key}) leads to {link}", "link", key=key)
        if key is None:
            what = f"the row {row.name!r} ({link}) is not a source of this survey"
            yield HandEdit(line, what, "add", source=link)
            return
        if key in self._seen:
            yield HandEdit(line, f"the row {row.name!r} ({key}) is there twice", "mend", key=key)
            return
        self._seen[key] = line, row.end + self._start
        forms = [*self._record.written.get(key, ())]
        now = self._table.now(key) if key in self._names else None
        forms += [now[0]] if now else []
        if self._is_old(key, row, forms):
            return
        yield from self._cells(key, row, forms, now[1] if now else None)
        if key in self._record.rows:
            yield from self._around(key, row, forms)
        elif row.note and not _NOTE.fullmatch(canonical(row.note.tokens)):
            yield HandEdit(row.note.line + self._start, f"the line under {row.name}", "outside", key=key)
        if row.summary and (tags := tags_of(row.summary.tokens)):
            yield HandEdit(
                row.summary.line + self._start, f"{' '.join(tags)} in the name {row.name!r}", "made", key=key
            )

    def _is_old(self, key: str, row: ListedRow, forms: Sequence[RenderedRow]) -> bool:
        """Whether a row is, as a whole, one that was once written, even in what no person would put back: its note and headings."""
        here = form_of(key, row)
        if here not in self._record.rows.get(key, ()):
            return False
        made = {(form.note, form.headings) for form in forms if form.note is not None}
        return (here.note, here.headings) not in made

    def _around(self, key: str, row: ListedRow, forms: Sequence[RenderedRow]) -> Iterator[HandEdit]:
        """What stands around the cells: name, link, headings, and the note."""
        here = form_of(key, row)
        summary, line = row.summary.line if row.summary else row.line, row.line + self._start
        names = [form.name for form in forms if form.name is not None]
        if names and here.name not in names:
            what = f"the name {row.name!r} of {key} ({names[-1]!r} before)"
            yield HandEdit(summary + self._start, what, "name", key=key)
        links = [form.link for form in forms if form.link is not None]
        if links and here.link not in links and self._key_of(here.link or "") == key:
            yield HandEdit(line, f"the link of {row.name} ({key}) leads to {here.link}", "link", key=key)
        headings = {form.headings for form in forms if form.headings is not None}
        if headings and here.headings not in headings:
            at, what = self._headings(key, row)
            yield HandEdit(at + self._start, what, "made", key=key)
        notes = {form.note for form in forms if form.note is not None}
        if notes and not any(form.note for form in self._record.written.get(key, ())):
            notes |= self._made_notes  # a row that was copied has the note of another, and nobody's own words in it
        if notes and here.note not in notes:
            at = row.end + self._start
            said = "the line under" if row.note else "the line is gone from under"
            yield HandEdit(at, f"{said} {row.name} ({key})", "made", key=key)

    @cached_property
    def _made_notes(self) -> frozenset[str]:
        """The note of every row that was ever written."""
        return frozenset(form.note for forms in self._record.rows.values() for form in forms if form.note)

    def _headings(self, key: str, row: ListedRow) -> tuple[int, str]:
        missing = [spec.heading for spec in self._table.fields.all if spec.name not in dict(row.leaves)]
        if missing:
            return row.line, f"the row {row.name!r} ({key}) lacks the columns {', '.join(missing)}"
        for heading, spec in zip(row.headings, self._table.fields.all, strict=False):
            if canonical(heading.tokens) not in (html.escape(spec.heading), field_label(spec.heading)):
                return heading.line, f"the headings over {row.name!r} ({key}): {canonical(heading.tokens)}"
        return row.line, f"the headings over {row.name!r} ({key}) are in another order"

    # --- cells ----------------------------------------------------------------------------------

    def _cells(
        self, key: str, row: ListedRow, forms: Sequence[RenderedRow], now: ListedRow | None
    ) -> Iterator[HandEdit]:
        here = form_of(key, row)
        stands = {"title": now.title, **dict(now.cells)} if now else {}
        silent = {name for name, leaf in now.leaves if leaf.says_not_reported} if now else set()
        for (name, leaf), text in zip(row.leaves, (row.title, *(text for _, text in row.cells)), strict=True):
            tags = tags_of(leaf.own, title=name == "title")
            if name == "title":
                known = any(form.title == here.title for form in forms)
                written = known and not tags
            else:
                written = known = any((name, dict(here.cells)[name]) in form.cells for form in forms)
            if written:
                continue
            is_text_known = known or text == stands.get(name) or text in self._texts(key, name)
            if now and leaf.says_not_reported and name not in silent:
                is_text_known = False  # a person says it of a cell that says nothing
            line = leaf.line + self._start
            if is_text_known and not tags:
                if self._is_last(key, name, now) and name != "title":
                    yield HandEdit(line, f"what follows the text of {name} of {key}", "made", key=key)
                continue
            if not is_text_known and not leaf.says_not_reported and says_nothing(text):
                if now is None and name != "title":
                    continue  # nothing stood there that could have been emptied
                yield HandEdit(line, f"{name} of {key} was emptied", "mend" if name == "title" else "empty", key, name)
                continue
            what = f"{name} of {key}" if not is_text_known else f"{' '.join(tags)} in {name} of {key}"
            seen = (
                RenderedRow(key, title=here.title)
                if name == "title"
                else RenderedRow(key, cells=((name, dict(here.cells)[name]),))
            )
            yield HandEdit(line, what, "import", key, name, text, tags, words_changed=not is_text_known, form=seen)

    def _is_last(self, key: str, field: str, now: ListedRow | None) -> bool:
        """Whether a cell was last written the way it would be written now."""
        made = dict(form_of(key, now).cells).get(field) if now else None
        return any((field, made) in form.cells for form in self._record.written.get(key, ()))

    def _texts(self, key: str, field: str) -> frozenset[str]:
        """What a cell once said, where no record tells what was written last."""
        if self._record.last is not None:
            return frozenset()
        return self._table.texts().get((key, field), frozenset())

    # --- the index of a split README, and the order of rows -------------------------------------

    def _item(self, item: Leaf) -> Iterator[HandEdit]:
        line = item.line + self._start
        if self._is_of_index(item):
            return
        way = f"{PAGES}/" if self._name == README else ""
        page = re.fullmatch(rf"{way}(.+)\.md(?:#.*)?", item.link or "")
        key = page[1] if page else None
        if key is None or not self._is_known(key):
            yield self._stray(Stray(item.line, "a bullet", " ".join(f"{item.link or ''} {item.text}".split())))
            return
        if key in self._seen:
            yield HandEdit(line, f"{item.text!r} is there twice", "mend", key=key)
            return
        self._seen[key] = line, line
        forms = self._record.written.get(key, ())
        names = {form.name for form in forms} | {self._names.get(key)}
        titles = {self._titles.get(key)} | self._texts(key, "title")
        said = canonical(item.tokens)
        name, _, title = said.partition("</a>: ")
        link, _, name = name.partition(">")
        plain, plain_title = html.unescape(name), html.unescape(title)
        if link != f'<a href="{way}{key}.md#{key}"' or "<" in name + title or "</a>: " not in said:
            yield HandEdit(line, f"the line of {key} ({item.text[:_SHOWN]})", "made", key=key)
        elif plain not in names and key in self._record.rows:
            yield HandEdit(line, f"the name {plain!r} of {key}", "name", key=key)
        elif plain_title not in titles and not any(form.title == short_sha256(plain_title) for form in forms):
            yield HandEdit(line, f"the title of {key} in the index", "page", key=key, source=f"{PAGES}/{key}.md")

    def _is_of_index(self, item: Leaf) -> bool:
        """Whether a line of the README leads to a page of the index, as ``render`` writes it, from one of the rows on."""
        found = _OF_INDEX.fullmatch(canonical(item.tokens)) if self._name == README else None
        if found is None or index_number(found[1]) is None:
            return False
        self._has_index_pages = True
        return html.unescape(found[2]) in self._known_names

    @cached_property
    def _known_names(self) -> frozenset[str | None]:
        recorded = {form.name for forms in self._record.rows.values() for form in forms}
        return frozenset(recorded | set(self._names.values()))

    def _expected(self) -> dict[str, str]:
        """The rows, key and name, that have a line in this file: all of them, or those of its page of the index."""
        number = index_number(self._name)
        if number is None:
            return {} if self._has_index_pages else self._names
        part = list(self._names.items())[(number - 1) * INDEX_ROWS : number * INDEX_ROWS]
        return dict(part) if self._seen.keys() <= dict(part).keys() else {}  # a stale page has lines that moved on

    def _sequence(self) -> Iterator[HandEdit]:
        """Rows that were taken out, and rows in an order that ``render`` never wrote."""
        if self._record.last is None:
            return
        keys = list(self._seen)
        if order_of(keys) in self._record.orders:
            return
        names = self._expected()
        now = {key: at for at, key in enumerate(names)}
        before = self._start + 1
        for key in names:
            if key in self._seen:
                before = max(before, self._seen[key][1])
            elif key in self._record.table:
                yield HandEdit(before, f"the row {names[key]!r} ({key}) is gone after this line", "row", key=key)
        standing = [key for key in keys if key in now]
        for one, other in pairwise(standing):
            if now[one] > now[other]:
                what = f"the row {names[other]!r} ({other}) comes after {names[one]!r} ({one})"
                yield HandEdit(self._seen[other][0], what, "order", key=other)

    def _key_of(self, link: str) -> str | None:
        """The source that a link is of: of a row as it is or was, or by its form."""
        if link in self._links:
            return self._links[link]
        identity = _identity(link)
        if identity is None or not self._is_known(identity.key):
            return None
        others = [known.address for known in self._identities.get(identity.key, ()) if known.kind == identity.kind]
        return identity.key if not others or identity.address in others else None

    @cached_property
    def _identities(self) -> dict[str, list[Identity]]:
        """By source, what its links name."""
        found: dict[str, list[Identity]] = {}
        for link, key in self._links.items():
            if identity := _identity(link):
                found.setdefault(key, []).append(identity)
        return found

    def _is_known(self, key: str) -> bool:
        """Whether a key is that of a source, or of a row that once stood in the table."""
        if key in self._names or key in self._record.rows:
            return True
        if self._sources is None:
            self._sources = frozenset(known for known, _ in self._table.texts())
        return key in self._sources

    def _by_name(self, name: str) -> str | None:
        """The row of that name whose own link stands nowhere in the table: its link was changed."""
        return self._unlinked.get(name)

    @cached_property
    def _unlinked(self) -> dict[str | None, str]:
        """By name, the first row whose own link stands nowhere in the table."""
        present = {self._key_of(row.link.removeprefix(UP)) for row in self._listing.rows}
        named: list[tuple[str | None, str]] = [(name, key) for key, name, _ in self._table.rows]
        named += [(form.name, key) for key, forms in self._record.rows.items() for form in forms]
        return {name: key for name, key in reversed(named) if key not in present}


def misfit_of(edit: HandEdit, fields: Fields) -> str | None:
    """Why the text of an edited cell is not a value of its field, as the review page says it; None if it is one."""
    if not (edit.field and edit.words_changed and edit.remedy == "import"):
        return None
    spec = fields.named(edit.field)
    return spec.misfit(spec.value_of(edit.text))


def tags_of(tokens: Sequence[MarkupToken], *, title: bool = False) -> tuple[str, ...]:
    """The tags of a cell that holds markup; the first link of a title is its own."""
    found = [f"<{token.text or token.tag}>" for token in marks(tokens)]
    own = next((at for at, tag in enumerate(found) if re.fullmatch(r'<a href="[^"]*">', tag)), None) if title else None
    return tuple(tag for at, tag in enumerate(found) if at != own)


def says_nothing(text: str) -> bool:
    """Whether a cell was emptied: it holds no letter, figure or sign; at most spaces, a dash or a question mark."""
    return all(unicodedata.category(character)[0] in "PZC" for character in text)


def _identity(link: str) -> Identity | None:
    try:
        return parse_identity(link)
    except BadSources:
        return None
