"""The archive loses nothing: torn lines, damage, two writers, and the cache that is only believed by its hashes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_extract.adapters.archive import lines
from survey_extract.adapters.archive.folder import FileArchive
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.core.readme.table import PAGES
from survey_extract.core.records import Answer, Check, Document, Evidence, Metadata, Term
from survey_extract.core.runs import Outcome, Run
from survey_extract.errors import BadArchive, Locked, Unwritable
from tests.core.test_decisions import answer as plain_answer
from tests.core.test_decisions import decision


def archive(path: Path, warnings: list[str] | None = None) -> FileArchive:
    return FileArchive(path, warn=(warnings if warnings is not None else []).append)


ANSWER = replace(
    plain_answer("x"),
    value=("a", "b"),
    evidence=(Evidence(1, 2, 3, "h"),),
    unresolved=(9,),
    check=Check((Term("t", "nowhere"),)),
    field="datasets_used",
)
DOCUMENT = Document(
    "k", "s", 1, "t", "u", "l", "v1", None, None, "2026-01-01T00:00:00Z", Metadata("T", ("A",), "2024-01-01")
)


def test_records_come_back_as_they_went(tmp_path: Path) -> None:
    """Documents, answers and runs survive the round trip, oldest first."""
    held = archive(tmp_path)
    held.add_document(DOCUMENT)
    held.add_document(replace(DOCUMENT, version="v2"))
    held.add_answers("k", [ANSWER, plain_answer("y")])
    held.add_answers("k", [])
    run = Run("r1", "2026-01-01T00:00:00Z", 1.5, "0", "extractive", None, ("k",), (Outcome("k", "new", asked=("x",)),))
    held.add_run(run)
    again = archive(tmp_path)
    assert [d.version for d in again.documents()["k"]] == ["v1", "v2"]
    assert again.documents()["k"][0] == DOCUMENT
    assert again.answers("k") == (ANSWER, plain_answer("y"))
    assert again.runs() == (run,)
    assert again.answers("other") == ()


LINES = st.lists(st.text(max_size=20), min_size=1, max_size=6)


@given(LINES, st.integers(1, 400))
@settings(deadline=None)  # the first line that is no record loads what judges it
def test_a_torn_last_line_loses_only_itself(
    tmp_path_factory: pytest.TempPathFactory, values: list[str], cut: int
) -> None:
    """However the last write is cut, earlier answers stand, the tear is reported, and later answers are kept apart from it."""
    path = tmp_path_factory.mktemp("torn")
    warnings: list[str] = []
    held = archive(path)
    answers = [plain_answer(value) for value in values]
    for item in answers:
        held.add_answers("k", [item])
    file = path / "warehouse" / "answers" / "k.jsonl"
    data = file.read_bytes()
    last = len(data.rstrip(b"\n").rpartition(b"\n")[0]) + (1 if len(answers) > 1 else 0)
    torn = data[: max(last + 1, len(data) - cut)]
    file.write_bytes(torn)
    whole = answers if torn in (data, data[:-1]) else answers[:-1]
    assert archive(path, warnings).answers("k") == tuple(whole)
    assert len(warnings) == (0 if whole == answers else 1)
    later = archive(path, [])
    later.add_answers("k", [plain_answer("later")])
    assert archive(path, []).answers("k") == (*whole, plain_answer("later"))


def test_a_damaged_line_in_the_middle_stops_with_its_number(tmp_path: Path) -> None:
    """Damage that no crash explains is not passed over: a lost answer or correction would go unseen."""
    held = archive(tmp_path)
    held.add_answers("k", [plain_answer("a"), plain_answer("b"), plain_answer("c")])
    file = tmp_path / "warehouse" / "answers" / "k.jsonl"
    lines = file.read_bytes().split(b"\n")
    file.write_bytes(b"\n".join([lines[0], lines[1][:-5], *lines[2:]]))
    with pytest.raises(BadArchive, match=r"warehouse/answers/k\.jsonl:2: .*restore the line from git"):
        held.answers("k")


def test_a_line_of_another_shape_stops_with_its_field(tmp_path: Path) -> None:
    """A merge that went wrong names the field that is wrong."""
    file = tmp_path / "warehouse" / "decisions" / "k.jsonl"
    file.parent.mkdir(parents=True)
    file.write_text('{"field": "x", "verdict": "perhaps"}\n')
    with pytest.raises(BadArchive, match=r"decisions/k\.jsonl:1: verdict"):
        archive(tmp_path).decisions("k")


def test_the_cache_is_believed_by_its_hashes_only(tmp_path: Path) -> None:
    """A damaged document, text or reply is as good as none: it is fetched, read or asked again, never used."""
    held = archive(tmp_path)
    text = assemble([Block("body", "One sentence. And another one.")], reader="r", title="T", page_count=1)
    sha256 = held.keep_bytes(b"bytes")
    held.keep_text("d" * 64, text)
    held.put_reply("e" * 64, "raw \ud835 reply")
    assert (held.bytes_of(sha256), held.text_of("d" * 64), held.get_reply("e" * 64)) == (
        b"bytes",
        text,
        "raw \ud835 reply",
    )
    assert (held.text_sha256("d" * 64), held.text_sha256("0" * 64)) == (text.sha256, None)
    for path in (tmp_path / "warehouse" / "cache").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert (held.bytes_of(sha256), held.text_of("d" * 64), held.get_reply("e" * 64)) == (None, None, None)
    assert (held.bytes_of("0" * 64), held.text_of("0" * 64), held.get_reply("0" * 64)) == (None, None, None)


def test_one_run_at_a_time_and_the_other_is_named(tmp_path: Path) -> None:
    """A second process is told who holds the warehouse; when the first is killed the lock is free."""
    code = (
        "import sys, time; from pathlib import Path; from survey_extract.adapters.archive.folder import FileArchive\n"
        "with FileArchive(Path(sys.argv[1]), warn=print).lock('refresh'):\n print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(Locked, match=rf"survey-extract refresh`, process {holder.pid} on "),
            archive(tmp_path).lock("add"),
        ):
            pass
    finally:
        holder.kill()
        holder.communicate()
    with archive(tmp_path).lock("add"):
        pass


def test_answers_hold_no_words_of_the_paper() -> None:
    """A quoted answer is archived as pointers: the record has no place for a quote."""
    assert not {"quote", "text_of", "words"} & set(Answer.__dataclass_fields__)
    assert set(Evidence.__dataclass_fields__) == {"page", "start", "end", "sha256", "boxes"}


def _lock(held: FileArchive) -> None:
    with held.lock("refresh"):
        pass


WRITERS: dict[str, Callable[[FileArchive], None]] = {
    "answers/k.jsonl": lambda held: held.add_answers("k", [ANSWER]),
    "decisions/k.jsonl": lambda held: held.add_decisions("k", [decision("accepted")]),
    ".decisions.lock": lambda held: held.add_decisions("k", [decision("accepted")]),
    "documents.jsonl": lambda held: held.add_document(DOCUMENT),
    ".lock": _lock,
}


@pytest.mark.parametrize("name", WRITERS)
def test_nothing_is_written_through_a_link(tmp_path: Path, name: str) -> None:
    """A link in the warehouse, which a pull request may hold, leads to no file that is written or emptied."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    link = tmp_path / "warehouse" / name
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)
    with pytest.raises(Unwritable, match=f"{name} cannot be written: it is a symbolic link"):
        WRITERS[name](archive(tmp_path))
    assert elsewhere.read_text() == "mine"


