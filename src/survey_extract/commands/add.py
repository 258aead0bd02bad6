"""What a person wants to add goes in; lines at the end of sources.csv come out, each looked up first.

What can be added is, at once, so that nothing is lost when the rest cannot
be; what cannot is named, and decides the exit code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from survey_extract.commands.add_files import opened
from survey_extract.commands.defect import tell_defect
from survey_extract.core.inputs.identifiers import Identity, Keys, parse_identity
from survey_extract.core.inputs.sources import FILE, append_source, parse_sources
from survey_extract.core.paper_text import PaperText
from survey_extract.core.reading.title import is_title
from survey_extract.core.records import Location, Source
from survey_extract.errors import BadSources, NotFound, Outage, SourceError, SurveyError
from survey_extract.files import own_place, write_whole
from survey_extract.pipeline import Ports

Say = Callable[[str], None]


@dataclass(slots=True)
class Added:
    """What became of the words: keys that were added, keys that were there, and the errors of the others."""

    keys: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    errors: list[SurveyError] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """1 when some could not be added; when none could, as bad as the least of their errors."""
        if not self.errors:
            return 0
        return 1 if self.keys or self.there else min(error.exit_code for error in self.errors)


def add_sources(project: Path, words: Sequence[str], name: str | None, ports: Ports, say: Say) -> Added:
    """Append what can be added, and say of each what became of it. The display name is the title, unless one is given.

    Raises:
        BadSources: sources.csv itself cannot be read, or a name is given for many.
    """
    path, done, wanted = project / FILE, Added(), opened(words, project)
    for line in wanted.passed_over:
        say(line)
    for message in wanted.bad:
        _refuse(done, BadSources(message), say)
    if name is not None and len(wanted.sources) > 1:
        raise BadSources("--name is for one source; give the names in sources.csv")
    held = ports.archive.held()
    known = {source.key: source for source in parse_sources(path.read_bytes(), held)}
    keys = Keys([*held, *((key, source.location) for key, source in known.items())])
    sources = _new(wanted.sources, known, keys, name, done, say)
    located = ports.locator.locate(sources) if sources else {}
    for source in sources:
        try:
            named, text = _named(source, located[source.key], ports, say)
            _append(path, named)
        except SurveyError as error:
            _refuse(done, error, say)
            continue
        except Exception as error:  # noqa: BLE001  # a defect of ours in one source must not keep out the others
            tell_defect(error, project)
            done.errors.append(SourceError(f"{source.location}: a defect"))
            continue
        done.keys.append(named.key)
        say(f"added {named.key}: {named.label}")
        _offer(named, text, say)
    return done


def _refuse(done: Added, error: SurveyError, say: Say) -> None:
    done.errors.append(error)
    say(f"not added: {error}")


def _new(
    sources: Sequence[tuple[str, bool]],
    known: Mapping[str, Source],
    keys: Keys,
    name: str | None,
    done: Added,
    say: Say,
) -> list[Source]:
    """Those that are not in the file yet, each once."""
    given: dict[str, Identity] = {}
    for text, of_folder in sources:
        try:
            identity = parse_identity(text)
        except BadSources as error:
            _refuse(done, error, say)
            continue
        key = keys.key_of(identity)
        if key in known:
            there = f"{FILE}:{known[key].line}: {text!r} is already there ({known[key].label})"
            if of_folder:
                done.there.append(key)
                say(there)
            else:
                _refuse(done, BadSources(there), say)
        elif key in given and given[key] != identity:
            _refuse(done, BadSources(f"{text!r} is the same source as {given[key].text!r}: give one of them"), say)
        elif key in given:
            say(f"{text!r} is given twice: it is added once")
        else:
            given[key] = identity
    return [Source(key, i.kind, i.location, i.version, name, 0) for key, i in given.items()]


def _append(path: Path, source: Source) -> None:
    """One line more. The file is read again, since people may have edited it while we looked things up."""
    identity = Identity(source.kind, source.location, source.version)
    data = append_source(path.read_bytes(), identity.text, source.name)
    parse_sources(data)
    write_whole(own_place(path.parent, path), data)


def _named(source: Source, located: Location | SourceError, ports: Ports, say: Say) -> tuple[Source, PaperText | None]:
    """The source with its title as its name, and its text when it had to be read for that.

    One that has a name is added unseen where it may come another time, and not where each night would fail in the same way.
    """
    try:
        if isinstance(located, SourceError):
            raise located
        title, text = located.metadata.title, None
        if source.kind != "arxiv":
            fetched = ports.fetcher.fetch(source, located, None)
            text = ports.reader.read(fetched.data or b"", fetched.document.media_type)
            title = text.title if is_title(text.title) else None
    except NotFound as error:
        raise BadSources(str(error)) from None
    except SourceError as error:
        if source.name is not None and error.transient:
            say(f"  not looked at yet: {error}")
            return source, None
        what = "read" if error.step == "read" else "looked up"
        why = f"{source.location} could not be {what}: {error}"
        if error.transient:
            raise Outage(f"{why}; --name NAME adds it unseen") from None
        raise BadSources(why) from None
    return replace(source, name=source.name or title), text


def _offer(source: Source, text: PaperText | None, say: Say) -> None:
    """What a person may want to do about a source that was added."""
    if source.name is None:
        say(f"  no title was found in it: give it a name in {FILE}")
    if text is None or text.arxiv is None or source.kind != "file":
        return
    try:
        paper = parse_identity(text.arxiv)
    except BadSources:
        return  # the margin says something else
    say(
        f"  this is arXiv {paper.location}: `survey-extract add {paper.location}` keeps up with new versions "
        f"(then take the line of {source.location} out of {FILE})"
    )
