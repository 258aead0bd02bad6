"""The DuckDB file goes in, what the last runs changed comes out as the body of a pull request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from survey_extract.core.fields import Fields
from survey_extract.core.records import Term
from survey_extract.core.report import CellChange, Problem, Report, SourceChange
from survey_extract.core.survival import told
from survey_extract.errors import InputError

if TYPE_CHECKING:
    from survey_extract.adapters.warehouse import DuckWarehouse

_ANSWERS = """
SELECT a.key, a.field, i.proposed, i.value, i.proposed_terms, coalesce(i.state, ''), i.proposed_by,
       list_sort(coalesce((SELECT list(DISTINCT e.page) FROM evidence e WHERE e.answer = i.proposal), [])) AS pages,
       (SELECT arg_max_null(p.value, p.id) FROM answers p WHERE p.key = a.key AND p.field = a.field AND p.run <= $since) AS before,
       (SELECT arg_max(p.value_sha256, p.id) FROM answers p WHERE p.key = a.key AND p.field = a.field AND p.run <= $since) AS hash_before,
       a.value_sha256,
       (SELECT arg_max_null(p.version, p.id) FROM answers p WHERE p.key = a.key AND p.field = a.field AND p.run <= $since) AS version_before
FROM answers a JOIN internal.cells i ON i.key = a.key AND i.field = a.field AND i.proposal = a.id
WHERE a.run > $since
"""
_REASONS = "SELECT key, unnest(asked) AS field, unnest(reasons) AS reason FROM outcomes WHERE run > $since ORDER BY run"
_COSTS = (
    "SELECT key, sum(cost), count(*) FILTER (cost IS NULL) FROM replies WHERE run > $since AND NOT reused GROUP BY key"
)
_FATES = "SELECT key, fates FROM outcomes WHERE run > $since AND cardinality(fates) > 0 ORDER BY run"
_PROBLEMS = """
SELECT o.key, s.name, o.outcome, coalesce(o.message, ''), strftime(s.looked_at, '%Y-%m-%d') AS as_of, s.failing_since IS NOT NULL
FROM outcomes o JOIN sources s USING (key)
WHERE o.run = $last AND o.outcome IN ('failed', 'needs_ocr', 'withdrawn', 'waiting') ORDER BY s.position
"""


def make_report(warehouse: DuckWarehouse, since: str | None) -> Report:
    """What came of the runs behind ``since`` (the name of a run), or of the last one.

    Raises:
        InputError: there is no run yet, or none behind it.
    """
    names = [name for (name,) in warehouse.rows("SELECT id FROM runs ORDER BY id")]
    if not names:
        raise InputError("there is no run to report on: survey-extract refresh")
    before = since if since is not None else names[-2] if len(names) > 1 else ""
    chosen = [name for name in names if name > before]
    if not chosen:
        raise InputError(f"there is no run behind {since}; the last one is {names[-1]}")
    sources = tuple(_sources(warehouse, before))
    (cost, unpriced), *_ = warehouse.rows(
        "SELECT sum(cost), count(*) FILTER (cost IS NULL) FROM replies WHERE run > $since AND NOT reused",
        {"since": before},
    )
    problems = warehouse.rows(_PROBLEMS, {"last": chosen[-1]})
    notes = warehouse.rows("SELECT DISTINCT unnest(notes) FROM runs WHERE id = $last ORDER BY 1", {"last": chosen[-1]})
    return Report(
        runs=len(chosen),
        first=chosen[0][:10],
        last=chosen[-1][:10],
        sources=sources,
        problems=tuple(
            Problem(key, name, kind, message, as_of if failing else None)
            for key, name, kind, message, as_of, failing in problems
        ),
        waiting=warehouse.rows("SELECT count(*) FROM queue")[0][0],
        cost=cost,
        unpriced=unpriced,
        notes=tuple(note for (note,) in notes),
    )


def _sources(warehouse: DuckWarehouse, before: str) -> Sequence[SourceChange]:
    since = {"since": before}
    rows: dict[str, list[Any]] = {}
    for row in warehouse.rows(_ANSWERS, since):
        rows.setdefault(row[0], []).append(row)
    reasons = {(key, field): reason for key, field, reason in warehouse.rows(_REASONS, since)}
    costs = {key: (cost, unpriced) for key, cost, unpriced in warehouse.rows(_COSTS, since)}
    fates = {key: told(counts.items()) for key, counts in warehouse.rows(_FATES, since)}
    places = warehouse.rows("SELECT key, name, coalesce(url, ''), version, notice FROM sources ORDER BY position")
    changes: list[SourceChange] = []
    for key, name, link, version, notice in places:
        if key not in rows:
            continue
        cells = tuple(_cell(row, reasons, warehouse.fields) for row in rows[key] if row[9] != row[10])
        then = next((row[11] for row in rows[key] if row[11]), None)
        is_new = all(row[9] is None for row in rows[key])
        change = "new" if is_new else f"{then} -> {version}" if then and version and then != version else "changed"
        cost, unpriced = costs.get(key, (None, 0))
        kept = len(rows[key]) - len(cells)
        changes.append(SourceChange(key, name, link, change, kept, fates.get(key, ""), cost, unpriced, cells, notice))
    return changes


def _cell(row: Sequence[Any], reasons: dict[tuple[str, str], str], fields: Fields) -> CellChange:
    key, field, now, stands, terms, state, by, pages, before, *_ = row
    was = (
        stands if state == "changed" else before
    )  # what a person decided is what is published until they say otherwise
    found = tuple(Term(term["text"], term["place"]) for term in terms)
    return CellChange(fields.named(field).heading, was, now, tuple(pages), found, state, reasons.get((key, field)), by)
