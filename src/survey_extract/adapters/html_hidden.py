"""The tree of a web page goes in; what no reader of the page sees is cut out of it, and counted.

Judged by what stands in the page itself: attributes, inline styles, and simple
rules of its own style sheets. A text hidden by a linked style sheet or by a
script is not found. White text counts as hidden unless the page gives a
background to it or to what it stands in.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from lxml.html import HtmlElement

from survey_extract.core.concealed import holds_words

Declarations = Mapping[str, str]

_NEVER_SHOWN = ("template", "noscript")
_RULE = re.compile(r"(?<![^{}])([^{}]+)\{([^{}]*)\}")
_AT_RULE = re.compile(r"@[^{};@]+(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
_SIMPLE = re.compile(r"(?P<tag>[a-z][\w-]*)?(?P<parts>(?:[.#][\w-]+)*)", re.IGNORECASE)
_LENGTH = re.compile(r"(-?[\d.]+)\s*(px|pt|em|rem|vw|vh|%|)")
_TAG_NAME = re.compile(r"/?[a-z][\w-]*", re.IGNORECASE)
_HIDES = re.compile(
    r"\shidden[\s>=]|display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*[01](?:px|pt)?\s*[;\"']|opacity\s*:\s*0(?:\.0\d*)?\s*[;\"']",
    re.IGNORECASE,
)
_WHITE = frozenset({"white", "#fff", "#ffffff", "#fefefe", "snow", "ivory", "transparent"})
SMALLEST = 2.0
"""Pixels or points; smaller letters cannot be read by people."""
FAR = 500.0
"""Pixels out of the window from which a text is out of sight for good."""


def cut_hidden(tree: HtmlElement) -> list[str]:
    """Cut what is not shown out of the tree; the texts that went."""
    sheet = list(_sheet(tree))
    gone: list[str] = []
    for element in list(tree.iter(*_NEVER_SHOWN)):
        text = _cut(element)
        gone += [text] if element.tag == "template" else []
    for element in list(tree.iter()):
        if isinstance(element.tag, str) and element.getparent() is not None and _is_hidden(element, sheet):
            gone.append(_cut(element))
    return gone


def without_hidden_markup(markdown: str) -> tuple[str, list[str]]:
    """Markdown without the HTML elements in it that are not shown, and the texts that went."""
    tags = list(_tags(markdown))
    closings: dict[str, list[tuple[int, int]]] = {}
    for name, start, end in tags:
        if name.startswith("/"):
            closings.setdefault(name[1:], []).append((start, end))
    gone: list[str] = []
    parts: list[str] = []
    at = 0
    for name, start, end in tags:
        if start < at or name.startswith("/") or not _HIDES.search(markdown, start, end):
            continue
        behind = closings.get(name, [])
        place = bisect_left(behind, (end, 0))
        if place < len(behind):
            gone.append(" ".join(markdown[end : behind[place][0]].split()))
            parts += [markdown[at:start], " "]
            at = behind[place][1]
    return "".join([*parts, markdown[at:]]), gone


def _tags(markdown: str) -> Iterator[tuple[str, int, int]]:
    """Every tag: its name in lower case, with the slash of one that closes, and its span. By plain scanning, in linear time."""
    at = 0
    while (start := markdown.find("<", at)) >= 0:
        name = _TAG_NAME.match(markdown, start + 1)
        at = start + 1
        if name is not None:
            at = markdown.find(">", start) + 1
            if not at:
                return
            yield name[0].lower(), start, at


def told_of_hidden(gone: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The warning when words went, the note when something else did; nothing for nothing."""
    characters = sum(map(len, gone))
    what = f"{characters} character{'' if characters == 1 else 's'} that the page does not show"
    if holds_words(gone):
        return (f"hidden text is kept out: {what}",), ()
    return (), (f"not seen, and no words: {what}",) if characters else ()


def _cut(element: HtmlElement) -> str:
    text = " ".join(element.text_content().split())
    if element.getparent() is not None:
        element.drop_tree()
    return text


