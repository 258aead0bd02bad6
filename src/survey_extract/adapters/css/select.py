"""A page's elements and the selectors of its style sheets go in; which fits which comes out, in bounded work.

cssselect2 parses selectors. Its own matching goes back over ancestors and
siblings again and again, exponentially at worst, so matching is done here: each
part of a selector is tested on each element once, and the answers are kept.
All steps are counted; a page that needs too many is refused.

What only a person or a script could change (``:hover``, ``:target``) is as it
is when the page is opened. What is not known here (``:read-write``) is taken as
true in one reading of the page and as false in the other: see ``Matcher.guess``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cssselect2 import parser
from tinycss2.nth import parse_nth

from survey_extract.adapters.css.nodes import Node
from survey_extract.adapters.css.selectors import NEVER, UNKNOWN, NestSelector, Selector, selectors
from survey_extract.errors import ReadError

MOST_STEPS = 600_000
"""Parts of selectors tested on elements of a page, at most, or 150 for each element; the real pages in ../shared take 156."""


class Matcher:
    """Tests selectors on the elements of one page. ``guess`` is the answer to what is not known."""

    def __init__(self, nodes: Sequence[Node], *, guess: bool) -> None:
        self.guess = guess
        self.guessed = False
        """Whether anything hung on the guess."""
        self._nodes = nodes
        self._steps = 0
        self._known: dict[tuple[int, int, str], bool] = {}
        self._holding: dict[int, set[int]] = {}
        self._types: dict[int, dict[str, list[Node]]] = {}
        self._tests: dict[type, Callable[[Any, Node], bool]] = {
            parser.LocalNameSelector: lambda one, node: bool(one.lower_local_name == node.tag.lower()),
            parser.ClassSelector: lambda one, node: one.class_name in node.classes,
            parser.IDSelector: lambda one, node: bool(node.element.get("id") == one.ident),
            parser.AttributeSelector: _has_attribute,
            NestSelector: self._nested,
            parser.MatchesAnySelector: self._in_list,
            parser.SpecificityAdjustmentSelector: self._in_list,
            parser.NegationSelector: lambda one, node: not self._in_list(one, node),
            parser.RelationalSelector: lambda one, node: any(self._holds(inner, node) for inner in one.selector_list),
            parser.PseudoClassSelector: lambda one, node: self._pseudo_class(one.name, node),
            parser.FunctionalPseudoClassSelector: self._function,
        }
        self._lists: dict[int, list[Selector]] = {}
        self._counted: dict[tuple[int, int, str], dict[int, int]] = {}

    def fits(self, tree: Any, node: Node) -> bool:
        """Whether an element is what a selector means.

        Raises:
            ReadError: the page's selectors want too many steps.
        """
        if isinstance(tree, parser.CombinedSelector):
            return self.fits(tree.right, node) and self._related(tree, node)
        self.step()
        return all(self._simple(one, node) for one in tree.simple_selectors)

    def step(self, count: int = 1) -> None:
        self._steps += count
        if self._steps > max(MOST_STEPS, 150 * len(self._nodes)):
            raise ReadError("its style sheets are too large to tell what they hide")

    def _related(self, tree: Any, node: Node) -> bool:
        if tree.combinator == ">":
            return node.parent is not None and self.fits(tree.left, node.parent)
        if tree.combinator == "+":
            return node.before is not None and self.fits(tree.left, node.before)
        return self._any(tree, node, (lambda n: n.parent) if tree.combinator == " " else (lambda n: n.before))

    def _any(self, tree: Any, node: Node, next_of: Callable[[Node], Node | None]) -> bool:
        """Whether the left part fits one of those further on; each is asked once, and all between learn the answer."""
        key = (id(tree), id(node), tree.combinator)
        if key in self._known:
            return self._known[key]
        passed = [key]
        answer, at = False, next_of(node)
        while at is not None:
            key = (id(tree), id(at), tree.combinator)
            if self.fits(tree.left, at):
                answer = True
                break
            if key in self._known:
                answer = self._known[key]
                break
            passed.append(key)
            self.step()
            at = next_of(at)
        self._known |= dict.fromkeys(passed, answer)
        return answer

    def _simple(self, one: Any, node: Node) -> bool:
        test = self._tests.get(type(one))
        return test is None or test(one, node)  # a namespace: a page's elements have one

    def _in_list(self, one: Any, node: Node) -> bool:
        return self._one_of(one, [inner.parsed_tree for inner in one.selector_list], node)

    def _nested(self, one: Any, node: Node) -> bool:
        return self._one_of(one, [inner.tree for inner in one.around if not inner.pseudo], node)

    def _one_of(self, one: Any, trees: Sequence[Any], node: Node) -> bool:
        """Whether one of a list fits; asked once, since lists are nested in lists."""
        key = (id(one), id(node), "")
        if key not in self._known:
            self._known[key] = any(self.fits(tree, node) for tree in trees)
        return self._known[key]

    def _guess(self) -> bool:
        self.guessed = True
        return self.guess

    def _holds(self, relative: Any, node: Node) -> bool:
        """``:has()``: elements that have one like it below or behind them, found for all at once."""
        if id(relative) not in self._holding:
            self._holding[id(relative)] = self._holders(relative)
        return id(node) in self._holding[id(relative)]

    def _holders(self, relative: Any) -> set[int]:
        found: set[int] = set()
        for node in self._nodes:
            if not self.fits(relative.selector.parsed_tree, node):
                continue
            if relative.combinator in "> ":
                at = node.parent
                while at is not None and id(at) not in found:
                    found.add(id(at))
                    at = at.parent if relative.combinator == " " else None
            else:
                at = node.before
                while at is not None and id(at) not in found:
                    found.add(id(at))
                    at = at.before if relative.combinator == "~" else None
            self.step()
        return found

    def _pseudo_class(self, name: str, node: Node) -> bool:
        if name in UNKNOWN:
            return self._guess()
        if name in NEVER:
            return False
        test = _PSEUDO_CLASSES.get(name)
        return test(node) if test else self._by_place(name, node)

    def _by_place(self, name: str, node: Node) -> bool:
        """``:first-child``, ``:only-of-type`` and the like."""
        row = self._kin(node) if name.endswith("of-type") else node.siblings
        if name.startswith("only"):
            return len(row) == 1
        return row[0 if name.startswith("first") else -1] is node

    def _kin(self, node: Node) -> list[Node]:
        """The children of the same parent with the same tag."""
        if node.parent is None:
            return [node]
        if id(node.parent) not in self._types:
            rows: dict[str, list[Node]] = {}
            for child in node.parent.children:
                rows.setdefault(child.tag, []).append(child)
            self._types[id(node.parent)] = rows
        return self._types[id(node.parent)][node.tag]

    def _function(self, one: Any, node: Node) -> bool:
        if one.name.startswith("nth-"):
            return self._nth(one, node)
        if one.name == "lang":
            wanted = [str(t.value).lower() for t in one.arguments if t.type in ("ident", "string")]
            lang = _language(node)
            return any(lang == w or lang.startswith(w + "-") for w in wanted)
        if one.name == "-webkit-any":
            return self._one_of(one, [inner.tree for inner in self._list(one, one.arguments)], node)
        return self._guess()

    def _list(self, one: Any, tokens: Sequence[Any]) -> list[Selector]:
        """The selectors in a pseudo-class; parsed once, since answers are kept by their identity."""
        if id(one) not in self._lists:
            self._lists[id(one)] = selectors(tokens, None)
        return self._lists[id(one)]

    def _nth(self, one: Any, node: Node) -> bool:
        of = next((at for at, t in enumerate(one.arguments) if t.type == "ident" and t.lower_value == "of"), None)
        parsed = parse_nth(one.arguments[:of])
        places = self._places(one, node, of)
        place = places.get(id(node))
        if parsed is None or place is None:
            return False
        step, start = parsed
        behind = (len(places) - place if "last" in one.name else place + 1) - start
        return bool(behind == 0 if step == 0 else behind % step == 0 and behind // step >= 0)

    def _places(self, one: Any, node: Node, of: int | None) -> dict[int, int]:
        """The places of those that a count counts, among the children of one parent; counted once for all."""
        kind = node.tag if one.name.endswith("of-type") else ""
        key = (id(one), id(node.parent), kind)
        if key not in self._counted:
            row = self._kin(node) if kind else node.siblings
            self.step(len(row))
            if of is not None:
                found = self._list(one, one.arguments[of + 1 :])
                row = [other for other in row if any(self.fits(inner.tree, other) for inner in found)]
            self._counted[key] = {id(other): at for at, other in enumerate(row)}
        return self._counted[key]


def _language(node: Node) -> str:
    at: Node | None = node
    while at is not None:
        if lang := at.element.get("lang"):
            return str(lang).lower()
        at = at.parent
    return ""


_ALWAYS_FOLDED = frozenset(
    "align bgcolor charset checked clear color dir disabled face frame hreflang http-equiv lang language link media "
    "method nowrap readonly rel rev rules scope selected shape target text type valign vlink".split()
)
"""Attributes whose values HTML compares without their capitals (a part of its list)."""


def _has_attribute(one: Any, node: Node) -> bool:
    given, value = node.element.get(one.lower_name), one.value
    if given is None or one.operator is None:
        return given is not None
    if one.case_sensitive is False or (one.case_sensitive is None and one.lower_name in _ALWAYS_FOLDED):
        given, value = given.lower(), value.lower()
    return _OPERATORS[one.operator](given, value)


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda given, value: given == value,
    "~=": lambda given, value: value in given.split(),
    "|=": lambda given, value: given == value or given.startswith(f"{value}-"),
    "^=": lambda given, value: bool(value) and given.startswith(value),
    "$=": lambda given, value: bool(value) and given.endswith(value),
    "*=": lambda given, value: bool(value) and value in given,
}


def _is_link(node: Node) -> bool:
    return node.tag in ("a", "area") and node.element.get("href") is not None


def _is_root(node: Node) -> bool:
    return node.parent is None


_PSEUDO_CLASSES: dict[str, Callable[[Node], bool]] = {
    "link": _is_link,
    "any-link": _is_link,
    "root": _is_root,
    "scope": _is_root,
    "empty": lambda node: not node.children and not node.element.text,
}
