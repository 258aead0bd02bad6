"""What a quiet night leaves out changes nothing: whatever is touched after such a night is noticed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from survey_extract.adapters.archive.lines import line_of, record_in
from survey_extract.adapters.warehouse.build import DuckWarehouse
from survey_extract.core.books import Batch, Reply
from survey_extract.core.decisions import decide
from survey_extract.core.lists.rendered import Rendering
from survey_extract.core.records import Answer, Audit, Decision, Document, Opinion
from survey_extract.core.runs import Run
from survey_extract.core.sight import Sighted
from survey_extract.wiring import open_archive
from tests.conftest import Folder, kinds

KINDS = (Answer, Audit, Batch, Decision, Document, Opinion, Rendering, Reply, Run, Sighted)
"""All that is read from lines."""

STRANGE: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**64, 10**400, 1.0, 1.5, 1e300, "", "1", "1.0", "true", "seen", "nan", "\ud800", "a\u2028b",
    [], [1], ["a"], [["a", "b"]], [["a", 1]], {}, {"page": 1}, [{}],
)  # fmt: skip
RAW = (
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"-0",
    b"-0.0",
    b'"\\ud800"',
    b'"\\u0041"',
    b'"\\ud83d\\ude00"',
    b"9" * 5_000,
    b"[" * 2_000,
)
"""JSON, or almost, that our own writing never has."""


def _places(node: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to each value in a piece of JSON."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [at, *(place for key, part in inner for place in _places(part, (*at, key)))]


def _changed(node: Any, at: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    if not at:
        return change(node)
    copy = dict(node) if isinstance(node, dict) else list(node)
    copy[at[0]] = _changed(copy[at[0]], at[1:], change)
    return copy


def _without(node: Any, name: str) -> Any:
    return {key: part for key, part in node.items() if key != name} if isinstance(node, dict) else node


def _plain(node: Any) -> Any:
    """The same without the characters that JSON spells by their numbers, so that a line can be spoiled at any byte."""
    if isinstance(node, dict):
        return {key: _plain(part) for key, part in node.items()}
    if isinstance(node, list):
        return [_plain(part) for part in node]
    return "".join(filter(str.isprintable, node)) if isinstance(node, str) else node


def _written(record: Any) -> bytes:
    """A record's line; NaN is nothing that JSON has, and is refused before it is written."""
    try:
        return line_of(record)
    except ValueError:
        reject()


@st.composite
def lines(draw: st.DrawFn) -> tuple[type, bytes]:
    """A line as it is written, or one that somebody spoiled: another value, a part that is missing, doubled, added or raw."""
    kind = draw(st.sampled_from(KINDS))
    tree = _plain(json.loads(_written(draw(st.from_type(kind)))))
    place = draw(st.sampled_from(_places(tree)))
    which = draw(st.sampled_from(("none", "strange", "missing", "added", "doubled", "raw", "bytes")))
    if which == "strange":
        tree = _changed(tree, place, lambda _: draw(st.sampled_from(STRANGE)))
    elif which == "missing":
        tree = _without(tree, draw(st.sampled_from(sorted(tree))))
    elif which == "added":
        tree = tree | {"seal": draw(st.sampled_from(STRANGE))}
    spoiled = json.dumps(tree, ensure_ascii=which == "none").encode("utf-8", "surrogatepass")
    if which == "doubled":
        name = draw(st.sampled_from(sorted(tree)))
        spoiled = spoiled[:-1] + f", {json.dumps(name)}: {json.dumps(draw(st.sampled_from(STRANGE)))}}}".encode()
    elif which == "raw":
        marked = json.dumps(_changed(tree, place, lambda _: "MARK"), ensure_ascii=False).encode()
        spoiled = marked.replace(b'"MARK"', draw(st.sampled_from(RAW)))
    elif which == "bytes":
        at = draw(st.integers(0, len(spoiled) - 1))
        spoiled = spoiled[:at] + draw(st.binary(max_size=2)) + spoiled[at + 1 :]
    return kind, spoiled


