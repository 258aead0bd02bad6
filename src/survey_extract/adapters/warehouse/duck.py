"""Nothing goes in, DuckDB comes out: its engine alone, which is all that SQL needs.

`import duckdb` also loads an API in Python, of relations, expressions and data
frames. That takes three times as long as the engine itself, a fifth of a night
on which nothing changes, and no query of ours is written with it. The engine
is the package's own inner module; where a later release has none of that name,
the whole package is loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
else:
    try:
        import _duckdb as duckdb
    except ImportError:
        import duckdb

__all__ = ["duckdb"]
