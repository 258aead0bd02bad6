"""A folder goes in, what every command needs from it comes out: settings, archive and warehouse, each opened when first needed."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from survey_extract.core.plural import count_of
from survey_extract.core.printable import printable, printable_line

if TYPE_CHECKING:
    from survey_extract.core.fields import Fields
    from survey_extract.core.publishing import Publish
    from survey_extract.core.readme.table import ShownCell
    from survey_extract.settings import Settings
    from survey_extract.wiring import DuckWarehouse, FileArchive


def say(message: str) -> None:
    """Narrate on stderr: one message, whoever's words it repeats."""
    click.echo(printable_line(message), err=True)


def show(line: str) -> None:
    """A line for people on stdout, whoever's words it holds."""
    click.echo(printable_line(line))


def give(text: str) -> None:
    """A whole text on stdout: JSON, a table, a diff. Its lines stay; JSON stays the same data."""
    click.echo(printable(text), nl=not text.endswith("\n"))


class Survey:
    """The survey folder of this command: its settings, archive and warehouse, each opened when first wanted."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.options: dict[str, Any] = {}
        self._began = time.monotonic()
        self._archive: FileArchive | None = None
        self._told = False

    def seconds(self) -> float:
        """How long the person has waited for this command."""
        return time.monotonic() - self._began

    def given(self) -> set[str]:
        """The names of the settings that stand on the command line."""
        return {name for name, value in self.options.items() if value is not None}

    def settings(self) -> Settings:
        from survey_extract.settings import load_settings

        return load_settings(self.project, options=self.options)

    def sources_bytes(self) -> bytes:
        """What sources.csv holds; a header that loses the names is said once.

        Raises:
            InputError: there is no survey here.
            BadSources: the header cannot be used.
        """
        from survey_extract.core.inputs.sources import lost_names, same_names

        path = self.project / "sources.csv"
        if not path.is_file():
            fail(_no_survey(self.project, path))
        data = path.read_bytes()
        if not self._told:
            self._told = True
            for told in filter(None, (lost_names(data), same_names(data))):
                say(f"warning: {told}")
        return data

    def archive(self) -> FileArchive:
        from survey_extract.wiring import open_archive

        if self._archive is None:
            self._archive = open_archive(self.project, warn=lambda message: say(f"warning: {message}"))
        return self._archive

    def warehouse(self) -> DuckWarehouse:
        """The DuckDB file, built first when the archive is newer."""
        warehouse = self._warehouse()
        warehouse.build()
        return warehouse

    @contextmanager
    def warehouse_open(self) -> Iterator[DuckWarehouse]:
        """The same, held open until the block ends: for a command that asks it more than one thing.

        Where the disk takes none, it is built elsewhere, for this command alone.
        """
        import tempfile

        from survey_extract.errors import Unwritable
        from survey_extract.wiring import open_warehouse

        warehouse = self._warehouse()
        with ExitStack() as stack:
            try:
                stack.enter_context(warehouse.built())
            except Unwritable:
                folder = stack.enter_context(tempfile.TemporaryDirectory())
                warehouse = open_warehouse(
                    self.project, self.archive(), self.settings(), Path(folder) / "survey.duckdb"
                )
                stack.enter_context(warehouse.built())
            yield warehouse

    def _warehouse(self) -> DuckWarehouse:
        from survey_extract.wiring import open_warehouse

        self.sources_bytes()
        return open_warehouse(self.project, self.archive(), self.settings())

    @contextmanager
    def warehouse_by(self, rule: Publish | None) -> Iterator[DuckWarehouse]:
        """The DuckDB file by another rule of publishing: one of its own, for this command alone."""
        from survey_extract.wiring import open_warehouse

        settings = self.settings()
        if rule is None or rule == settings.publish:
            yield self.warehouse()
            return
        self.sources_bytes()
        import tempfile

        other = replace(settings, publish=rule)
        with tempfile.TemporaryDirectory() as folder:
            warehouse = open_warehouse(self.project, self.archive(), other, Path(folder) / "survey.duckdb")
            warehouse.build()
            yield warehouse

    def shown(self, fields: Fields) -> Mapping[tuple[str, str], ShownCell]:
        """By link and field, what the README shows; read when first wanted."""
        from survey_extract.pipeline.render import shown_in

        text = self.readme.read_text(encoding="utf-8", errors="replace") if self.readme.is_file() else ""
        return shown_in({"README.md": text} if text else {}, fields)

    def refuse_lost_records(self) -> None:
        """Where records that must have been there are not any more, nothing is asked, paid for, decided or written.

        Git may keep them; without it, the table in README.md tells what was on record.

        Raises:
            BadArchive: it says what is lost, and how it comes back.
        """
        from survey_extract.errors import BadArchive

        archive = self.archive()
        if archive.has_decisions():
            return
        is_empty = not archive.has_records()
        if is_empty and (kept := _records_in_git(self.project, *_OF_RECORDS)):
            raise BadArchive(
                f"warehouse/ has no records, though Git keeps {count_of(kept, 'file')} of them: restore it (git checkout -- warehouse), or, "
                "if you mean to start anew, take it out of Git (git rm -r --cached warehouse) and delete all between the markers in "
                "README.md. Nothing was asked or written"
            )
        if kept := _records_in_git(self.project, "decisions"):
            raise BadArchive(
                f"warehouse/decisions has no records, though Git keeps {count_of(kept, 'file')} of what people decided: restore it (git "
                "checkout -- warehouse/decisions), or, if you mean to decide anew, take it out of Git (git rm -r --cached "
                "warehouse/decisions) and delete all between the markers in README.md. Nothing was asked or written"
            )
        self._refuse_lost_by_readme(is_empty=is_empty)

    def _refuse_lost_by_readme(self, *, is_empty: bool) -> None:
        from survey_extract.core.readme.traces import traces_in
        from survey_extract.errors import BadArchive

        text = self.readme.read_text(encoding="utf-8", errors="replace") if self.readme.is_file() else ""
        found = traces_in(text)
        if is_empty and not found.any:
            self._refuse_lost_by_duckdb()
        is_lost = found.any if is_empty else bool(found.decided or found.imported)
        if not is_lost or (found.is_made_anew and self.settings().engine == "extractive"):
            return
        lacks = "warehouse/ has no records" if is_empty else "warehouse/decisions has no records of what people decided"
        raise BadArchive(
            f"{lacks}, though the table in README.md was made from some: {found}. They are lost here, and {UNKNOWN_TO_GIT}: bring "
            "warehouse/ back from a backup or from another clone. If there is none, keep a copy of README.md, which has the words of the "
            "table; to start anew, delete all between its markers. Nothing was asked or written"
        )

    def _refuse_lost_by_duckdb(self) -> None:
        from survey_extract.errors import BadArchive
        from survey_extract.wiring import open_warehouse

        documents, decisions = open_warehouse(self.project, self.archive(), self.settings()).made_from()
        if decisions or (documents and not self.archive().documents()):
            made_from = f"{count_of(documents, 'document')} and {count_of(decisions, 'decision')}"
            raise BadArchive(
                f"warehouse/ has no records, though warehouse/survey.duckdb was made from some: {made_from}. They are lost here, and "
                f"{UNKNOWN_TO_GIT}: bring warehouse/ back from a backup or from another clone. If there is none, keep a copy of "
                "survey.duckdb, which has what was decided; to start anew, delete it. Nothing was asked or written"
            )

    @property
    def readme(self) -> Path:
        return self.project / "README.md"


_OF_RECORDS = ("documents", "answers", "decisions")
UNKNOWN_TO_GIT = "Git does not keep them"


def _records_in_git(project: Path, *kinds: str) -> int:
    """How many files of records Git keeps of a survey; none where somebody leaves them out, as those of the made-up examples."""
    import subprocess

    folders = [f"warehouse/{kind}" for kind in kinds]
    try:
        done = subprocess.run(
            ["git", "-C", str(project), "ls-files", "--", *folders],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return sum(name.endswith(".jsonl") for name in done.stdout.split("\n"))


def survey_above(folder: Path) -> Path | None:
    """The nearest folder above this one that is a survey."""
    return next((place for place in folder.resolve().parents if _is_survey(place)), None)


def surveys_below(folder: Path) -> list[Path]:
    """The surveys directly in a folder, by their names."""
    return sorted(place for place in folder.iterdir() if _is_survey(place)) if folder.is_dir() else []


def surveys_around(folder: Path) -> list[Path]:
    """The surveys above and directly in a folder that is none itself."""
    if _is_survey(folder):
        return []
    above = survey_above(folder)
    return [*([above] if above else []), *surveys_below(folder)]


def _is_survey(folder: Path) -> bool:
    return (folder / "sources.csv").is_file() and (folder / "warehouse").is_dir()


def _no_survey(folder: Path, path: Path) -> str:
    if above := survey_above(folder):
        return f"{path}: no survey here, but there is one above: survey-extract --project {shlex.quote(str(above))} ..."
    said = f"{path}: no survey here; `survey-extract init` makes one, `survey-extract --project DIR ...` names another folder"
    below = ", ".join(place.name for place in surveys_below(folder))
    return f"{said} (there are surveys in {below})" if below else said


def fail(message: str) -> NoReturn:
    from survey_extract.errors import InputError

    raise InputError(message)
