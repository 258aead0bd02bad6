"""The tree of a web page goes in; the words that no reader of the page sees are cut out of it, and counted.

Judged by the styles in the page itself, as a browser computes them
(``adapters/css/style.py``), for a window of 1280 by 800 pixels, when the page has come to rest.
What a person can open with a key is seen (a closed ``details``); what only a
pointer, a form or a script would show is not. Nothing is fetched and no script
runs: what a linked style sheet or a script hides is not found, and what only
they would show counts as hidden where the page itself hides it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from lxml.html import Element, HtmlElement

from survey_extract.adapters.css.covers import is_cover
from survey_extract.adapters.css.drawings import BEYOND, SHAPES, drawn_beyond
from survey_extract.adapters.css.known import POSITIONED, ElementState, is_turned
from survey_extract.adapters.css.letters import letters_cover
from survey_extract.adapters.css.nodes import Node, nodes_of
from survey_extract.adapters.css.overlaps import Overlaps
from survey_extract.adapters.css.select import Matcher
from survey_extract.adapters.css.sheet import Sheets, sheets_of
from survey_extract.adapters.css.sight import enter, is_seen
from survey_extract.adapters.css.style import FIRST, Computed, Styler
from survey_extract.adapters.css.user_agent import display_of
from survey_extract.core.plural import count_of
from survey_extract.core.reading.concealed import holds_words
from survey_extract.errors import ReadError

CRUMB = 6
"""Words of a label for those who hear a page ("Skip to the main content"); a few such are no message to anybody."""
MOST_CRUMBS = 40
"""Words in all crumbs of a page together."""
_SILENT = (
    "script",
    "style",
    "noscript",
    "svg",
    "audio",
    "video",
    "canvas",
    "iframe",
    "object",
    "embed",
    "title",
    "annotation",
    "progress",
    "meter",
)
"""Elements with words that are no text of the page in any browser of today."""
_TABLE_PARTS = frozenset(["tr", "td", "th", "tbody", "thead", "tfoot"])


Place = Literal["gone", "moved"]
"""Of a part of a table: left out of it, so that others move up; or not known to stand where its markup has it."""


class Cut(NamedTuple):
    """The texts that went, and the parts of tables that a style takes out of their places."""

    gone: list[str]
    moved: dict[HtmlElement, Place]


@dataclass(frozen=True, slots=True)
class _Slot:
    """A piece of text: that of an element before its first child, or that behind a child."""

    element: HtmlElement
    is_tail: bool

    @property
    def text(self) -> str:
        return (self.element.tail if self.is_tail else self.element.text) or ""

    def blank(self) -> None:
        """Take the text away; a space stays where there was one."""
        left = " " if self.text[:1].isspace() or self.text[-1:].isspace() else ""
        if self.is_tail:
            self.element.tail = left
        else:
            self.element.text = left


def cut_hidden(tree: HtmlElement) -> Cut:
    """Cut what is not seen out of the tree.

    Raises:
        ReadError: the page's style sheets are too large or too deep to tell what they hide.
    """
    try:
        sheets = sheets_of(tree)
        gone = [text for element in _outside(tree) if (text := _cut(element))]
        scripts = next(tree.iter("script"), None) is not None
        silent = list(tree.iter(*_SILENT))
        for element in silent:
            _empty(element)
        hidden, moved = _hidden(tree, sheets, scripts=scripts)
    except RecursionError:
        raise ReadError("its style sheets are nested too deep to tell what they hide") from None
    gone += _taken_out(tree, hidden)
    for element in silent:
        _cut(element)
    _forget_looks(tree)
    return Cut(gone, moved)


def _empty(element: HtmlElement) -> None:
    """Take away what is in an element, and leave the element, which may lie on words; a drawing without shapes lies on none."""
    shapes = element.tag == "svg" and any(inner.tag in SHAPES for inner in element.iter())
    beyond = drawn_beyond(element) if shapes else 0.0
    element.text = None
    for child in list(element):
        element.remove(child)
    if element.tag == "svg":
        element.set(BEYOND, f"{beyond:.0f}" if shapes else "")


def _forget_looks(tree: HtmlElement) -> None:
    """Take away what says how the page looks: it was judged here, and others would judge it again by the word "hidden"."""
    for element in tree.iter():
        for name in ("style", "hidden", "aria-hidden"):
            element.attrib.pop(name, None)


def _outside(tree: HtmlElement) -> list[HtmlElement]:
    """Templates; and children of an element that has a tree of its own in one, in whose place that is shown."""
    found = list(tree.iter("template"))
    for template in list(found):
        host = template.getparent()
        if host is not None and (template.get("shadowrootmode") or "").lower() in ("open", "closed"):
            found += [child for child in host if child is not template]
            _Slot(host, is_tail=False).blank()
            for child in host:
                _Slot(child, is_tail=True).blank()
    return found


def told_of_hidden(gone: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The warning when words went, the note when something else did; nothing for nothing."""
    characters = sum(map(len, gone))
    what = f"{count_of(characters, 'character')} that the page does not show"
    crumbs = [run for run in gone if len(run.split()) <= CRUMB and len(run) <= 10 * CRUMB]
    many = sum(len(run.split()) for run in crumbs) > MOST_CRUMBS
    if holds_words(run for run in gone if many or run not in crumbs):
        return (f"hidden text is kept out: {what}",), ()
    return (), (f"not seen, and no words: {what}",) if characters else ()


