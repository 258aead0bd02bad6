"""The DuckDB file goes in; a line per source comes out: what it is, what was read of it, what is decided and what waits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from survey_extract.commands.survey import give, show

if TYPE_CHECKING:
    from survey_extract.wiring import DuckWarehouse, FileArchive

_SOURCES = """
WITH looks AS (SELECT key, arg_max(outcome, run) AS outcome, arg_max(coalesce(message, ''), run) AS message FROM outcomes GROUP BY key),
     cells_of AS (SELECT key, count(*) FILTER (state IS NOT NULL) AS answered FROM cells GROUP BY key),
     waiting AS (SELECT key, count(*) AS waiting FROM queue GROUP BY key)
SELECT s.key, s.name, s.kind, s.version, strftime(d.fetched_at, '%Y-%m-%d') AS fetched, l.outcome, nullif(l.message, '') AS message,
       coalesce(c.answered, 0) - coalesce(w.waiting, 0) AS decided, coalesce(w.waiting, 0) AS waiting, s.published
FROM sources s LEFT JOIN documents d ON d.key = s.key AND d.latest LEFT JOIN looks l ON l.key = s.key
     LEFT JOIN cells_of c ON c.key = s.key LEFT JOIN waiting w ON w.key = s.key
ORDER BY s.position"""
_COLUMNS = ("key", "name", "kind", "version", "fetched", "outcome", "message", "decided", "waiting", "published")
_NAME = 40
"""Characters of a name that a line shows."""
_MESSAGE = 100
"""Characters of a failure that a line shows; ``--json`` has all."""


def sources_table(warehouse: DuckWarehouse) -> list[dict[str, Any]]:
    """The sources in the order of sources.csv, each with its state."""
    return [dict(zip(_COLUMNS, row, strict=True)) for row in warehouse.rows(_SOURCES)]


def print_sources(warehouse: DuckWarehouse, *, as_json: bool) -> None:
    """On stdout: JSON for machines, a line each for people."""
    found = sources_table(warehouse)
    if as_json:
        give(json.dumps(found, indent=1, ensure_ascii=False))
        return
    if not found:
        show("no source yet: survey-extract add")
        return
    lines = [("key", "name", "kind", "read", "last look", "cells"), *map(_line, found)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    for line, item in zip(lines, (None, *found), strict=True):
        text = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        show(text)
        if item and item["message"] and item["outcome"] not in ("new", "changed", "unchanged"):
            show(f"    {_cut(item['message'], _MESSAGE)}")


def _line(item: dict[str, Any]) -> tuple[str, ...]:
    read = " of ".join(part for part in (item["version"], item["fetched"]) if part) or "not yet"
    cells = f"{item['decided']} decided, {item['waiting']} wait" if item["decided"] or item["waiting"] else "none"
    return item["key"], _cut(item["name"], _NAME), item["kind"], read, item["outcome"] or "none yet", cells


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def older_texts(warehouse: DuckWarehouse, archive: FileArchive) -> list[str]:
    """The keys of the sources whose text in the cache was made by a reader that is not today's."""
    from survey_extract.core.readers import CURRENT

    rows = warehouse.rows("SELECT key, document FROM sources WHERE document IS NOT NULL ORDER BY position")
    return [key for key, document in rows if (archive.reader_of(document) or next(iter(CURRENT))) not in CURRENT]


def told_of_older(keys: list[str]) -> str:
    """The line of ``status`` for them."""
    count = f"{len(keys)} text{'' if len(keys) == 1 else 's'} in the cache"
    return f"{count} by an older reader: survey-extract refresh --reread reads them again, and asks only about what is no longer there"
