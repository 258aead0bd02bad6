"""A survey of many sources and of many nights: a night without news costs what its sources cost, and its record next to nothing."""

from __future__ import annotations

import io
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_extract.adapters.archive.folder import FileArchive
from survey_extract.adapters.archive.lines import last_line, line_of
from survey_extract.adapters.warehouse.build import DuckWarehouse
from survey_extract.adapters.warehouse.source_rows import SourceRows
from survey_extract.core.cells import entry
from survey_extract.core.decisions import proposal
from survey_extract.core.question.prompt import wire_model, wire_schema
from survey_extract.core.records import Answer, Decision, Source
from survey_extract.core.runs import Outcome, OutcomeKind, Run, outage, recorded
from survey_extract.wiring import open_archive
from tests.conftest import Folder, Once, use_model
from tests.fields import FIELDS
from tests.growth import LIVES, cpu_seconds, is_linear, life
from tests.many import make
from tests.servers.loopback import serving
from tests.servers.openai_server import answering, says
from tests.servers.world import World

FEW, MANY, NIGHTS = 100, 400, 100
SLACK = 1.5
"""How much more than in proportion a cost may grow: clocks and caches are no straight lines."""


@pytest.fixture(scope="module")
def surveys(once: Once, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[int, int], Folder]:
    """Surveys by sources and nights; each has had a night of its own, after which nothing is new."""
    place = tmp_path_factory.mktemp("many")
    return {
        (sources, nights): once.survey(
            f"{sources} sources, {nights} nights", partial(_lived, sources, nights), place / f"{sources}-{nights}"
        )
        for sources, nights in ((FEW, 1), (MANY, 1), (FEW, NIGHTS))
    }


def _lived(sources: int, nights: int, folder: Folder) -> None:
    make(folder, sources, nights)
    ran = folder.ok("refresh", "--json").json()
    assert {outcome["kind"] for outcome in ran["outcomes"]} == {"unchanged"}, "the copies are no sources that were read"
    assert len(ran["outcomes"]) == sources


ROUNDS = (3, 8)
"""Least and most rounds that are measured: what another process takes from one is not in all of them, what grows is."""


def _quickest(doing: Sequence[Callable[[], object]]) -> Iterator[list[float]]:
    """CPU seconds of some things, of each the quickest of the rounds so far, done by turns: what slows one slows the others."""
    least = [math.inf] * len(doing)
    for number in range(1, ROUNDS[1] + 1):
        for at, does in enumerate(doing):
            began = time.process_time()
            does()
            least[at] = min(least[at], time.process_time() - began)
        if number >= ROUNDS[0]:
            yield least


COMMANDS = ("refresh", "status", "verify --cached", "render", "report", "export --format csv --publish any", "site")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_takes_as_long_as_its_sources_are_many(surveys: dict[tuple[int, int], Folder], command: str) -> None:
    """Four times the sources take at most four times as long, and the hundredth night as long as the first."""
    made = [surveys[FEW, 1], surveys[MANY, 1], surveys[FEW, NIGHTS]]
    for few, many, late in _quickest([partial(folder.ok, *command.split()) for folder in made]):
        if many / few < SLACK * MANY / FEW and late / few < SLACK:
            return
    pytest.fail(
        f"{few:.2f} s for {FEW} sources in the first night, {many:.2f} s for {MANY}, {late:.2f} s in night {NIGHTS}"
    )


SPARED = frozenset(
    "arxiv asyncio difflib duckdb email.message genai_prices httpx2 importlib.resources jinja2 lxml multiprocessing.reduction openai pydantic pydantic_core pypdfium2 rapidfuzz requests rich snowballstemmer ssl"
    " statistics tenacity trafilatura"
    " survey_extract.core.answering survey_extract.core.evaluation.judging survey_extract.core.lists.read"
    " survey_extract.core.ports survey_extract.core.ranking survey_extract.core.reading survey_extract.core.words.tokens"
    " survey_extract.pipeline.edits".split()
)
"""What is for sources that are on the web or new, for models, for pages, for people's edits and for a terminal: to load it takes longer than the night itself.

Of ``duckdb`` the engine alone is loaded.
"""


