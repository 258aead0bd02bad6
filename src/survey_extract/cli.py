"""One command per verb, in the order of the path: parse, call, print, exit.

stdout is data, stderr is narration. Exit codes: 0 done; 1 done, but some
sources failed; 2 the input or the settings are wrong and nothing was done;
3 the outside world is down and nothing was changed; 70 a defect of ours,
reported in one sentence; ``commands/defect.py`` writes its log.

click, not cyclopts: with cyclopts the bare ``--help`` takes five times as
long. Everything heavy is imported inside the command that needs it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Literal, NoReturn

import click

from survey_extract import __version__
from survey_extract.commands.survey import Survey, fail, give, say, show
from survey_extract.core.plural import count_of
from survey_extract.errors import SurveyError

INTERRUPTED = 130


class _Group(click.Group):
    """Commands in the order of the path, and every error as one sentence with its exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            done = super().invoke(ctx)
            sys.stdout.flush()
            return done
        except SurveyError as error:
            say(f"error: {error}")
            sys.exit(error.exit_code)
        except KeyboardInterrupt:
            _end_at_once()
        except BrokenPipeError:
            _quiet_stdout()
            sys.exit(0)
        except click.NoSuchOption as error:
            if error.option_name not in {name for option in self.params for name in option.opts}:
                raise
            place = f"survey-extract {error.option_name} ... {ctx.invoked_subcommand}"
            raise click.UsageError(f"{error.option_name} goes before the command: {place}", error.ctx) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is: no person is shown a traceback
            sys.exit(_told(error, ctx.params.get("project")))


def _told(error: Exception, project: Path | None) -> int:
    """Report an error that no command foresaw; return the exit code. An unreadable file of the survey is not a defect."""
    from survey_extract.commands.defect import DEFECT, tell_defect, unusable

    if why := unusable(error, project):
        say(f"error: {why}")
        return SurveyError.exit_code
    tell_defect(error, project)
    return DEFECT


def _end_at_once() -> NoReturn:
    """End without closing anything: threads that wait for a model would hold that up, and all that counts is on disk."""
    say("interrupted; answers so far are saved and the next run resumes")
    sys.stdout.flush()
    os._exit(INTERRUPTED)


