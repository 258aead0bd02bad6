"""An element goes in; what a browser's own style sheet says of it comes out: by its name, and by its presentational attributes.

HTML Standard, 15 "Rendering": the lowest layer of the cascade (the user agent's), and "presentational hints" above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

import tinycss2

from survey_extract.adapters.css.nodes import Node
from survey_extract.adapters.css.properties import tokens_of
from survey_extract.adapters.css.sheet import Declared
from survey_extract.adapters.css.values import Tokens, colour, significant

_NOT_SHOWN = frozenset(
    "area base basefont datalist head link meta noembed noframes param rp script style template title noscript".split()
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i ins kbd label map mark math nobr output q ruby s samp slot "
    "small span strike strong sub sup svg time tt u var wbr rt rb".split()
)
_BLOCK = frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 "
    "h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup option p plaintext pre search "
    "section summary ul xmp frameset frame".split()
)
_TABLES = {
    "table": "table", "tr": "table-row", "td": "table-cell", "th": "table-cell", "tbody": "table-row-group", "thead": "table-header-group",
    "tfoot": "table-footer-group", "caption": "table-caption", "col": "table-column", "colgroup": "table-column-group",
    "button": "inline-block", "input": "inline-block", "select": "inline-block", "textarea": "inline-block", "img": "inline",
    "marquee": "inline-block", "meter": "inline-block", "progress": "inline-block",
}  # fmt: skip
_LETTER_SIZES = {"h1": "2em", "h2": "1.5em", "h3": "1.17em", "h5": ".83em", "h6": ".67em", "small": "smaller", "sub": "smaller", "sup": "smaller",
            "big": "larger", "code": ".8125em", "kbd": ".8125em", "pre": ".8125em", "samp": ".8125em", "tt": ".8125em", "rt": ".5em"}  # fmt: skip


def display_of(tag: str) -> str:
    """How a browser shows an element by its name alone."""
    if tag in _NOT_SHOWN:
        return "none"
    return _TABLES.get(tag) or ("block" if tag in _BLOCK else "inline")


def browser_style(node: Node) -> Iterator[Declared]:
    """What a browser's own sheet says of an element."""
    tag, get = node.tag, node.element.get
    shut = (tag == "dialog" and get("open") is None) or get("popover") is not None or get("hidden") is not None
    if get("hidden") == "until-found":
        yield _declare("content-visibility", "hidden")
    elif shut or (tag == "input" and (get("type") or "").lower() == "hidden"):
        yield _declare("display", "none")
    else:
        yield _declare("display", display_of(tag))
    if tag in _LETTER_SIZES:
        yield _declare("font-size", _LETTER_SIZES[tag])
    if tag in ("a", "area") and get("href") is not None:
        yield _declare("color", "linktext")
    if tag == "dialog":
        yield _declare("position", "absolute")
        yield _declare("background-color", "canvas")
        yield _declare("color", "canvastext")
    if get("popover") is not None:
        yield _declare("position", "fixed")
        yield _declare("background-color", "canvas")
    if tag == "mark":
        yield _declare("color", "black")
        yield _declare("background-color", "yellow")
    if tag == "bdo" or get("dir"):
        yield from _direction(tag, (get("dir") or "").lower())


def _direction(tag: str, given: str) -> Iterator[Declared]:
    if given in ("ltr", "rtl"):
        yield _declare("direction", given)
    if tag == "bdo":
        yield _declare("unicode-bidi", "bidi-override")


@cache
def _declare(name: str, value: str) -> Declared:
    return Declared(name, tokens_of(value), important=False)


_FONT_SIZES = {1: "x-small", 2: "small", 3: "medium", 4: "large", 5: "x-large", 6: "xx-large", 7: "xxx-large"}
_CELLS = frozenset(["body", "table", "tr", "td", "th", "tbody", "thead", "tfoot", "marquee"])


def hints(node: Node) -> Iterator[Declared]:
    """What an element's attributes of old say of its looks."""
    tag, get = node.tag, node.element.get
    for attribute, tags, name in _COLOURS:
        if tag in tags and (given := get(attribute)):
            yield from _coloured(name, given)
    if tag == "font":
        yield from _letters(get("size") or "")
    if tag in _CELLS and get("background"):
        yield _declare("background-image", "url(x)")
    if tag == "a" and get("href") is not None and (given := _body(node).get("link")):
        yield from _coloured("color", given)
    if tag in _SIZED:
        for name in ("width", "height"):
            if pixels := _PIXELS.match(get(name) or ""):
                yield _declare(name, pixels[1] + (pixels[2] or "px"))


_COLOURS = (("color", ("font",), "color"), ("bgcolor", tuple(_CELLS), "background-color"), ("text", ("body",), "color"))
_SIZED = frozenset("td th table tr img marquee svg canvas video iframe object embed".split())
_PIXELS = re.compile(r"\s{0,9}(\d{1,6})(%?)")
_STEPS = re.compile(r"\s{0,9}([+-]?)(\d{1,3})")


def _letters(size: str) -> Iterator[Declared]:
    """``<font size>``: a step, or steps up or down."""
    if steps := _STEPS.match(size):
        at = int(steps[1] + steps[2]) + (3 if steps[1] else 0)
        yield _declare("font-size", _FONT_SIZES[min(7, max(1, at))])


def _body(node: Node) -> Mapping[str, str]:
    while node.parent is not None and node.tag != "body":
        node = node.parent
    return node.element.attrib if node.tag == "body" else {}


def _coloured(name: str, given: str) -> Iterator[Declared]:
    """A colour in an attribute of old (HTML Standard, "rules for parsing a legacy colour value")."""
    given = given.strip()[:128]
    value = tokens_of_stranger(given)
    if len(value) == 1 and value[0].type in ("ident", "hash") and colour(value[0]) is not None:
        yield Declared(name, value, important=False)
        return
    spelt = re.sub(r"[^0-9a-fA-F]", "0", given.removeprefix("#"))
    spelt += "0" * (-len(spelt) % 3 or (3 if not spelt else 0))
    third = len(spelt) // 3
    parts = [spelt[at * third : (at + 1) * third][-8:] for at in range(3)]
    while len(parts[0]) > 2 and all(part[0] == "0" for part in parts):
        parts = [part[1:] for part in parts]
    yield _declare(name, "#" + "".join(part[:2].rjust(2, "0") for part in parts))


def tokens_of_stranger(css: str) -> Tokens:
    """A value that stands in the page."""
    return significant(tinycss2.parse_component_value_list(css))