def _cut(element: HtmlElement) -> str:
    text = " ".join(element.text_content().split())
    if element.getparent() is not None:
        element.drop_tree()
    return text


# --- what is hidden -------------------------------------------------------------------------------


def _hidden(tree: HtmlElement, sheets: Sheets, *, scripts: bool) -> tuple[set[_Slot], dict[HtmlElement, Place]]:
    """The pieces of text that are not seen in one of the readings of the page, and parts of tables that are not in their places."""
    nodes = nodes_of(tree)
    first = _Reading(nodes, sheets, scripts=scripts, guess=True)
    hidden, moved = first.hidden(), first.moved()
    readings: list[tuple[bool, int | None]] = [(False, None)] if first.guessed else []
    readings += [(True, moment) for moment in range(min(first.moments, _MOST_MOMENTS))]
    for guess, moment in readings:
        reading = _Reading(nodes, sheets, scripts=scripts, guess=guess, moment=moment)
        hidden |= reading.hidden()
        other = reading.moved()
        moved = {one: place if other.get(one) == moved.get(one) else "moved" for one, place in (moved | other).items()}
    return hidden, moved


_MOST_MOMENTS = 4
_BOX = Element("span")
"""What stands for a box before or behind an element's words."""


def _place_of(node: Node, style: Computed) -> Place | None:
    """Whether a part of a table is left out of it, or stands elsewhere than its markup says; None where neither is so."""
    display, position = style.word("display"), style.word("position")
    if display == "none":
        return "gone"
    shifted = position == "relative" and any(style[side] for side in ("top", "left", "right", "bottom"))
    floats = style.word("float") not in ("", "none") or position in POSITIONED
    return "moved" if shifted or floats or is_turned(style) or display not in ("", display_of(node.tag)) else None


