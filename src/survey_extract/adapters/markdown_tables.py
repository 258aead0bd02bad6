"""Markdown goes in, its tables come out as HTML, each row on the line where it stands: core reads them as any other table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

_STRUCTURE = re.compile(r"</?(?:details|summary|table|thead|tbody|tr|th|td|ul|!)", re.IGNORECASE)
"""Tags that would end the cell they stand in."""


def tables_as_html(text: str) -> str:
    """The tables alone; all other lines are empty, so that lines count as in the text."""
    markdown = MarkdownIt("commonmark").enable("table")
    lines = [""] * (text.count("\n") + 2)
    for line, said in _pieces(markdown, markdown.parse(text)):
        lines[line] += said
    return "\n".join(lines)


def _pieces(markdown: MarkdownIt, tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    line, is_table = 0, False
    for token in tokens:
        line = token.map[0] if token.map else line
        is_table = (is_table or token.type == "table_open") and token.type != "table_close"
        if token.type in _PRINTED:
            yield line, _PRINTED[token.type]
        elif is_table and token.type == "inline":
            yield line, _inline(markdown, token.children or ())


def _inline(markdown: MarkdownIt, children: Sequence[Token]) -> str:
    for child in children:
        if child.type == "html_inline" and _STRUCTURE.match(child.content):
            child.type = "text"
    return markdown.renderer.renderInline(children, markdown.options, {}).replace("\n", " ")


_PRINTED = {
    f"{tag}_{end}": f"<{'/' if end == 'close' else ''}{tag}>"
    for tag in ("table", "tr", "th", "td")
    for end in ("open", "close")
}