def _quiet_stdout() -> None:
    """`... | head` closes the pipe early; Python would complain once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


pass_survey = click.make_pass_decorator(Survey)


_FILE = click.Path(dir_okay=False, path_type=Path)
_FILE_HERE = click.Path(exists=True, dir_okay=False, path_type=Path)


_CODES = (
    "Exit codes: 0 done; 1 done, but some sources failed; 2 the input or the settings are wrong; "
    "3 the outside world is down; 70 a defect in survey-extract."
)


@click.group(
    cls=_Group, epilog=_CODES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.option(
    "--project",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    help="The survey's folder (default: this one).",
)
@click.version_option(__version__, prog_name="survey-extract")
@click.pass_context
def app(context: click.Context, project: Path) -> None:
    """Keep a survey table of papers true: every cell points to the sentences that support it."""
    if not project.is_dir() and context.invoked_subcommand != "init":
        fail(f"{project}: no such folder")
    context.obj = Survey(project)


@app.command()
@click.argument("directory", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--template",
    type=click.Choice(["architectures", "benchmarks", "datasets", "trials", "blank"]),
    default="architectures",
    show_default=True,
    help="Template that fields.toml starts from.",
)
@pass_survey
def init(survey: Survey, directory: Path | None, template: str) -> None:
    """Make a new survey folder. Files that exist are left alone."""
    from survey_extract.commands.init import init_survey
    from survey_extract.commands.survey import surveys_around

    folder = directory or survey.project
    for other in surveys_around(folder):
        say(f"note: {other} is a survey too, with sources and records of its own; this makes another")
    for path in init_survey(folder, template):
        say(f"made {path}")
    there = "" if folder.resolve() == Path.cwd() else f"cd {folder}, then "
    fields = "describe the fields in fields.toml, then " if template == "blank" else ""
    say(
        f"next: {there}{fields}survey-extract add SOURCE (an arXiv id, an address or a file), then survey-extract refresh"
    )
    say(
        "for every night: copy .github/workflows/nightly.yml of the tool's repository into yours, as its docs/nightly.md says"
    )


@app.command(short_help="Add arXiv ids, URLs or files to sources.csv.")
@click.argument("source", nargs=-1, required=True)
@click.option(
    "--name",
    help="Display name (default: the title); for one source, which is added unseen where it cannot be reached now.",
)
@pass_survey
def add(survey: Survey, source: tuple[str, ...], name: str | None) -> None:
    """Add sources to sources.csv: arXiv ids, URLs, files inside the survey, or folders and patterns of files."""
    from survey_extract.commands.add import add_sources
    from survey_extract.wiring import open_ports

    survey.options = {"engine": "extractive"}  # nothing is asked, so no key is needed
    survey.sources_bytes()
    settings, archive = survey.settings(), survey.archive()
    with archive.lock("add"), open_ports(survey.project, archive, settings, tell=say) as ports:
        done = add_sources(survey.project, source, name, ports, say)
    if done.keys:
        say(f"{len(done.keys)} added; next: survey-extract refresh")
    sys.exit(done.exit_code)


@app.command(name="import", short_help="Import an existing list, or hand edits to the README.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--partial", is_flag=True, help="Import what can be read even if some columns, rows or cells cannot.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="HEADING=FIELD",
    help="What a column of the list is: a field, title, name or source; nothing behind the = leaves it out. May be given again.",
)
@pass_survey
def import_(survey: Survey, file: Path, partial: bool, columns: tuple[str, ...]) -> None:
    """Import an existing list, or hand edits to the survey's own README, as decisions.

    A list is a table in Markdown (with bars) or HTML, a CSV or TSV file, a BibTeX file (.bib), or bullets with links.
    Columns are matched to the fields by heading or name. A row's source stands in a column source, url, arxiv, paper,
    doi or link, or is the link of its title or name. Where something cannot be read, nothing is imported, unless with
    --partial.
    """
    from survey_extract.commands.import_list import audit_list, import_list
    from survey_extract.commands.next_step import say_next, say_whether_stale
    from survey_extract.settings import reviewer_name
    from survey_extract.wiring import refused_host

    settings, archive = survey.settings(), survey.archive()
    by = reviewer_name(settings, survey.project)
    survey.refuse_lost_records()
    with archive.lock("import"):
        done = import_list(
            survey.project,
            file,
            by,
            archive,
            survey.warehouse(),
            refused_host(settings),
            partial=partial,
            columns=columns,
        )
        audited = tuple(audit_list(survey.project, done, archive, settings)) if done.decisions else ()
    for line in (*done.narration(), *audited):
        say(line)
    say_next(survey)
    say_whether_stale(survey)


def _keys(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The keys of the sources, for the shell's completion; none where sources.csv cannot be read."""
    from survey_extract.core.inputs.sources import FILE, parse_sources

    folder = context.parent.params.get("project") if context.parent else None
    try:
        sources = parse_sources((Path(folder or ".") / FILE).read_bytes())
    except (SurveyError, OSError):
        return []
    return [source.key for source in sources if source.key.startswith(incomplete)]


@app.command(short_help="The nightly job: fetch, read, ask, check, publish.")
@click.argument("key", nargs=-1, shell_complete=_keys)
@click.option("--json", "as_json", is_flag=True, help="Print the run as JSON on stdout.")
@click.option("--engine", type=click.Choice(["auto", "openai", "extractive"]), help="Overrides the setting.")
@click.option("--model", help="Overrides the setting.")
@click.option("--refill", is_flag=True, help="Also fetch documents that are needed only for their quotes.")
@click.option(
    "--reread",
    is_flag=True,
    help="Read the cached documents again, as after an update of this tool; with --dry-run, count what that would ask.",
)
@click.option(
    "--dry-run", is_flag=True, help="Say what would be fetched and asked, why, and for how much; spend nothing."
)
@click.option("--field", multiple=True, metavar="NAME", help="Ask only about this field; repeatable.")
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="Only N of the sources, spread evenly.")
@click.option("--budget", type=float, metavar="USD", help="Send nothing that could exceed it; overrides the setting.")
@click.option(
    "--second",
    metavar="ENGINE|MODEL",
    help="Ask another engine or model too, about each answer that waits for a decision; where both agree is decided last.",
)
@click.option(
    "--batch",
    is_flag=True,
    help="Send the questions through the provider's Batch API; a later refresh collects the replies.",
)
@click.option(
    "--batch-file", type=_FILE, metavar="FILE", help="Write the questions to FILE instead, to be answered elsewhere."
)
@click.option("--collect", type=_FILE_HERE, metavar="FILE", help="Read in the replies to such a file.")
@pass_survey
def refresh(survey: Survey, /, **given: Any) -> None:
    """The nightly job: locate, fetch, read, ask, ground, build, render. KEY limits it to some sources."""
    from survey_extract.commands.refresh import Wish, refresh_survey

    try:
        code = refresh_survey(survey, Wish(**given))
    except KeyboardInterrupt:
        _end_at_once()  # before anything waits for what is under way
    sys.exit(code)


