"""The names of today's readers: a text in the cache that bears another was made by an older one.

They are in a module of their own so that ``status`` can compare them without loading a reader.
"""

from __future__ import annotations

PDF = "pdf-13"
SECOND_PDF = "pdf-pypdf-3"
HTML = "html-6"
MARKDOWN = "markdown-6"

CURRENT = frozenset({PDF, SECOND_PDF, HTML, MARKDOWN})
