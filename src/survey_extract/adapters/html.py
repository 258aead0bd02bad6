"""The bytes of a web page or a Markdown file go in, their ``PaperText`` of one page comes out.

trafilatura finds the text of a page among its menus and footers and gives it
as a small XML tree; model cards and READMEs are read by markdown-it. Headings,
paragraphs and list items are thus a parser's word, not a guess by patterns.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import trafilatura
import yaml
from lxml import etree
from lxml.html import fromstring
from markdown_it import MarkdownIt
from markdown_it.token import Token

from survey_extract.adapters import readers
from survey_extract.adapters.fragments import PageWords, rendered_runs, with_fragments
from survey_extract.adapters.html_hidden import cut_hidden, told_of_hidden, without_hidden_markup
from survey_extract.core.characters import clean
from survey_extract.core.records import PaperText, SentenceKind
from survey_extract.core.sentences import Block, assemble
from survey_extract.errors import ReadError

LEAST_CHARACTERS = 200
"""A page with less text than this is an error page or an empty shell, not a source."""

_FRONT_MATTER = re.compile(r"\A(?:<!--.*?-->\s*)?---[ \t]*\r?\n(?P<yaml>.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_REFERENCES = re.compile(r"^(?:references|bibliography|citations?|citing.*|bib\s?tex|how to cite)\W*$", re.IGNORECASE)


def read_html(data: bytes) -> PaperText:
    """Read a web page.

    Raises:
        ReadError: no text is left when menus and footers are taken away.
    """
    page = _decode(data)
    tree = trafilatura.load_html(page)
    if tree is None:
        raise ReadError("this is no web page: no parser finds an element in it")
    others = rendered_runs(tree)
    hidden = cut_hidden(tree)
    words = PageWords(rendered_runs(tree), others)
    body = trafilatura.extract(
        tree,
        output_format="xml",
        include_comments=False,
        include_formatting=True,
        include_links=False,
        include_tables=True,
        favor_recall=True,
    )
    title = _TITLE.search(page)
    blocks = list(_tree_blocks(etree.fromstring(body.encode()))) if body else []
    text = _read(blocks, readers.HTML, clean(html.unescape(title[1])) or None if title else None, hidden)
    return with_fragments(text, words)


def read_markdown(data: bytes) -> PaperText:
    """Read a model card, a README or a plain text.

    Raises:
        ReadError: it holds next to no text.
    """
    text = _decode(data)
    front = _FRONT_MATTER.match(text)
    if front:
        text = text[front.end() :]
    shown, hidden = without_hidden_markup(_COMMENT.sub("", text))
    title = _front_title(front["yaml"]) if front else None
    words = PageWords(_rendered(shown), _rendered(text))
    return with_fragments(_read(list(_markdown_blocks(shown)), readers.MARKDOWN, title, hidden), words)


def _rendered(markdown: str) -> list[str]:
    """The runs of text of the page that a site makes of a Markdown file; its own menus are not known here."""
    page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown)
    return rendered_runs(fromstring(f"<body>{page}</body>"))


def _decode(data: bytes) -> str:
    """UTF-8, or what the bytes say of themselves; a stray byte is no reason to lose the page."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    declared = re.search(rb"<meta[^>]+charset=[\"']?([\w-]+)", data[:4096], re.IGNORECASE)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode(declared[1].decode() if declared else "cp1252", "replace")
    except LookupError:
        return data.decode("cp1252", "replace")


def _front_title(front: str) -> str | None:
    """The title or model name of a card's front matter; unreadable front matter has none."""
    try:
        fields = yaml.safe_load(front)
    except yaml.YAMLError:
        return None
    if not isinstance(fields, dict):
        return None
    title = fields.get("title") or fields.get("model_name") or fields.get("pretty_name")
    return clean(str(title)) or None if title else None


def _read(blocks: list[Block], reader: str, title: str | None, hidden: Sequence[str]) -> PaperText:
    characters = sum(len(block.text) for block in blocks)
    if characters < LEAST_CHARACTERS:
        raise ReadError(
            f"{characters} characters of text are left: an empty page, or one that needs a browser to show its text"
        )
    heading = next((clean(block.text) for block in blocks if block.kind == "heading" and block.level == 1), None)
    warned, noted = told_of_hidden(hidden)
    text = assemble(blocks, reader=reader, title=title or heading, page_count=1, warnings=warned)
    return replace(text, notes=noted)


# --- web pages ------------------------------------------------------------------------------------


def _tree_blocks(tree: etree._Element) -> Iterator[Block]:
    """Blocks of trafilatura's tree: ``head``, ``p``, ``item``, ``row``, ``quote`` and ``code``."""
    in_references = False
    for element in tree.iter("head", "p", "item", "row", "quote", "code", "ab"):
        if any(parent.tag in ("row", "item", "p", "quote", "code") for parent in element.iterancestors()):
            continue
        cells = element if element.tag == "row" else (element,)
        text = " | ".join(clean("".join(cell.itertext())) for cell in cells)
        if element.tag == "head":
            in_references = bool(_REFERENCES.match(clean(text)))
            level = (element.get("rend") or "h1")[1:]
            yield Block("heading", text, level=int(level) if level.isdigit() else 1)
        elif clean(text):
            is_debris = element.tag == "row" or (element.tag == "code" and "\n" in "".join(element.itertext()).strip())
            kind: SentenceKind = "reference" if in_references else "debris" if is_debris else "body"
            yield from _alone(kind, text, item=element.tag == "item")


def _alone(kind: SentenceKind, text: str, *, item: bool = False) -> Iterator[Block]:
    """A paragraph that stands for itself: the empty heading behind it keeps the next one apart."""
    yield Block(kind, text, item=item)
    yield Block("heading", "")


# --- Markdown -------------------------------------------------------------------------------------


def _markdown_blocks(markdown: str) -> Iterator[Block]:
    """Headings, paragraphs, list items and table rows in reading order."""
    in_references, row, heading = False, _Row(), 0
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    for index, token in enumerate(tokens):
        kind: SentenceKind = "reference" if in_references else "body"
        if token.type == "heading_open":
            heading = int(token.tag[1:])
        elif token.type in ("tr_open", "tr_close"):
            yield from row.turn(token.type)
        elif token.type in ("fence", "code_block"):
            yield Block("debris", token.content)
        elif token.type == "html_block" and (text := _plain(token.content)):
            yield from _alone(kind, text)
        elif token.type == "inline" and row.is_open:
            row.cells.append(clean(_inline(token)))
        elif token.type == "inline" and heading:
            in_references = bool(_REFERENCES.match(clean(_inline(token))))
            yield Block("heading", _inline(token), level=heading)
            heading = 0
        elif token.type == "inline" and clean(_inline(token)):
            begins_item = index > 1 and tokens[index - 2].type == "list_item_open"
            yield from _alone(kind, _inline(token), item=begins_item)


class _Row:
    """A table row on its way: its cells become one block."""

    def __init__(self) -> None:
        self.is_open = False
        self.cells: list[str] = []

    def turn(self, mark: str) -> Iterator[Block]:
        if mark == "tr_close":
            yield Block("debris", " | ".join(self.cells))
        self.is_open, self.cells = mark == "tr_open", []


def _inline(token: Token) -> str:
    """The words of a paragraph, without the marks; a picture's words are not the source's."""
    parts: list[str] = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return html.unescape("".join(parts))


def _plain(markup: str) -> str:
    return clean(html.unescape(_TAG.sub(" ", _COMMENT.sub(" ", markup))))