@app.command()
@click.option("--port", type=int, default=0, help="Port on loopback (default: any free one).")
@click.option("--no-open", is_flag=True, help="Print the address, but do not open a browser.")
@click.option("--terminal", is_flag=True, help="Decide in the terminal instead.")
@click.option(
    "--blind", is_flag=True, help="Show only the source; what was answered and decided is shown once you have decided."
)
@pass_survey
def review(survey: Survey, port: int, no_open: bool, terminal: bool, blind: bool) -> None:
    """Decide on every cell, in the browser or in the terminal."""
    from survey_extract.commands.next_step import say_next, say_whether_stale
    from survey_extract.settings import reviewer_name
    from survey_extract.wiring import open_desk

    sources = survey.sources_bytes()
    survey.refuse_lost_records()
    by = reviewer_name(survey.settings(), survey.project)
    survey.options = {"engine": "extractive"}  # nothing is asked, so no key is needed
    with open_desk(survey.project, survey.archive(), survey.settings(), sources, by, blind=blind) as (desk, pictures):
        if terminal:
            from survey_extract.commands.terminal import review_in_terminal

            review_in_terminal(desk)
        else:
            from survey_extract.commands.defect import tell_of
            from survey_extract.review.server import serve

            tell_of("uvicorn", survey.project)
            serve(desk, pictures, port, opened=not no_open, say=say)
    say_next(survey)
    say_whether_stale(survey)


@app.command(short_help="List the fields; what changing them would cost.")
@click.argument("key", nargs=-1, shell_complete=_keys)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.option("--propose", "proposing", is_flag=True, help="Let the model read up to three sources, and print a draft.")
@pass_survey
def fields(survey: Survey, key: tuple[str, ...], as_json: bool, proposing: bool) -> None:
    """List the survey's fields, and say what a change to fields.toml means before it costs anything. Nothing is sent.

    With --propose, a model is asked which fields would compare such documents; KEY names the sources it reads.
    """
    from survey_extract.commands.fields import COLUMNS, as_text, field_changes, propose, rows, told
    from survey_extract.commands.tables import print_table

    if proposing:
        give(propose(survey, key))
        return
    if key:
        fail("sources can be named only with --propose: the fields are those of the whole survey")
    found = field_changes(survey)
    if as_json:
        give(as_text(found))
        return
    print_table(COLUMNS, rows(found), "table")
    for line in told(survey, found):
        show(line)


@app.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 with a diff when the README is stale.")
@click.option("--force", is_flag=True, help="Overwrite hand edits that were not imported.")
@pass_survey
def render(survey: Survey, check: bool, force: bool) -> None:
    """Make the README's table from the DuckDB file."""
    from survey_extract.commands.next_step import say_next
    from survey_extract.commands.render import checked_files, differences, write_files

    checked_files(survey)
    warehouse, settings = survey.warehouse(), survey.settings()
    if not check:
        changed = write_files(survey, warehouse, settings, force=force)
        say("README.md written" if changed else "README.md is up to date")
        say_next(survey)
        return
    lines = differences(survey, warehouse, settings)
    if not lines:
        say("README.md is up to date")
        return
    for line in lines:
        give(line)
    say("README.md is stale: run `survey-extract render`")
    sys.exit(1)