@given(lines())
@settings(deadline=None)
def test_a_line_is_a_record_or_named(made: tuple[type, bytes]) -> None:
    """Whatever is in a line, it is a record that is written and read as the same, or it is refused in words."""
    kind, line = made
    try:
        record: object = record_in(line, kind)
    except ValueError as error:
        said = str(error)
    else:
        assert type(record) is kind
        assert record_in(line_of(record), kind) == record
        return
    assert said.strip()


# --- whatever is touched after a quiet night is noticed --------------------------------------------


KEY = "file-papers-harbor.pdf"


def _gone(path: Path) -> None:
    path.unlink()


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _other(path: Path) -> None:
    """Another letter or digit in its midst: the file is as long as it was, and says that it was not changed since."""
    data, found = bytearray(path.read_bytes()), path.stat()
    at = next(at for at in range(len(data) // 2, len(data)) if chr(data[at]).isalnum())
    data[at] = ord("7") if data[at] != ord("7") else ord("8")
    path.write_bytes(data)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


WAYS = (_other, _cut, _gone)


def _cases(folder: Path) -> Sequence[tuple[Path, Callable[[Path], None]]]:
    """A file of each folder, whatever folders there will be, and what is done to it; one pair in eight unless all are wanted."""
    files = {_room(path): path for path in _files(folder)}
    return [(path, way) for path in files.values() for way in WAYS][:: 1 if os.environ.get("TEST_TOUCHED") else 8]


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.stat().st_size and not path.name.startswith("."):
            yield path.relative_to(folder)


def _room(path: Path) -> object:
    """What holds files that are all of one kind: a folder of the warehouse, or of its cache."""
    depth = 3 if "cache" in path.parts else 2
    return path.parts[:depth] if len(path.parts) > depth else path


def _night(folder: Folder) -> tuple[Any, ...]:
    """What a night came to, whenever it was: its exit code, its outcomes or its error, and the README."""
    ran, readme = folder.run("refresh", "--json"), folder.path / "README.md"
    told = kinds(ran) if ran.out else ran.err.replace(str(folder.path), "")
    return ran.code, told, readme.read_bytes() if readme.exists() else None


def _content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        names = connection.execute("SELECT table_schema || '.' || table_name FROM information_schema.tables ORDER BY 1")
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in names.fetchall()}


def test_whatever_is_touched_is_noticed(one_read: Folder, tmp_path: Path) -> None:
    """After any change of any file, a night comes to what it comes to where nothing that is built was kept, row for row.

    One thing is kept: words of a text in the cache that was damaged since stand in the DuckDB file as they were.
    """
    answer = open_archive(one_read.path, print).answers(KEY)[0]
    made = decide("accepted", answer.field, answer, by="Ann", at="2026-01-01T00:00:00.000000Z")
    open_archive(one_read.path, print).add_decisions(KEY, [made])
    one_read.env |= {"SURVEY_PUBLISH": "any"}
    one_read.write("pyproject.toml", '[tool.survey-extract]\ncontact = "ann@example.org"\n')
    one_read.ok("refresh")
    for number, (place, way) in enumerate(_cases(one_read.path)):
        kept, fresh = (Folder(tmp_path / f"{number} {name}", one_read.env) for name in ("kept", "fresh"))
        shutil.copytree(one_read.path, kept.path)
        way(kept.path / place)
        shutil.copytree(kept.path, fresh.path, ignore=shutil.ignore_patterns("survey.duckdb"))
        (code, *came), (anew, *comes) = _night(kept), _night(fresh)
        if "texts" in place.parts:
            assert (code, came[0]) == (anew, comes[0]), (place, way)
            continue
        assert (code, *came) == (anew, *comes), (place, way)
        if code != 2:
            assert _content(kept.path / FILE) == _anew(kept, tmp_path / f"{number}.duckdb"), (place, way)


FILE = "warehouse/survey.duckdb"


def _anew(folder: Folder, path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What the DuckDB file holds when it is built from nothing."""
    DuckWarehouse(folder.path, open_archive(folder.path, print), "any", notices=True, warn=print, path=path).build()
    return _content(path)
