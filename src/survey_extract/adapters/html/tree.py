"""The text of a web page goes in, the tree that a browser makes of it comes out, as lxml's elements.

Browsers agree on one way to read markup, however broken (HTML Standard, 13.2
"Parsing HTML documents"); lxml's parser is older than that and differs where
comments, raw text and misplaced tags are concerned. Words could hide in the
difference, so the tree comes from lexbor, which follows the Standard, as in a
browser that runs scripts. Comments are left out of it.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement, html_parser
from selectolax.lexbor import LexborHTMLParser, LexborNode

from survey_extract.errors import ReadError

DEEPEST = 500
"""Elements within one another; browsers make a tree no deeper than 512 (Chromium's ``kMaximumHTMLParserDOMTreeDepth``)."""
_OPEN = 10_000
"""Tags that may be left open: the Standard's algorithm goes over all of them for each further one."""
_NAME = re.compile(r"[a-z_][\w.-]*", re.ASCII | re.IGNORECASE)
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_CLOSED_BY_OTHERS = frozenset(
    "area base br col colgroup dd dt embed hr img input li link meta option optgroup p param rp rt source tbody td "
    "tfoot th thead tr track wbr".split()
)


def tree_of(page: str) -> HtmlElement:
    """Read a page as a browser does.

    Raises:
        ReadError: its elements are nested deeper than any browser shows them.
    """
    if _left_open(page) > _OPEN:
        raise ReadError("this is not a web page: its tags are nested without end")
    root = LexborHTMLParser(page, scripting=True).root
    if root is None:
        raise ReadError("this is not a web page: no element was found in it")
    return _copied(root)


def _left_open(page: str) -> int:
    """How many tags are open at once, at most."""
    most = now = 0
    for closes, name in _TAG.findall(page):
        if name.lower() not in _CLOSED_BY_OTHERS:
            now = max(0, now - 1) if closes else now + 1
            most = max(most, now)
    return most


def _copied(root: LexborNode) -> HtmlElement:
    """The same tree in lxml's elements, without recursion and without comments."""
    top = _element(root)
    stack = [(root.child, top, 1)]
    while stack:
        node, parent, depth = stack.pop()
        if depth > DEEPEST:
            raise ReadError("this is not a web page: its elements are nested without end")
        while node is not None:
            if node.is_text_node:
                _append(parent, _NO_XML.sub("", node.text_content or ""))
            elif node.is_element_node:
                child = _element(node)
                parent.append(child)
                if child.tag == "template":
                    child.text = _within_template(node)
                stack.append((node.child, child, depth + 1))
            node = node.next
    return top


def _within_template(node: LexborNode) -> str:
    """The words of a template, which stand outside of the page's tree."""
    return _NO_XML.sub("", " ".join(fragment.text() for fragment in node.template_fragments()[:1]))


def _append(parent: HtmlElement, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _element(node: LexborNode) -> HtmlElement:
    """An element with those of its attributes that XML can name; of a name it cannot, a ``span``."""
    given = node.attributes.items()
    attributes = {name: _NO_XML.sub("", value or "") for name, value in given if _NAME.fullmatch(name)}
    name = node.tag or ""
    return html_parser.makeelement(name if _NAME.fullmatch(name) else "span", attributes)