def _is_hidden(element: HtmlElement, sheet: list[tuple[str, Declarations]]) -> bool:
    if element.get("hidden") is not None:
        return True
    styles = _styles(element, sheet)
    return bool(styles) and (_is_gone(styles) or _is_white(element, styles, sheet))


def _is_gone(styles: Declarations) -> bool:
    """Whether the styles take an element out of sight, whatever stands around it."""
    if styles.get("display") == "none" or styles.get("visibility") in ("hidden", "collapse"):
        return True
    if _number(styles.get("opacity")) == 0 or (
        (size := _pixels(styles.get("font-size"))) is not None and size < SMALLEST
    ):
        return True
    if styles.get("position") in ("absolute", "fixed"):
        edges = (_pixels(styles.get(name)) for name in ("left", "top", "right", "bottom"))
        if any(edge is not None and edge <= -FAR for edge in edges) or "rect(0" in styles.get("clip", ""):
            return True
    indent = _pixels(styles.get("text-indent"))
    boxed = styles.get("overflow") == "hidden" and 0 in (_pixels(styles.get("width")), _pixels(styles.get("height")))
    return boxed or (indent is not None and indent <= -FAR)


def _is_white(element: HtmlElement, styles: Declarations, sheet: list[tuple[str, Declarations]]) -> bool:
    """Whether the text is white, and nothing says that it stands on anything but white."""
    colour = re.sub(r"\s", "", styles.get("color", "")).lower()
    if (
        colour not in _WHITE
        and colour not in ("rgb(255,255,255)", "rgba(255,255,255,1)")
        and not colour.endswith(",0)")
    ):
        return False
    around = [element, *element.iterancestors()]
    backgrounds = [
        s.get("background") or s.get("background-color") or s.get("background-image")
        for e in around
        if (s := _styles(e, sheet))
    ]
    return not any(given and given.lower() not in _WHITE for given in backgrounds)


def _styles(element: HtmlElement, sheet: list[tuple[str, Declarations]]) -> dict[str, str]:
    """What the page itself says of an element's looks; its own style goes before the sheet's."""
    styles: dict[str, str] = {}
    for selector, declarations in sheet:
        if _fits(element, selector):
            styles.update(declarations)
    if own := element.get("style"):
        styles.update(_declarations(own))
    return styles


def _sheet(tree: HtmlElement) -> Iterator[tuple[str, Declarations]]:
    """The simple rules of the page's style sheets that say anything about sight."""
    for element in tree.iter("style"):
        css = re.sub(r"/\*.*?\*/", "", element.text or "", flags=re.DOTALL)
        for selectors, body in _RULE.findall(_AT_RULE.sub("", css)):
            if declarations := {name: value for name, value in _declarations(body).items() if name in _SIGHT}:
                yield from ((s.strip(), declarations) for s in selectors.split(",") if _SIMPLE.fullmatch(s.strip()))


_SIGHT = frozenset(
    [
        "display",
        "visibility",
        "opacity",
        "font-size",
        "position",
        "left",
        "top",
        "right",
        "bottom",
        "clip",
        "text-indent",
        "overflow",
        "width",
        "height",
        "color",
        "background",
        "background-color",
        "background-image",
    ]
)


def _declarations(css: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in css.split(";"))
    return {
        name.strip().lower(): value.replace("!important", "").strip().lower()
        for name, _, value in pairs
        if value.strip()
    }


def _fits(element: HtmlElement, selector: str) -> bool:
    match = _SIMPLE.fullmatch(selector)
    if match is None or not selector or (match["tag"] and match["tag"].lower() != element.tag):
        return False
    classes = (element.get("class") or "").split()
    parts = re.findall(r"([.#])([\w-]+)", match["parts"])
    return all(name in classes if mark == "." else name == element.get("id") for mark, name in parts)


def _pixels(text: str | None) -> float | None:
    match = _LENGTH.fullmatch(text or "")
    if match is None:
        return None
    try:
        return float(match[1]) * (16 if match[2] in ("em", "rem") else 10 if match[2] in ("vw", "vh", "%") else 1)
    except ValueError:
        return None


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
