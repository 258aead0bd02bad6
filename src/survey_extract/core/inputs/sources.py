"""The text of sources.csv goes in, a tuple of ``Source`` comes out; a new line goes in, the text with it comes out.

The file belongs to people: what they wrote (comments, blank lines, quoting,
further columns) is never rewritten, a line is only ever appended. One bad
line stops everything, with its number, since a survey that silently lost a
source would be untrue.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Container, Iterable, Iterator, Sequence

from survey_extract.core.inputs.conflicts import conflict
from survey_extract.core.inputs.identifiers import Identity, Keys, parse_identity
from survey_extract.core.meant import did_you_mean
from survey_extract.core.plural import count_of
from survey_extract.core.records import Source
from survey_extract.errors import BadSources

HEADER = "source,name\n"
FILE = "sources.csv"
COLUMN_LIMIT = 100
"""Columns of the file: each is kept for each source, so a list with thousands of them is a matrix that takes minutes."""
_NAMED = 3
"""Names that a warning names; more are counted."""
_MEANT_NAMES = frozenset(
    {"title", "titles", "names", "nmae", "naem", "anme", "nam", "label", "display name", "display_name", "display-name"}
)
"""What people call the column ``name`` by mistake, in small letters."""
_PARTS = {";": "semicolons", "\t": "tabs", "|": "bars"}
"""What may stand where commas should."""
SOURCE_LIMIT = 2_000
"""Characters of a source: no address or path that is in use is longer."""


def parse_sources(data: bytes, held: Iterable[tuple[str, str]] = ()) -> tuple[Source, ...]:
    """Read sources.csv. ``held`` are the keys and locations on record; see ``Keys``.

    Raises:
        BadSources: bad UTF-8, no header, an unknown form, a key twice; names the line.
    """
    rows = _rows(_decode(data))
    header = next(rows, None)
    if header is None:
        raise BadSources(f"{FILE}: the file is empty; its first line must be {HEADER.strip()!r}")
    columns, keys = _columns(*header), Keys(held)
    sources: dict[str, Source] = {}
    for line, row in rows:
        source = _source(line, row, columns, keys)
        if earlier := sources.get(source.key):
            raise BadSources(
                f"{FILE}:{line}: {row[columns.index('source')].strip()!r} is the same source as line {earlier.line} ({source.key})"
            )
        sources[source.key] = source
    return tuple(sources.values())


def append_source(data: bytes, source: str, name: str | None) -> bytes:
    """The file with one line more, in its own columns and line ends; all other bytes as they were."""
    text = _decode(data)
    newline = "\r\n" if "\r\n" in text else "\n"
    header = next(_rows(text), None)
    if header is None:
        text, header = HEADER, (1, HEADER.strip().split(","))
    columns = _columns(*header)
    if name is not None and "name" not in columns:
        raise BadSources(f"{FILE}:{header[0]}: there is no column 'name' to hold {name!r}; add it to the header")
    cells = {"source": source, "name": name or ""}
    line = io.StringIO()
    csv.writer(line, lineterminator=newline).writerow([cells.get(column, "") for column in columns])
    gap = "" if not text or text.endswith(("\n", "\r")) else newline
    prefix = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    return prefix + (text + gap + line.getvalue()).encode()


def lost_names(data: bytes) -> str | None:
    """What to say of a header without the column ``name`` where another column looks like it; further columns are free."""
    header = next(_rows(_decode(data)), None)
    columns = _columns(*header) if header else ("name",)
    meant = [column for column in columns if column in _MEANT_NAMES]
    if "name" in columns or not meant:
        return None
    return f"{FILE}: the header has no column 'name', so no name is taken from {meant[0]!r}; did you mean 'name' by it?"


def same_names(data: bytes) -> str | None:
    """What to say of sources with one display name, whose rows nobody can tell apart."""
    named: dict[str, list[Source]] = {}
    for source in parse_sources(data):
        if source.name:
            named.setdefault(source.name.casefold(), []).append(source)
    same = [sources for sources in named.values() if len(sources) > 1]
    if not same:
        return None
    told = "; ".join(f"{some[0].name!r} (lines {', '.join(str(one.line) for one in some)})" for some in same[:_NAMED])
    more = f"; and {count_of(len(same) - _NAMED, 'more name')}" if len(same) > _NAMED else ""
    return f"{FILE}: several sources have one name, so that their rows look alike: {told}{more}"


def _decode(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadSources(f"{FILE}:{line}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
    if said := conflict(FILE, text):
        raise BadSources(said)
    return text


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of their first line; blank lines and comments are passed over."""
    reader = csv.reader(_uncommented(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadSources(f"{FILE}:{line}: {_fault(error)}") from None
        if any(cell.strip() for cell in row):
            yield line, row


def _fault(error: csv.Error) -> str:
    """What is wrong with a row, and what to do about it."""
    if "field limit" in str(error):
        limit = csv.field_size_limit()
        return f"a cell is longer than {limit:,} characters; look for a quote that opens there and is not closed"
    if "end of data" in str(error):
        return "a quote is opened here and not closed"
    if "expected after" in str(error):
        return 'something stands behind a closing quote; a quote in a cell is written twice, and the cell quoted: "the ""A"" trial"'
    return f"{error}; a cell that holds a quote must be quoted itself"


def _uncommented(text: str) -> Iterator[str]:
    """Lines with comments blanked, so that line numbers stay; a ``#`` inside a quoted cell is not a comment."""
    quoted = False
    for line in io.StringIO(text, newline=""):
        yield "\n" if not quoted and line.lstrip().startswith("#") else line
        quoted ^= line.count('"') % 2 == 1 and not (not quoted and line.lstrip().startswith("#"))


def _columns(line: int, row: list[str]) -> tuple[str, ...]:
    columns = tuple(cell.strip().lower() for cell in row)
    if "source" not in columns:
        header = ",".join(row)
        if parted := next((name for mark, name in _PARTS.items() if "source" in header.lower().split(mark)), None):
            raise BadSources(
                f"{FILE}:{line}: the cells are parted by {parted}, as some spreadsheets save them; save the file with commas, "
                "or give it another name and let `survey-extract import` read it, which takes such files"
            )
        raise BadSources(
            f"{FILE}:{line}: the header {header[:200]!r} has no column 'source'; the first line must be {HEADER.strip()!r}"
        )
    if len(columns) > COLUMN_LIMIT:
        raise BadSources(
            f"{FILE}:{line}: the header has {len(columns):,} columns, and at most {COLUMN_LIMIT} are kept; "
            "take out those that do not describe a source, and the empty ones at the end"
        )
    if doubled := {column for column in columns if columns.count(column) > 1}:
        raise BadSources(f"{FILE}:{line}: the column {sorted(doubled)[0]!r} is in the header twice")
    return columns


def _source(line: int, row: list[str], columns: tuple[str, ...], keys: Keys) -> Source:
    if len(row) > len(columns):
        raise BadSources(
            f"{FILE}:{line}: {count_of(len(row), 'cell')} under {count_of(len(columns), 'column')}; a name with a comma must be quoted"
        )
    cells = dict(zip(columns, (cell.strip() for cell in row), strict=False))
    if not cells["source"]:
        raise BadSources(f"{FILE}:{line}: the cell 'source' is empty")
    if len(cells["source"]) > SOURCE_LIMIT:
        raise BadSources(
            f"{FILE}:{line}: the cell 'source' has {len(cells['source']):,} characters, at most {SOURCE_LIMIT:,} can name a source; "
            "look for a quote that opens there and is not closed"
        )
    try:
        identity = parse_identity(cells["source"])
    except BadSources as error:
        raise BadSources(f"{FILE}:{line}: {error}") from None
    extra = tuple((column, cells.get(column, "")) for column in columns if column not in ("source", "name"))
    name = cells.get("name") or None
    return Source(keys.key_of(identity), identity.kind, identity.location, identity.version, name, line, extra)


def chosen(sources: Iterable[Source], wanted: Iterable[str]) -> tuple[Source, ...]:
    """The sources named on the command line, by key, identity or display name; all when none is named.

    Raises:
        BadSources: a name fits none of them.
    """
    sources, wanted = tuple(sources), tuple(wanted)
    if not wanted:
        return sources
    picked: dict[str, Source] = {}
    for word in wanted:
        found = [s for s in sources if word in (s.key, s.location, s.name) or _same_identity(word, s)]
        if not found:
            known = [known for s in sources for known in (s.key, s.name, s.location) if known]
            raise BadSources(
                f"{word!r} is not a source in {FILE}{did_you_mean(word, known)}; "
                "`survey-extract status --sources` lists them, `survey-extract add` adds one"
            )
        picked |= {source.key: source for source in found}
    return tuple(picked.values())


def sample(sources: Sequence[Source], size: int, read: Container[str]) -> tuple[Source, ...]:
    """Some of the sources, spread evenly: those that were ``read`` first, since of them only what is new is asked."""
    ordered = [s for s in sources if s.key in read] + [s for s in sources if s.key not in read]
    pool = ordered[: max(size, sum(s.key in read for s in sources))]
    if size >= len(pool):
        return tuple(pool)
    return tuple(pool[index * len(pool) // size] for index in range(size))


def _same_identity(word: str, source: Source) -> bool:
    try:
        return is_identity_of(parse_identity(word), source)
    except BadSources:
        return False


def is_identity_of(identity: Identity, source: Source) -> bool:
    """Whether this is the source, however both are spelled."""
    return identity.kind == source.kind and identity.address == Identity(source.kind, source.location).address
