"""A survey's folder goes in; its README and pages are read, rendered and written, or compared with what they should be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from survey_extract.commands.survey import Survey, fail, say
from survey_extract.core.inputs.conflicts import conflict, conflicts_in, sided, told_conflicts
from survey_extract.core.readme.table import BEGIN, END, PAGES, README, split
from survey_extract.errors import BadReadme, HandEdits, MissingQuotes

if TYPE_CHECKING:
    from pathlib import Path

    from survey_extract.core.lists.rendered import Record
    from survey_extract.core.readme.table import TableForm
    from survey_extract.settings import Settings
    from survey_extract.wiring import DuckWarehouse


def checked_files(survey: Survey) -> dict[str, str]:
    """The README, whose markers must be in order before anything is spent, and the pages that were split off it.

    Raises:
        BadReadme: the README or a page is not UTF-8, or its markers are not in order.
    """
    if not survey.readme.is_file():
        survey.sources_bytes()  # without a survey, a README is not what is missing
        fail(
            f"{survey.readme}: there is no README; make one with the lines {BEGIN} and {END}; the table goes between them"
        )
    files = {README: _text(survey.readme, README)}
    _split_file(README, files[README])
    for path in sorted((survey.project / PAGES).glob("*.md")):
        name = f"{PAGES}/{path.name}"
        text = _text(path, name)
        if BEGIN in text or END in text:
            _split_file(name, text)
            files[name] = text
    return files


def _text(path: Path, name: str) -> str:
    """A file whose byte order mark and line ends are kept."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadReadme(
            f"{name}:{line}: byte {error.start} (0x{data[error.start]:02X}) is not UTF-8; save the file as UTF-8. Nothing was written"
        ) from None


def _split_file(name: str, text: str) -> None:
    try:
        split(text)
    except BadReadme as error:
        if said := conflict(name, text):
            raise BadReadme(f"{said}. Nothing was written") from None
        if name == README:
            raise
        said = str(error).replace("README.md", name, 1)
        raise BadReadme(f"{said}; or delete the page, and `survey-extract render` makes it again") from None


def write_files(survey: Survey, warehouse: DuckWarehouse, settings: Settings, *, force: bool = False) -> bool:
    """Write what changed, remove pages that are no longer needed; whether there was anything to do.

    What is written goes on record first, so that it is known again whenever the writing ends.
    """
    from survey_extract.core.lists.rendered import record_of
    from survey_extract.pipeline import rendered

    read, archive = checked_files(survey), survey.archive()
    survey.refuse_lost_records()
    limit, record = settings.readme_bytes, record_of(archive.renderings())
    at = record.at(datetime.now(UTC))
    with warehouse.held_open():
        before = read if force else _resolved(read, warehouse, record, settings.table)
        made = rendered(
            before, warehouse, settings.publish, limit=limit, form=settings.table, force=force, record=record, at=at,
            track=settings.track_record,
            rejudged=settings.rejudged,
            waiting=settings.waiting,
        )  # fmt: skip
    if note := _nearly_too_large(made.files[README], limit):
        say(note)
    if not force:
        _refuse_unmarked(survey.project, made.files.keys() - before.keys())
    if made.files != read:
        refuse_led_out(survey, {*made.files, *read})
    if made.rendering:
        archive.add_rendering(made.rendering)
        from survey_extract.pipeline.render import moved_to

        moved = moved_to(warehouse, {row.key: row.name for row in made.rendering.gone})
        for row in made.rendering.gone:
            became = "moved in the table" if row.key in moved else "left the table"
            say(f"{became}: {row.name} ({row.key}): {row.why}")
    for name in before:
        if before[name] != read[name]:
            say(
                f"{name}: the conflicts that a merge left in the table are gone: it is made from the decisions of both sides"
            )
    _write(survey.project, read, made.files)
    return made.files != read


