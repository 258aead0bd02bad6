"""Markdown goes in, its tables come out as HTML, each row on the line where it stands: core reads them as any other table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

_STRUCTURE = re.compile(r"</?(?:details|summary|table|thead|tbody|tr|th|td|ul|!)", re.IGNORECASE)
"""Tags that would end the cell they stand in."""
_LINE_END = re.compile(r"\r\n|\n|\r")
_ESCAPED = re.compile(r"\\.")


def tables_as_html(text: str) -> str:
    """The tables alone; all other lines are empty, so that lines count as in the text.

    Markdown drops what stands behind the last column; here it is a cell too many, so that it can be named.
    """
    markdown = MarkdownIt("commonmark").enable("table")
    written = _LINE_END.split(text)
    lines = [""] * (len(written) + 1)
    for line, said in _pieces(markdown, markdown.parse(text), written):
        lines[line] += said
    return "\n".join(lines)


def _pieces(markdown: MarkdownIt, tokens: Sequence[Token], written: Sequence[str]) -> Iterator[tuple[int, str]]:
    line = cells = 0
    is_table = False
    for token in tokens:
        line = token.map[0] if token.map else line
        is_table = (is_table or token.type == "table_open") and token.type != "table_close"
        if token.type == "tr_open":
            cells = 0
        elif token.type == "tr_close":
            yield line, "".join(f"<td>{escape(cell)}</td>" for cell in _behind(written[line], cells))
        cells += token.type in ("th_open", "td_open")
        if token.type in _PRINTED:
            yield line, _PRINTED[token.type]
        elif is_table and token.type == "inline":
            yield line, _inline(markdown, token)


def _behind(line: str, cells: int) -> list[str]:
    """What stands behind the cells of a row, up to the last that has a word."""
    parts = _ESCAPED.sub("", line).strip(" \t>").removeprefix("|").split("|")[cells:]
    while parts and not parts[-1].strip():
        parts.pop()
    return parts


def _inline(markdown: MarkdownIt, cell: Token) -> str:
    for child in cell.children or ():
        if child.type == "html_inline" and _STRUCTURE.match(child.content):
            child.type = "text"
    return str(markdown.renderer.render([cell], markdown.options, {})).replace("\n", " ")


_PRINTED = {
    f"{tag}_{end}": f"<{'/' if end == 'close' else ''}{tag}>"
    for tag in ("table", "tr", "th", "td")
    for end in ("open", "close")
}