IN_FOLDERS: dict[str, Callable[[FileArchive], object]] = {
    "answers": lambda held: held.add_answers("k", [ANSWER]),
    "decisions": lambda held: held.add_decisions("k", [decision("accepted")]),
    "trials": lambda held: held.add_trials("k", [ANSWER]),
    "evaluations": lambda held: held.add_evaluation("e", "{}"),
    "runs": lambda held: held.add_run(Run("r1", "2026-01-01T00:00:00Z", 1.5, "0", "extractive", None, ("k",), ())),
    "runs ": lambda held: held.remove_run("r1"),
    ".": lambda held: held.add_document(DOCUMENT),
    ". ": lambda held: held.add_decisions("k", [decision("accepted")]),
}


@pytest.mark.parametrize("name", IN_FOLDERS)
def test_nothing_is_written_through_a_linked_folder(tmp_path: Path, name: str) -> None:
    """Nor does a linked folder that Git keeps lead elsewhere: neither a record nor a run goes there, which is named."""
    elsewhere, linked = tmp_path / "elsewhere", tmp_path / "warehouse" / name.strip()
    elsewhere.mkdir()
    (elsewhere / "r1.json").write_text("mine")
    linked.parent.mkdir(exist_ok=True)
    linked.symlink_to(elsewhere)
    with pytest.raises(Unwritable, match=f"{linked} cannot be written: it is a symbolic link"):
        IN_FOLDERS[name](archive(tmp_path))
    with pytest.raises(Unwritable, match="symbolic link"), archive(tmp_path).lock("refresh"):
        pass
    assert [path.name for path in elsewhere.iterdir()] == ["r1.json"]