@app.command(short_help="Look up every cited sentence in its source again.")
@click.option("--cached", is_flag=True, help="Trust the texts in the cache; do not read the bytes again.")
@click.option("--imported", is_flag=True, help="Check what a list or a person wrote against its sources instead.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@pass_survey
def verify(survey: Survey, cached: bool, imported: bool, as_json: bool) -> None:
    """Look up every sentence that a decided or published cell points to, in the bytes themselves. No model is asked.

    What was decided in an older version is looked up in the newest that is known.

    Exit code 1: a sentence, or a decided value, is missing. 2: a record, a file of the cache or one of your own sources is damaged; it is
    named. 3: a document could not be fetched.

    --imported audits a hand-written list: the cells that a list or a hand edit brought in and that point to no
    sentence. "Supported" means that all figures and names of the cell occur somewhere in its source, and that each of
    its statements has sentences there that share most of its significant words; whether they say the same, only a reader can tell.
    Exit code 1: something was not found.
    """
    from survey_extract.commands.next_step import say_next
    from survey_extract.commands.verify import print_audit, print_verification
    from survey_extract.pipeline.imported import audit_imported
    from survey_extract.pipeline.verify import verify as run_verify
    from survey_extract.wiring import open_ports

    if cached and imported:
        fail("--imported looks for words, --cached looks up sentences: choose one")
    survey.options = {"engine": "extractive"}  # nothing is asked, so no key is needed
    settings, archive, warehouse = survey.settings(), survey.archive(), survey.warehouse()
    with archive.lock("verify"), open_ports(survey.project, archive, settings, tell=say) as ports:
        entries = list(warehouse.entries())
        if imported:
            code = print_audit(
                audit_imported(entries, ports, f"{ports.clock.now():%Y-%m-%dT%H:%M:%SZ}"), as_json=as_json
            )
        else:
            code = print_verification(run_verify(entries, ports, cached=cached), as_json=as_json)
    if not as_json:
        say_next(survey)
    sys.exit(code)


@app.command(short_help="Measure how often the answers are right.")
@click.argument("key", nargs=-1, shell_complete=_keys)
@click.option("--engine", metavar="NAME", help="Only answers from this engine (default: the latest of any).")
@click.option("--model", metavar="NAME", help="Only answers from this model.")
@click.option("--field", multiple=True, metavar="NAME", help="Only this field; repeatable.")
@click.option("--gold", type=_FILE_HERE, metavar="FILE", help="Compare with this file instead of with the decisions.")
@click.option(
    "--ask", is_flag=True, help="Ask the engine and model about these cells now; the survey's answers stay as they are."
)
@click.option("--prompt", type=_FILE_HERE, metavar="FILE", help="Ask with this wording instead of prompts/extract.md.")
@click.option(
    "--again", is_flag=True, help="Ask the same question again, and say how much of the two answers is the same."
)
@click.option("--judge", metavar="MODEL", help="Ask another model whether the evidence supports the answers.")
@click.option("--dry-run", is_flag=True, help="Only say what would be asked and what it would cost.")
@click.option("--budget", type=float, metavar="USD", help="Overrides the setting for what is asked now.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.option(
    "--html", "page", type=_FILE, metavar="FILE", help="Write the results as one page, with a plot for each field."
)
@click.option("--save", "saving", type=_FILE, metavar="FILE", help="Save the results for a later --gate or --against.")
@click.option("--against", metavar="RUN|FILE", help="Name the cells that flipped since these results.")
@click.option("--gate", "baseline", metavar="RUN|FILE", help="The same, and exit 1 when a field got worse.")
@pass_survey
def evaluate(survey: Survey, /, **given: Any) -> None:
    """Measure how often the answers are right, by field, with n and a 95 % interval.

    Answers on record are compared with what a person decided or a list brought in, or with a gold file. KEY limits it
    to some sources. The results are stored in warehouse/evaluations, unless they are the same as last time; their name
    there is a RUN, which --against and --gate take.

    Nothing is asked and nothing costs money, except with --ask, --prompt or --again: these first say what they will ask, and at
    what cost. Their answers are kept apart from the survey's own, and paid for once.

    With --judge, a model other than the one that answered reads the value and its sentences, nothing else, and says
    whether they support it: yes, partly or no, and which words are not supported. This is kept, and shown in review.

    Exit code 1: one of these questions failed; or, with --gate, a field got worse than the baseline, beyond the baseline's
    interval, or nothing in the baseline can be compared.
    """
    from survey_extract.commands.evaluate import Options, run

    sys.exit(run(survey, Options(**given)))


@app.command(short_help="What is decided, what waits, what failed.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.option(
    "--max-age",
    metavar="AGE",
    help="Exit 1 when the last complete run is older than AGE (90m, 36h, 7d). For a monitor.",
)
@click.option("--sources", is_flag=True, help="List the sources instead: what was read from each, and what waits.")
@pass_survey
def status(survey: Survey, as_json: bool, max_age: str | None, sources: bool) -> None:
    """Show what is decided, what waits, what failed, and when the last run was."""
    from survey_extract.commands.next_step import next_steps, say_steps
    from survey_extract.commands.sources_table import print_sources
    from survey_extract.commands.status import print_status, survey_status, too_old
    from survey_extract.wiring import load_aliases, open_texts

    if sources:
        print_sources(survey.warehouse(), as_json=as_json)
        return
    survey.sources_bytes()
    survey.refuse_lost_records()
    with survey.warehouse_open() as warehouse, open_texts(survey.settings()) as texts:
        found = survey_status(warehouse, survey.archive(), texts, load_aliases(survey.project))
        steps = next_steps(warehouse)
    print_status(found, as_json=as_json)
    if not as_json:
        say_steps(steps, but="status")
    if max_age is not None and (late := too_old(found, max_age)):
        say(late)
        sys.exit(1)


@app.command(short_help="Print what the last run changed, in Markdown.")
@click.option(
    "--since",
    metavar="RUN",
    help="Everything after this run (its name in warehouse/runs); default: the last run alone.",
)
@pass_survey
def report(survey: Survey, since: str | None) -> None:
    """Print what the last run changed, in Markdown: the body of a pull request, no longer than GitHub accepts."""
    from survey_extract.commands.report import make_report
    from survey_extract.commands.report_body import body

    give(body(make_report(survey.warehouse(), since)))


@app.command()
@click.argument("sql", required=False)
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "csv", "json", "markdown"]),
    help="Default: table on a terminal, else csv.",
)
@pass_survey
def query(survey: Survey, sql: str | None, style: str | None) -> None:
    """Query the DuckDB file in SQL, read-only. Without SQL: a prompt on a terminal, else what is on stdin."""
    from survey_extract.commands.tables import print_table

    warehouse = survey.warehouse()
    if sql is None and sys.stdin.isatty():
        from survey_extract.commands.query_prompt import prompt

        sys.exit(prompt(warehouse, style or "table"))
    asked = sys.stdin.read() if sql in (None, "-") else sql
    if not (asked or "").strip():
        fail("no SQL given: pass it as an argument or on stdin, or type it at the prompt on a terminal")
    columns, rows = warehouse.query(asked or "")
    print_table(columns, rows, style or ("table" if sys.stdout.isatty() else "csv"), counted=True)


