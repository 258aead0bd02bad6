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
from lxml.html import HtmlElement
from markdown_it import MarkdownIt

from survey_extract.adapters.css.user_agent import display_of
from survey_extract.adapters.html.fragments import UNSEEN, PageWords, rendered_runs, with_fragments
from survey_extract.adapters.html.hidden import cut_hidden, told_of_hidden
from survey_extract.adapters.html.stated import stated_in_page
from survey_extract.adapters.html.tables import IN_MARKDOWN, ON_PAGES, Marked, marked_tables, placed
from survey_extract.adapters.html.tree import tree_of
from survey_extract.core import readers
from survey_extract.core.paper_text import PaperText, SentenceKind
from survey_extract.core.reading.plain_text import clean
from survey_extract.core.reading.rows import with_rows_at
from survey_extract.core.reading.sentences import Block, assembled
from survey_extract.errors import ReadError

LEAST_CHARACTERS = 200
"""A page with less text than this is an error page or an empty shell, not a source."""

_WHY_SHORT = (
    "an empty page, one that needs a browser to show its text, or a text that is too short",
    "the file is empty or too short",
)
"""Of a web page, of Markdown."""

_FRONT_MATTER = re.compile(
    r"\A(?:<!--(?:(?!-->).)*+-->\s*+)?---[ \t]*\r?\n(?P<yaml>.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
_TITLE = re.compile(r"<title[^<>]*+>", re.IGNORECASE)
_TITLE_END = re.compile("</title>", re.IGNORECASE)
_REFERENCES = re.compile(r"^(?:references|bibliography|citations?|citing.*|bib\s?tex|how to cite)\W*$", re.IGNORECASE)


def read_html(data: bytes) -> PaperText:
    """Read a web page.

    Raises:
        ReadError: no text is left when menus and footers are taken away.
    """
    page = _decode(data)
    tree = tree_of(page)
    stated = stated_in_page(tree)
    others = rendered_runs(tree)
    cut = cut_hidden(tree)
    words = PageWords(rendered_runs(tree), others)
    tables = marked_tables(tree, cut.moved, ON_PAGES)
    code = _code_lines(tree)
    body = trafilatura.extract(
        tree,
        output_format="xml",
        include_comments=False,
        include_formatting=True,
        include_links=False,
        include_tables=True,
        favor_recall=True,
    )
    title = _title(page)
    blocks = list(_tree_blocks(etree.fromstring(body.encode()), code)) if body else []
    name = clean(html.unescape(title)) or None if title else None
    return with_fragments(replace(_read(blocks, tables, readers.HTML, name, cut.gone), stated=stated), words)


def read_markdown(data: bytes) -> PaperText:
    """Read a model card, a README or a plain text.

    Raises:
        ReadError: it holds next to no text.
    """
    text = _decode(data)
    front = _FRONT_MATTER.match(text)
    if front:
        text = text[front.end() :]
    tree = tree_of(_page_of(text))
    others = rendered_runs(tree)
    cut = cut_hidden(tree)
    title = _front_title(front["yaml"]) if front else None
    words = PageWords(rendered_runs(tree), others)
    tables = marked_tables(tree, cut.moved, IN_MARKDOWN)
    return with_fragments(_read(list(_markup_blocks(tree)), tables, readers.MARKDOWN, title, cut.gone), words)


def page_markup(data: bytes, media_type: str) -> str:
    """A web page's own markup, or that of the page which a site makes of a Markdown file."""
    text = _decode(data)
    if media_type == "text/html":
        return text
    front = _FRONT_MATTER.match(text)
    return _page_of(text[front.end() :] if front else text)


def _title(page: str) -> str | None:
    """What the first title of a page holds, as far as it is closed."""
    begins = _TITLE.search(page)
    ends = _TITLE_END.search(page, begins.end()) if begins else None
    return page[begins.end() : ends.start()] if begins and ends else None


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


def _read(
    blocks: list[Block], tables: Sequence[Marked], reader: str, title: str | None, hidden: Sequence[str]
) -> PaperText:
    characters = sum(len(block.text) for block in blocks)
    if characters < LEAST_CHARACTERS:
        raise ReadError(
            f"{characters} characters of text, and less than {LEAST_CHARACTERS} are not read as a source: "
            + _WHY_SHORT[reader == readers.MARKDOWN]
        )
    heading = next((clean(block.text) for block in blocks if block.kind == "heading" and block.level == 1), None)
    warned, noted = told_of_hidden(hidden)
    text, orders = assembled(blocks, reader=reader, title=title or heading, page_count=1, warnings=warned)
    return replace(with_rows_at(text, tuple(placed(text, orders, blocks, tables))), notes=noted)


# --- web pages ------------------------------------------------------------------------------------


def _code_lines(tree: HtmlElement) -> frozenset[str]:
    """What the page sets as code on a line of its own. The extractor gives it as paragraphs."""
    lines = (clean(str(pre.text_content())) for pre in tree.iter("pre"))
    return frozenset(line for line in lines if not _is_sentence(line))


def _is_sentence(line: str) -> bool:
    """Whether what stands in ``pre`` is one: some words, with an end."""
    return line[:1].isalpha() and line.endswith((".", "?", "!")) and len(line.split()) > 2


def _tree_blocks(tree: etree._Element, code: frozenset[str]) -> Iterator[Block]:
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
            lines = element.tag == "code" and "\n" in "".join(element.itertext()).strip()
            is_debris = element.tag == "row" or lines or clean(text) in code
            kind: SentenceKind = "reference" if in_references else "debris" if is_debris else "body"
            yield from _alone(kind, text, item=element.tag == "item")


def _alone(kind: SentenceKind, text: str, *, item: bool = False) -> Iterator[Block]:
    """A paragraph that stands for itself: the empty heading behind it keeps the next one apart."""
    yield Block(kind, text, item=item)
    yield Block("heading", "")


# --- Markdown -------------------------------------------------------------------------------------

_NOTE = re.compile(r"^ {0,3}\[\^(?P<label>[^\]\s]{1,100})\]:", re.MULTILINE)
_MENTION = re.compile(r"\[\^(?P<label>[^\]\s]{1,100})\](?P<defines>:?)")


def _page_of(markdown: str) -> str:
    """The page that a site makes of a Markdown file; its own menus are not known here."""
    shown = _without_lost_notes(markdown)
    return f"<!doctype html><body>{MarkdownIt('commonmark').enable(['table', 'strikethrough']).render(shown)}</body>"


def _without_lost_notes(markdown: str) -> str:
    """The file without footnotes that nothing refers to: sites do not show them."""
    wanted = {found["label"].lower() for found in _MENTION.finditer(markdown) if not found["defines"]}
    kept: list[str] = []
    lost = False
    for line in markdown.splitlines(keepends=True):
        note = _NOTE.match(line)
        if note:
            lost = note["label"].lower() not in wanted
        elif not line.strip():
            lost = False
        if not lost:
            kept.append(line)
    return "".join(kept)


def _markup_blocks(tree: HtmlElement) -> Iterator[Block]:
    """Headings, paragraphs, list items and table rows in reading order."""
    in_references = False
    for tag, text in _runs(tree):
        kind: SentenceKind = "reference" if in_references else "body"
        if tag[1:].isdigit():
            in_references = bool(_REFERENCES.match(clean(text)))
            yield Block("heading", text, level=int(tag[1:]))
        elif tag in ("pre", "tr"):
            yield Block("debris", text)
        elif clean(text):
            yield from _alone(kind, text, item=tag == "li")


_PROSE = 20
"""Words in a cell that make it a paragraph."""
_PARAGRAPHS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote")
_WHOLE = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "pre", "tr"])
"""Elements that are one block, whatever is in them."""