def _resolved(files: Mapping[str, str], warehouse: DuckWarehouse, record: Record, form: TableForm) -> dict[str, str]:
    """The files without the conflicts that a merge left in their tables, where both sides are as ``render`` wrote them.

    What the table says is made from the records of both sides anyway, which a merge keeps.

    Raises:
        HandEdits: a side was edited by hand: a conflict within a table is named before the table is read.
    """
    kept = dict(files)
    for name, text in files.items():
        first, last = (text[: text.index(marker)].count("\n") + 1 for marker in (BEGIN, END))
        within = tuple(lines for lines in conflicts_in(text) if lines[0] <= last and lines[1] >= first)
        if not within:
            continue
        kept[name] = sided(text, within, theirs=False)
        if not all(first < lines[0] and lines[1] < last for lines in within) or _is_edited(
            name, text, within, warehouse, record, form
        ):
            raise HandEdits(
                f"where nobody edited the table by hand, `survey-extract render --force` makes it again from the decisions of both sides. "
                f"Otherwise: {told_conflicts(name, within)}, then `survey-extract import {name}` and `survey-extract render`. "
                "Nothing was overwritten"
            )
    return kept


def _is_edited(
    name: str,
    text: str,
    within: tuple[tuple[int, int], ...],
    warehouse: DuckWarehouse,
    record: Record,
    form: TableForm,
) -> bool:
    """Whether a side of the conflicts holds what a person wrote."""
    from survey_extract.pipeline.edits import edits_in, table_of
    from survey_extract.pipeline.render import shown_in

    for theirs in (False, True):
        side = sided(text, within, theirs=theirs)
        rows = warehouse.published(shown_in({name: side}, warehouse.fields))
        if edits_in(name, side, table_of(rows, warehouse, record, form)):
            return True
    return False


def _nearly_too_large(readme: str, limit: int) -> str | None:
    """What to say of a README that is near its limit though its table and its index are split: its author's own text is long."""
    from survey_extract.pipeline.render import NEAR

    size = len(readme.encode())
    if size <= NEAR * limit:
        return None
    return (
        f"README.md has {size:,} bytes, though its table and its index are split into pages: above {limit:,} (setting readme_bytes) "
        "it may not be shown in full; move some of the text outside the table to another file"
    )


def _refuse_unmarked(project: Path, names: Iterable[str]) -> None:
    """A page without markers is a person's: it is not written over."""
    for name in sorted(names):
        if (project / name).exists():
            raise HandEdits(
                f"edited by hand: {name} should be a page of the table but has lost its markers {BEGIN} and {END}; rename it, or "
                "`survey-extract render --force` overwrites it"
            )


def _write(project: Path, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    from survey_extract.files import own_place, write_whole

    for name, text in after.items():
        if before.get(name) != text:
            write_whole(own_place(project, project / name), text.encode())
    for name in before.keys() - after.keys():
        (project / name).unlink()


def refuse_led_out(survey: Survey, names: Iterable[str]) -> None:
    """The README and its pages are kept by Git in the survey.

    Raises:
        Unwritable: a link leads one of them elsewhere; none was written.
    """
    from survey_extract.files import own_place

    for name in sorted(names):
        own_place(survey.project, survey.project / name)


def try_files(survey: Survey, warehouse: DuckWarehouse, settings: Settings) -> tuple[bool, str | None]:
    """Write the README; where that would lose something, leave it, and give the reason: the run itself is done."""
    try:
        return write_files(survey, warehouse, settings), None
    except (HandEdits, MissingQuotes) as error:
        return False, str(error)


def differences(survey: Survey, warehouse: DuckWarehouse, settings: Settings) -> list[str]:
    """The lines of a diff between the files as they stand and as they should be; edits by hand are in it, too."""
    from difflib import unified_diff

    from survey_extract.pipeline import rendered

    before = checked_files(survey)
    limit, form = settings.readme_bytes, settings.table
    made = rendered(
        before,
        warehouse,
        settings.publish,
        limit=limit,
        form=form,
        force=True,
        track=settings.track_record,
        rejudged=settings.rejudged,
        waiting=settings.waiting,
    )
    after = made.files
    lines: list[str] = []
    for name in sorted(before.keys() | after.keys()):
        old, new = (files.get(name, "").splitlines(keepends=True) for files in (before, after))
        lines += unified_diff(old, new, name, f"{name} as rendered")
    return lines
