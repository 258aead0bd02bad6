"""A survey goes in, docs/sql.md comes out: every table, view and column of its DuckDB file, in the words of their comments.

``python -m tests.columns`` prints it for the survey of examples/demo, and a test compares; the comments are in ``schema.sql``.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT, Folder
from tests.fields import FIELDS

PAGE = ROOT / "docs" / "sql.md"
HEAD = """# Tables, views and columns

What `survey-extract query` finds in `warehouse/survey.duckdb`. In a survey of your own, ask it:

```sh
survey-extract query "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE schema_name = 'main'"
```

The view `survey` has a column for each field, by its name, and further ones for numbers (`_printed`, `_unit`, `_qualifier`),
which stand between `state` and what is listed here.

Each `view` of fields.toml is a view like `datasets` here. Its items stand in a column named by the singular (`dataset`) or,
where that is not certain (`species`, `analyses`, `data`), by the view's own name. Such views include what nobody has
decided on; `WHERE state <> 'proposed'` leaves it out. The table `evaluations` has how often each field was right, each
time it was measured.
"""
_TABLES = """
SELECT table_name, comment FROM duckdb_tables() WHERE schema_name = 'main' AND NOT internal
UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal"""
_COLUMNS = """
SELECT table_name, column_name, comment FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal
ORDER BY table_name, column_index"""


def demo(folder: Path) -> Folder:
    """A copy of examples/demo of which nothing was read yet."""
    shutil.copytree(ROOT / "examples" / "demo", folder, ignore=shutil.ignore_patterns("warehouse"))
    return Folder(folder, {"SURVEY_READERS": "1"})


def page(survey: Folder) -> str:
    """The whole page."""
    return HEAD + "".join(_parts(survey))


def _parts(survey: Folder) -> Iterator[str]:
    columns = survey.rows(_COLUMNS)
    for table in sorted(survey.rows(_TABLES), key=lambda row: str(row["table_name"])):
        yield f"\n## {table['table_name']}\n\n{table['comment']}.\n\n| column | what it is |\n| --- | --- |\n"
        for column in columns:
            if column["table_name"] == table["table_name"] and not _is_of_a_field(table, column):
                yield f"| `{column['column_name']}` | {str(column['comment']).replace('|', ' or ')} |\n"


def _is_of_a_field(table: dict[str, object], column: dict[str, object]) -> bool:
    return table["table_name"] == "survey" and column["column_name"] in {spec.name for spec in FIELDS}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(page(demo(Path(folder) / "demo")), end="")  # what it is for