def test_a_linked_cache_is_its_owners_wish(tmp_path: Path) -> None:
    """What Git does not keep may lie on another disk."""
    (tmp_path / "warehouse").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "warehouse" / "cache").symlink_to(tmp_path / "elsewhere")
    held = archive(tmp_path)
    with held.lock("refresh"):
        held.keep_sights("d", {})
        assert held.bytes_of(held.keep_bytes(b"x")) == b"x"


def test_what_a_dead_process_left_half_written_is_removed_by_the_next_run(tmp_path: Path) -> None:
    """Unfinished files go, wherever they are; those of a living process, and files of other people's, stay."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = [
        tmp_path / "warehouse" / "cache" / "texts" / "ab" / f"abc.json.{ended.pid}-1.part",
        tmp_path / "warehouse" / f"survey.duckdb.{ended.pid}.part.wal",
        tmp_path / f"README.md.{ended.pid}-77.part",
        tmp_path / PAGES / f"k.md.{ended.pid}-77.part",
    ]
    kept = [tmp_path / "warehouse" / f"x.{os.getpid()}-1.part", tmp_path / "mine.part", tmp_path / "chapter.1.part.pdf"]
    for path in (*left, *kept):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    with archive(tmp_path).lock("refresh"):
        assert [path for path in left if path.exists()] == []
        assert all(path.exists() for path in kept)


@pytest.mark.parametrize("at", ["yesterday", "", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00+02:00", "2026-02-30T00:00:00Z",
                                "9999-12-31T23:59:59.999999Z", "10000-01-01T00:00:00Z", "２026-01-01T00:00:00Z"])  # fmt: skip
def test_a_time_that_cannot_be_put_in_order_is_named(tmp_path: Path, at: str) -> None:
    """Records say when in one form; anything else is a damaged line, in whatever kind of record, and not a defect later on."""
    held = archive(tmp_path)
    held.add_decisions("k", [decision("accepted")])
    held.add_document(DOCUMENT)
    held.add_answers("k", [ANSWER])
    for name, read in (
        ("decisions/k.jsonl", lambda: held.decisions("k")),
        ("documents.jsonl", held.documents),
        ("answers/k.jsonl", lambda: held.answers("k")),
    ):
        path = held.root / name
        path.write_text(re.sub(r'at":"2[^"]*"', f'at":"{at}"', path.read_text()))
        with pytest.raises(BadArchive, match=rf"{name}:1: (fetched_)?at: .* is no time"):
            read()


@pytest.mark.parametrize(
    "left", [b"{}", b"null", b"12", b'"x"', b"[" * 100_000, b"\0" * 40, b"\xff\xfe", b"=======", b'{"field":"x"}']
)
def test_what_is_skipped_at_the_end_of_a_file_stays_skipped(tmp_path: Path, left: bytes) -> None:
    """A last line without its line feed that is no record, JSON or not, does not make the file unreadable once more is added."""
    told: list[str] = []
    held = FileArchive(tmp_path, warn=told.append)
    held.add_decisions("k", [decision("accepted")])
    path = held.root / "decisions" / "k.jsonl"
    path.write_bytes(path.read_bytes() + left)
    before = held.decisions("k")
    held.add_decisions("k", [decision("edited")])
    assert held.decisions("k") == (*before, decision("edited"))
    assert left in path.read_bytes()
    assert told


@pytest.mark.parametrize("marker", ["<<<<<<< HEAD", "||||||| 1a2b3c4", "=======", ">>>>>>> theirs"])
def test_the_marks_of_an_unfinished_merge_are_called_that(tmp_path: Path, marker: str) -> None:
    """They are not records to be restored: the lines around them are to be kept, which the message says."""
    held = archive(tmp_path)
    held.add_decisions("k", [decision("accepted")])
    path = held.root / "decisions" / "k.jsonl"
    path.write_text(f"{marker}\n{path.read_text()}")
    with pytest.raises(BadArchive, match=r"decisions/k.jsonl:1: a merge was left unfinished here: .* keep all others"):
        held.decisions("k")


def test_one_decoder_is_made_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever kinds of records threads read first at one moment: msgspec crashes on what another thread has half made."""
    making: list[int] = []
    most: list[int] = []

    def slow(kind: type) -> object:
        making.append(1)
        time.sleep(0.002)
        most.append(len(making))
        making.pop()
        return kind

    monkeypatch.setattr(lines, "Decoder", slow)
    kinds: list[Any] = [type(f"Kind{number}", (), {}) for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lines.decoder_of, kinds)) == kinds
    assert most == [1] * 8