def test_an_unchanged_night_over_files_loads_nothing_that_it_does_not_use(
    surveys: dict[tuple[int, int], Folder],
) -> None:
    """No client of the web or of a model, no reader, no ranking and no pool: each is loaded by the first source that needs it."""
    folder = surveys[FEW, 1]
    folder.ok("refresh")  # the copy's own README is written by now
    assert _loaded_by_a_night(folder, SPARED) == []


def _loaded_by_a_night(folder: Folder, of: Collection[str]) -> list[str]:
    """Which of these modules a night loads, in a process of its own."""
    night = (
        "import sys; from survey_extract.cli import app\n"
        "try: app(['--project', sys.argv[1], 'refresh'])\n"
        f"finally: print(*sorted({set(of)!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", night, str(folder.path)], capture_output=True, text=True, env=os.environ | folder.env
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_an_unchanged_night_with_a_model_loads_nothing_to_ask_it(survey: Folder, world: World) -> None:
    """Papers of arXiv, a page and a model: neither the SDK nor what reads its replies is loaded before there is a question."""
    with serving(answering(says)) as model:
        use_model(survey, model)
        survey.ok("refresh")
        spared = {"openai", "pydantic", "survey_extract.adapters.openai.sdk", "survey_extract.core.lists.read"}
        assert _loaded_by_a_night(survey, spared) == []


def test_the_record_of_an_unchanged_night_does_not_grow(surveys: dict[tuple[int, int], Folder]) -> None:
    """It is as long for four times the sources, and what is asked of it is as it was: who was looked at, how often, and when last."""
    sizes = [
        max((surveys[made].path / "warehouse" / "runs").glob("*.json")).stat().st_size for made in ((FEW, 1), (MANY, 1))
    ]
    assert sizes[1] / sizes[0] < 1.1
    survey = surveys[FEW, NIGHTS]
    runs = survey.rows("SELECT DISTINCT due, complete, whole, outage FROM runs")
    assert runs == [{"due": FEW, "complete": True, "whole": True, "outage": False}]
    counted = survey.rows(
        "SELECT DISTINCT count(*) AS n, count(DISTINCT key) AS keys, any_value(outcome) AS o FROM outcomes GROUP BY run"
    )
    assert counted == [{"n": FEW, "keys": FEW, "o": "unchanged"}]
    last = survey.rows("SELECT count(*) AS n FROM sources WHERE looked_at = (SELECT max(started_at) FROM runs)")
    assert last == [{"n": FEW}]
    assert survey.ok("status", "--json").json()["outcomes"] == {"unchanged": FEW}


KINDS: tuple[OutcomeKind, ...] = ("new", "changed", "unchanged", "unchanged", "unchanged", "failed", "waiting")
WALKED = st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.sampled_from(KINDS), st.booleans()), max_size=8)
NIGHT = st.tuples(WALKED, st.booleans(), st.booleans())


def _run(number: int, walked: dict[str, tuple[OutcomeKind, bool]], *, whole: bool, ended: bool) -> Run:
    outcomes = tuple(
        Outcome(key, kind, document="d", warnings=("a word",) if warned else (), seconds=0.1)
        for key, (kind, warned) in walked.items()
    )
    return Run(
        f"r{number:02}", "2026-01-01T00:00:00Z", 1.0, "0", "extractive", None, tuple(sorted(walked)),
        outcomes if ended else (), whole=whole, ended=ended,
    )  # fmt: skip


def _kinds(run: Run) -> dict[str, tuple[str, tuple[str, ...]]]:
    named = {outcome.key: (str(outcome.kind), outcome.warnings) for outcome in run.outcomes}
    return named | dict.fromkeys(run.as_before, ("unchanged", ()))