@app.command(short_help="Write one page for readers, with search.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("site/index.html"),
    show_default=True,
    help="File to write; its folder is made if missing.",
)
@click.option(
    "--quotes", is_flag=True, help="Show the words of the sentences too; they are the authors', so mind their rights."
)
@click.option(
    "--publish",
    type=click.Choice(["reviewed", "any"]),
    help="Overrides the setting: any shows undecided rows as well.",
)
@pass_survey
def site(survey: Survey, output: Path, quotes: bool, publish: Literal["reviewed", "any"] | None) -> None:
    """Write one page for readers: every row, with search, filters, and links to the places it rests on."""
    from survey_extract.commands.output import checked_output
    from survey_extract.commands.site import site as made_of
    from survey_extract.files import write_whole

    place = checked_output(survey, output if output.is_absolute() else survey.project / output)
    readme = survey.readme.read_text(encoding="utf-8", errors="replace") if survey.readme.is_file() else ""
    with survey.warehouse_by(publish) as warehouse, warehouse.held_open():
        up = Path(os.path.relpath(os.path.realpath(survey.project), place.parent)).as_posix() + "/"
        made = made_of(warehouse, readme, up=up, quotes=quotes)
    write_whole(place, made.html)
    shown = count_of(made.rows, "row") if made.rows else "no published row yet; it names the sources that wait"
    say(f"{output}: {shown}, {len(made.html):,} bytes")


@app.command(short_help="Write the survey in another format.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["csv", "parquet", "jsonl", "xlsx", "html", "bibtex", "ris", "csl"]),
    required=True,
    help="Format to write.",
)
@click.option(
    "--view",
    default="survey",
    show_default=True,
    help="A table or view of survey.duckdb; bibtex, ris and csl list the published sources.",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write (default: stdout).")
@click.option(
    "--publish",
    type=click.Choice(["reviewed", "any"]),
    help="Overrides the setting: any exports undecided rows as well.",
)
@pass_survey
def export(
    survey: Survey, style: str, view: str, output: Path | None, publish: Literal["reviewed", "any"] | None
) -> None:
    """Write the survey, or any table or view, in another format. If there are no rows, write nothing and exit 1."""
    from survey_extract.commands.export import export_bytes
    from survey_extract.commands.output import checked_output

    if style in ("parquet", "xlsx") and output is None and sys.stdout.isatty():
        fail(f"{style} is not for a terminal: give --output FILE")
    place = checked_output(survey, output) if output else None
    with survey.warehouse_by(publish) as warehouse:
        data = export_bytes(warehouse, style, view, survey.shown(warehouse.fields))
    if place is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    from survey_extract.files import write_whole

    write_whole(place, data)
    say(f"{output}: {len(data):,} bytes")
