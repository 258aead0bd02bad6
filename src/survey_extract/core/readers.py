"""The names of today's readers: a text in the cache that bears another was made by an older one.

They are in a module of their own so that ``status`` can compare them without loading a reader.
"""

from __future__ import annotations

PDF = "pdf-10"
SECOND_PDF = "pdf-pypdf-2"
HTML = "html-4"
MARKDOWN = "markdown-4"

CURRENT = frozenset({PDF, SECOND_PDF, HTML, MARKDOWN})