@given(st.lists(NIGHT, max_size=8), st.sets(st.integers(0, 7)))
def test_what_a_record_leaves_out_is_known(
    tmp_path_factory: pytest.TempPathFactory,
    nights: list[tuple[dict[str, tuple[OutcomeKind, bool]], bool, bool]],
    old: set[int],
) -> None:
    """Whatever the nights were, and whichever were recorded as they were before: who was due, each outcome, completeness, and outages are told the same."""
    archive = FileArchive(tmp_path_factory.mktemp("runs"), warn=pytest.fail)
    full: list[Run] = []
    for number, (walked, whole, ended) in enumerate(nights):
        run = _run(number, walked, whole=whole, ended=ended)
        assert outage(run, full, 0.5) == outage(run, archive.runs(), 0.5)
        archive.add_run(recorded(run, archive.runs()) if ended and number not in old else run)
        full.append(run)
    archive.read_all()
    for known, run in zip(archive.runs(), full, strict=True):
        assert (known.keys, known.due, known.complete) == (run.keys, run.due, run.complete)
        assert _kinds(known) == _kinds(run)


def test_a_list_that_is_lost_is_told(tmp_path: Path) -> None:
    """Where the record that lists the sources of later nights is gone, those keep their counts, and the loss is said."""
    said: list[str] = []
    archive = FileArchive(tmp_path, warn=said.append)
    for number in range(3):
        walked: dict[str, tuple[OutcomeKind, bool]] = {"a": ("unchanged", False), "b": ("failed", False)}
        archive.add_run(recorded(_run(number, walked, whole=True, ended=True), archive.runs()))
    archive.remove_run("r00")
    archive.read_all()
    assert [(run.due, run.complete, run.as_before) for run in archive.runs()] == [(2, True, ())] * 2
    assert len(said) == 1
    assert "warehouse/runs/r00.json" in said[0]


def test_records_of_before_are_read(tmp_path: Path) -> None:
    """A record without the fields that count is read as it was meant: every outcome is named."""
    run = _run(0, {"a": ("unchanged", False)}, whole=True, ended=True)
    text = line_of(run, indent=1).decode()
    file = tmp_path / "warehouse" / "runs" / "r00.json"
    file.parent.mkdir(parents=True)
    file.write_text(text.replace(',\n "unnamed": 0,\n "keys_of": null', ""))
    assert "unnamed" not in file.read_text()
    assert open_archive(tmp_path, warn=pytest.fail).runs() == (run,)


@pytest.mark.parametrize("kind", ["answers", *LIVES])
def test_the_rows_of_one_cell_grow_with_its_records(tmp_path: Path, kind: str) -> None:
    """Four times the answers and decisions on a cell take at most about four times as long to be made rows of the DuckDB file."""
    archive, source = FileArchive(tmp_path, warn=pytest.fail), Source("a", "file", "a.md", None, None, 2)
    name = FIELDS.asked[0].name
    answer = proposal(None, life("suggested", name, 1))
    assert answer

    def seconds_of(number: int) -> float:
        answers = tuple(replace(answer, value_sha256=f"{at}") for at in range(number)) if kind == "answers" else ()
        decisions = life(kind, name, number) if kind in LIVES else ()
        return cpu_seconds(lambda: rows_of(answers, decisions))

    def rows_of(answers: tuple[Answer, ...], decisions: tuple[Decision, ...]) -> None:
        rows = SourceRows(archive, lambda _: None, lambda _: None)
        rows.add_entry(1, entry(source, (), answers, decisions, (), lambda _: None, "any", FIELDS))

    assert is_linear(seconds_of, 1_200)


class Counted(io.BytesIO):
    """A file that counts the bytes which are read from it."""

    bytes_read = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.bytes_read += len(data)
        return data


@given(st.lists(st.integers(0, 9_000), min_size=1, max_size=5), st.booleans())
def test_to_append_reads_the_last_line_alone(lengths: list[int], closed: bool) -> None:
    """However long a file is, what stands behind its last line feed is found, and little more than that is read."""
    data = b"\n".join(b"x" * length for length in lengths) + (b"\n" if closed else b"")
    file = Counted(data)
    last = last_line(file)
    assert last == data.rpartition(b"\n")[2]
    assert file.bytes_read <= len(last) + 2 * 4_096


def test_the_form_of_a_reply_is_made_once() -> None:
    """For the same fields it is the same model, for others another; the schema that one caller changes is not another's."""
    wanted = FIELDS.asked
    assert wire_model(list(wanted)) is wire_model(tuple(wanted))
    assert wire_model(wanted[:1]) is not wire_model(wanted)
    wire_schema(wanted)["properties"].clear()
    assert list(wire_schema(wanted)["properties"]) == [spec.name for spec in wanted]