class _Reading:
    """One reading of a page: what is not known of its style sheets taken as true, or as false."""

    def __init__(
        self, nodes: list[Node], sheets: Sheets, *, scripts: bool, guess: bool, moment: int | None = None
    ) -> None:
        self._nodes = nodes
        self._scripts = scripts
        self._order = {id(node): at for at, node in enumerate(nodes)}
        self._covers: dict[int | None, list[tuple[float, float, Node]]] = {}
        self._matcher = Matcher(nodes, guess=guess)
        self._overlaps = Overlaps()
        self._styler = Styler(sheets, self._matcher, guess=guess, moment=moment)
        self._styles: dict[int, Computed] = {}
        self._sights: dict[int, ElementState] = {}
        self._kept: list[Node] = []
        """Boxes without elements, which are known by their place in memory."""
        self._at = 0
        """The number of the element that was entered last."""

    @property
    def guessed(self) -> bool:
        return self._styler.guessed or self._matcher.guessed

    @property
    def moments(self) -> int:
        return self._styler.moments

    def hidden(self) -> set[_Slot]:
        worded = [(slot, node, self._shows(slot, node)) for slot, node in self._walk() if slot.text.strip()]
        covered = self._overlaps.covered()
        return {
            slot
            for slot, node, shown in worded
            if not shown or slot in covered or (self._covers and self._is_covered(node))
        }

    def moved(self) -> dict[HtmlElement, Place]:
        """The parts of tables that are not where their markup has them, once all was looked at."""
        parts = (node for node in self._nodes if node.tag in _TABLE_PARTS)
        places = ((node.element, _place_of(node, self._styles[id(node)])) for node in parts)
        return {element: place for element, place in places if place is not None}

    def _walk(self) -> Iterator[tuple[_Slot, Node]]:
        """Every piece of text with the element whose style it has, in the order of the page."""
        stack: list[tuple[Node, bool]] = [(self._nodes[0], True)]
        while stack:
            node, opens = stack.pop()
            if opens:
                self._enter(node)
                yield _Slot(node.element, is_tail=False), node
                stack.append((node, False))
                stack.extend((child, True) for child in reversed(node.children))
            else:
                self._leave(node)
                if node.parent is not None:
                    yield _Slot(node.element, is_tail=True), node.parent

    def _enter(self, node: Node) -> None:
        self._at = self._order[id(node)]
        parent = node.parent
        style, above = (self._styles[id(parent)], self._sights[id(parent)]) if parent else (FIRST, ElementState())
        self._styles[id(node)] = own = self._styler.computed(node, style)
        self._sights[id(node)] = sight = enter(node, own, above)
        self._cover(node, own, sight, self._order[id(node)])
        self._overlaps.enter(node, own, sight, above, self._order[id(node)], scripts=self._scripts)
        self._boxes(node, "before", self._order[id(node)])

    def _boxes(self, node: Node, pseudo: str, order: float) -> None:
        """The box before or behind an element's words holds none that count, but may lie on others."""
        own, sight = self._styles[id(node)], self._sights[id(node)]
        if not self._styler.boxes or sight.gone:
            return
        style = self._styler.computed(node, own, pseudo)
        if not style["content"] or style.word("content") in ("none", "normal"):
            return
        box = Node(_BOX, node, None, 0, frozenset())
        self._kept.append(box)
        here = enter(box, style, sight)
        self._cover(box, style, here, order + 0.5)
        self._overlaps.enter(box, style, here, sight, order + 0.5, scripts=self._scripts)
        said = "".join(str(t.value) for t in style["content"] if t.type == "string")
        if said:
            self._overlaps.words(None, said, order + 0.5, covers=letters_cover(said, style, here, shown=True))
        self._overlaps.leave(sight)

    def _cover(self, node: Node, style: Computed, sight: ElementState, order: float) -> None:
        """Remember an element that lies on others; one that is fixed to the window is a script's to take away."""
        if is_cover(node.tag, style, sight) and not (self._scripts and style.word("position") == "fixed"):
            owner = sight.placed_by
            self._covers.setdefault(id(owner) if owner else None, []).append((sight.level or 0.0, order, node))

    def _is_covered(self, node: Node) -> bool:
        """Whether a cover lies on an element's words: one above them, or as high and behind them in the page."""
        lifted: tuple[float, float] = (0.0, -1.0)
        within = set()
        chain: Node | None = node
        while chain is not None:
            within.add(id(chain))
            chain = chain.parent
        chain = node
        while chain is not None:
            covers = self._covers.get(id(chain), []) + (self._covers.get(None, []) if chain.parent is None else [])
            self._matcher.step(len(covers))
            if any(
                lifted < (level, order) and level >= 0 and id(cover) not in within for level, order, cover in covers
            ):
                return True
            level = self._sights[id(chain)].level
            if level is not None:
                lifted = (level, self._order[id(chain)])
            chain = chain.parent
        return False

    def _leave(self, node: Node) -> None:
        """A block or a line ends in the window around it."""
        sight = self._sights[id(node)]
        self._boxes(node, "after", self._at + 0.5)
        self._overlaps.leave(self._sights[id(node.parent)] if node.parent else ElementState())
        if node.tag == "br":
            self._overlaps.breaks(sight)
        if node.parent is None:
            return
        window = self._sights[id(node.parent)].window
        if window is not None and (node.tag == "br" or sight.display != "inline"):
            window.end_line(sight.em * 1.2)
        if window is not None and sight.size is not None:
            window.filled = max(window.filled, sight.start + sight.size)

    def _shows(self, slot: _Slot, node: Node) -> bool:
        style, here = self._styles[id(node)], self._sights[id(node)]
        shown = is_seen(slot.text, style, here)
        covers = not here.gone and letters_cover(slot.text, style, here, shown=shown)
        self._overlaps.words(slot, slot.text, self._at + 0.25, covers=covers)
        return shown


# --- cutting --------------------------------------------------------------------------------------


def _taken_out(tree: HtmlElement, hidden: set[_Slot]) -> list[str]:
    """Cut the hidden pieces out; elements that hold nothing else go as a whole. What went, in runs."""
    whole = _wholly(tree, hidden) - {tree}
    tops = [one for one in tree.iter() if one in whole and one.getparent() not in whole]
    gone = [" ".join(one.text_content().split()) for one in tops]
    for slot in hidden:
        owner = slot.element.getparent() if slot.is_tail else slot.element
        if owner not in whole:
            gone.append(" ".join(slot.text.split()))
            slot.blank()
    for one in tops:
        _drop(one)
    return gone


def _drop(element: HtmlElement) -> None:
    """Drop an element; of one that holds a table together, the words alone."""
    if element.tag in _TABLE_PARTS:
        for inner in element.iter():
            inner.text = None
            if inner is not element:
                inner.tail = None
    else:
        element.drop_tree()


def _wholly(tree: HtmlElement, hidden: set[_Slot]) -> set[HtmlElement]:
    """Elements all of whose words are hidden, and that have some."""
    seen: set[HtmlElement] = set()
    unseen: set[HtmlElement] = set()
    for element in tree.iter():
        for slot, owner in (
            (_Slot(element, is_tail=False), element),
            (_Slot(element, is_tail=True), element.getparent()),
        ):
            if owner is not None and slot.text.strip():
                (unseen if slot in hidden else seen).add(owner)
    for marked in (seen, unseen):
        for element in list(marked):
            at = element.getparent()
            while at is not None and at not in marked:
                marked.add(at)
                at = at.getparent()
    return unseen - seen
