"""All sources go in, the record of one run comes out: the ledger, and the rule that tells an outage from dead links.

Each source walks its path in a thread of its own, so that network, reading
and model overlap; one that fails is a row among the outcomes and harms no
other. The record is written when the run begins and whole when it ends, so
that a run which was interrupted is seen by the next one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import replace
from datetime import datetime

from survey_extract import __version__
from survey_extract.core.books import Reply, by_run, with_booked
from survey_extract.core.moments import stamp
from survey_extract.core.plural import count_of
from survey_extract.core.records import Location, Source
from survey_extract.core.runs import Outcome, Run, models_fault, next_run_id, notes_on, outage, recorded
from survey_extract.errors import BadList, InputError, Outage, SourceError
from survey_extract.pipeline.moved import Moved
from survey_extract.pipeline.ports import Ports
from survey_extract.pipeline.walk import Progress, Walk

THREADS = 32
"""Sources under way at once; most of them wait for the network or a model."""


def refresh(sources: Sequence[Source], ports: Ports, progress: Progress, *, whole: bool = True) -> Run:
    """Walk every source along its path and record the run, which names every outcome. ``whole`` says that these are all sources.

    Raises:
        Outage: nothing could be reached; no run is recorded and nothing was changed.
    """
    began, started, past = ports.clock.now(), ports.clock.monotonic(), ports.archive.runs()
    documents = ports.archive.documents()  # whatever is wrong with the input ends the run before it is on record
    ports.archive.read_all()  # and before anything is spent
    run = _begun(sources, ports, began, past, whole=whole)
    ports.archive.add_run(run)
    _mend_books(past, ports)
    ports.engine.begin(run.id)
    if ports.second is not None:
        ports.second.engine.begin(run.id)
    collected, told = _collected(run, ports)
    located = ports.locator.locate(sources) if sources else {}
    moved = Moved.of(ports.archive, documents, ports.listed)
    walks = [Walk(source, ports, progress, documents.get(source.key, ()), run.id, moved) for source in sources]
    outcomes = _walk_all(walks, located, progress)
    if not collected:
        _raise_when_nothing_was_reached(outcomes, walks, run, ports)
    told += ports.batches.submit() if ports.batches else ()
    requests, model_requests = ports.traffic()
    replies = (*collected, *(reply for walk in walks for reply in walk.replies))
    ended = replace(
        run,
        seconds=round(ports.clock.monotonic() - started, 3),
        outcomes=tuple(outcomes[source.key] for source in sources),
        replies=with_booked(replies, by_run(ports.archive.booked()).get(run.id, [])),
        requests=requests,
        documents_fetched=sum(outcome.fetched_bytes > 0 for outcome in outcomes.values()),
        bytes_fetched=sum(outcome.fetched_bytes for outcome in outcomes.values()),
        model_requests=model_requests,
        ended=True,
        notes=(*run.notes, *told, *ports.remarks()),
    )
    if broken := outage(ended, past, ports.outage_share):
        ended = replace(ended, outage=True, notes=(*ended.notes, broken))
    if said := models_fault(ended):
        ended = replace(ended, notes=(*ended.notes, said))
    ports.archive.add_run(recorded(ended, past))
    return ended


def _begun(sources: Sequence[Source], ports: Ports, began: datetime, past: Sequence[Run], *, whole: bool) -> Run:
    """The record of a run that has just begun."""
    return Run(
        id=next_run_id(began, past),
        started_at=stamp(began),
        seconds=0.0,
        tool_version=__version__,
        engine=ports.engine.name,
        model=ports.engine.model,
        keys=tuple(source.key for source in sources),
        outcomes=(),
        whole=whole,
        ended=False,
        notes=notes_on(past, began),
    )


def _mend_books(past: Sequence[Run], ports: Ports) -> None:
    """Book the replies that an interrupted run has stored and not booked."""
    if past and not past[-1].ended:
        for reply in tuple(ports.archive.unbooked()):
            ports.archive.book(reply)


def _collected(run: Run, ports: Ports) -> tuple[tuple[Reply, ...], tuple[str, ...]]:
    """The replies that batches and files have brought, and what to say about them."""
    try:
        return ports.batches.collect() if ports.batches else ((), ())
    except BadList:
        ports.archive.remove_run(run.id)  # the input is wrong: there was no run
        raise


def _walk_all(
    walks: Sequence[Walk], located: Mapping[str, Location | SourceError], progress: Progress
) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    pool = ThreadPoolExecutor(max_workers=max(1, min(THREADS, len(walks))), thread_name_prefix="source")
    try:
        futures: dict[Future[Outcome], Walk] = {
            pool.submit(walk.walk, located[walk.source.key]): walk for walk in walks
        }
        for future in as_completed(futures):
            walk = futures[future]
            outcomes[walk.source.key] = future.result()
            progress.done(walk.source, outcomes[walk.source.key])
    except InputError:
        pool.shutdown(cancel_futures=True)  # the folder is in trouble: what is under way may still save its replies
        raise
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)  # whoever interrupts does not want to wait for a model
        raise
    pool.shutdown()
    return outcomes


def _raise_when_nothing_was_reached(
    outcomes: Mapping[str, Outcome], walks: Sequence[Walk], run: Run, ports: Ports
) -> None:
    """Undo the run when every source needs the network and none could be reached.

    Raises:
        Outage: nothing was reached.
    """
    remote = [walk for walk in walks if walk.source.kind != "file"]
    if remote and all(walk.unreachable for walk in remote) and len(remote) == len(walks):
        ports.archive.remove_run(run.id)
        message = outcomes[remote[0].source.key].message
        raise Outage(
            f"none of the {count_of(len(remote), 'source')} could be reached; nothing was changed; the first: {message}"
        )


FAILURES = frozenset({"failed", "needs_ocr"})
"""Outcomes after which a person has to do something: exit code 1."""