def test_a_file_that_is_held_open_shows_one_state(survey: Folder) -> None:
    """All that a command asks of DuckDB is of one file, whatever takes its place meanwhile."""
    survey.write("sources.csv", "source,name\npapers/a.md,One\n")
    warehouse = DuckWarehouse(survey.path, open_archive(survey.path, print), "any", notices=True, warn=pytest.fail)
    warehouse.build()
    with warehouse.held_open():
        survey.write("sources.csv", "source,name\npapers/a.md,One\npapers/b.md,Two\n")
        assert warehouse.build()
        assert warehouse.rows("SELECT name FROM sources") == [("One",)]
    assert warehouse.rows("SELECT name FROM sources") == [("One",), ("Two",)]


def _content(warehouse: DuckWarehouse) -> dict[str, list[tuple[object, ...]]]:
    names = warehouse.rows("SELECT table_schema || '.' || table_name FROM information_schema.tables ORDER BY 1")
    return {name: warehouse.rows(f"SELECT * FROM {name}") for (name,) in names}


def test_night_after_night_fills_in_what_a_file_built_from_nothing_holds(survey: Folder, tmp_path: Path) -> None:
    """Whatever a run adds, rewrites or takes back: the file that is kept has the rows, in the same order, of one that is built anew."""
    one, two = "file-papers-a.md", "file-papers-b.md"
    survey.write("sources.csv", "source,name\npapers/a.md,One\npapers/b.md,\n")
    archive = open_archive(survey.path, print)

    def warehouse(name: str) -> DuckWarehouse:
        path = tmp_path / f"{name}.duckdb"
        return DuckWarehouse(survey.path, archive, "any", notices=True, warn=pytest.fail, path=path)

    def night(
        number: int, first: OutcomeKind, second: OutcomeKind, *, ended: bool = True, warned: bool = False
    ) -> None:
        run = _run(number, {one: (first, warned), two: (second, False)}, whole=True, ended=ended)
        archive.add_run(recorded(run, archive.runs()) if ended else run)

    nights: tuple[Callable[[], None], ...] = (
        lambda: None,
        lambda: night(0, "new", "failed"),
        lambda: night(1, "unchanged", "unchanged"),
        lambda: night(2, "unchanged", "unchanged"),
        lambda: night(3, "unchanged", "failed", ended=False),
        lambda: night(3, "unchanged", "failed"),
        lambda: night(4, "unchanged", "changed", warned=True),
        lambda: archive.remove_run("r02"),
        lambda: night(5, "unchanged", "unchanged"),
    )
    kept = warehouse("kept")
    for number, comes in enumerate(nights):
        comes()
        fresh = warehouse(str(number))
        assert kept.build()
        assert fresh.build()
        assert _content(kept) == _content(fresh), f"step {number}"
    assert len(kept.rows("SELECT id FROM runs")) == 5


def test_an_authors_own_text_that_is_too_long_is_told(surveys: dict[tuple[int, int], Folder]) -> None:
    """Where all that can be split is split, each command that makes the README says that it may not be shown in full."""
    survey = surveys[FEW, 1]
    survey.write("README.md", survey.read("README.md") + "\nOur own words.\n" * 60)
    assert "may not be shown in full" in survey.ok("render", SURVEY_README_BYTES="1000").err
    assert "may not be shown in full" not in survey.ok("render").err


def test_one_more_source_is_news(tmp_path: Path) -> None:
    """A source that comes or goes gives the night a list of its own; a source that no run named was not looked at."""
    archive = FileArchive(tmp_path, warn=pytest.fail)
    calm: tuple[OutcomeKind, bool] = ("unchanged", False)
    for number, keys in enumerate(("ab", "ab", "abc", "abc", "ab")):
        run = _run(number, dict.fromkeys(keys, calm), whole=True, ended=True)
        archive.add_run(recorded(run, archive.runs()))
    assert ["".join(run.as_before) for run in archive.runs()] == ["ab", "ab", "abc", "abc", "ab"]
    assert [run.keys_of for run in archive.runs()] == [None, "r00", None, "r02", None]
    assert replace(archive.runs()[0], keys=()).as_before == ()