def _runs(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """The runs of text within one block, each with the tag that begins it; without recursion."""
    run: list[str] = []
    tag = "p"
    stack: list[tuple[HtmlElement, bool]] = [(tree, True)]
    while stack:
        element, opens = stack.pop()
        breaks = display_of(element.tag) not in ("inline", "none") and element.tag not in UNSEEN
        if breaks and run:
            yield tag, "".join(run)
            run, tag = [], "p"
        if breaks and element.tag != "p":  # a paragraph in an item begins the item
            tag = "li" if opens and element.tag == "li" else "p"
        if not opens:
            run += [element.tail] if element.tail else []
            continue
        stack.append((element, False))
        if element.tag in _WHOLE and not _holds_prose(element):
            yield element.tag, _whole(element)
        elif element.tag not in UNSEEN:
            run += [" "] if element.tag == "br" else [element.text] if element.text else []
            stack.extend((child, True) for child in reversed(element))
    if run:
        yield tag, "".join(run)


def _holds_prose(element: HtmlElement) -> bool:
    """Whether a row is not a row of a table, but sets paragraphs beside one another."""
    return element.tag == "tr" and any(
        len(cell.text_content().split()) >= _PROSE or next(cell.iter(*_PARAGRAPHS), None) is not None
        for cell in element
    )


def _whole(element: HtmlElement) -> str:
    if element.tag == "tr":
        return " | ".join(clean(cell.text_content()) for cell in element)
    return str(element.text_content())
