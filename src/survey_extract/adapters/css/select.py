"""A page's elements and the selectors of its style sheets go in; which fits which comes out, in bounded work.

cssselect2 parses selectors. Its own matching goes back over ancestors and
siblings again and again, exponentially at worst, so matching is done here: each
part of a selector is held against each element once, and the answers are kept.
All steps are counted; a page that wants too many is refused.

What only a person or a script could change (``:hover``, ``:target``) is as it
is when the page is opened. What is not known here (``:read-write``) is taken as
true in one reading of the page and as false in the other: see ``Matcher.guess``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from cssselect2 import parser
from lxml.html import HtmlElement
from tinycss2.nth import parse_nth

from survey_extract.adapters.css.values import significant
from survey_extract.errors import ReadError

MOST_STEPS = 400_000
"""Parts of selectors held against elements in a page, or a hundred for each element; the real pages in ../shared take 156."""
LONGEST = 400
"""Tokens of one selector."""

_NEVER = frozenset(
    "visited hover active focus focus-within focus-visible target target-within target-current current past future playing "
    "paused seeking buffering stalled muted volume-locked user-valid user-invalid host modal fullscreen popover-open "
    "picture-in-picture autofill -webkit-autofill -webkit-full-screen active-view-transition has-slotted "
    "interest-source interest-target xr-overlay".split()
)
_UNKNOWN = frozenset(
    "enabled disabled checked default indeterminate valid invalid in-range out-of-range required optional read-only "
    "read-write placeholder-shown blank defined open local-link dir state nth-col nth-last-col heading -webkit-any-link".split()
)
_LINKS = frozenset(["link", "any-link"])
KNOWN_PSEUDO_CLASSES = (
    _NEVER
    | _UNKNOWN
    | _LINKS
    | frozenset("root scope empty first-child last-child only-child first-of-type last-of-type only-of-type".split())
)
_FUNCTIONS = frozenset(
    "nth-child nth-last-child nth-of-type nth-last-of-type lang dir state -webkit-any host "
    "host-context active-view-transition-type".split()
)
_NAMED = (parser.PseudoClassSelector, parser.FunctionalPseudoClassSelector)


@dataclass(slots=True, eq=False)
class Node:
    """An element, and where it stands among others. Numbers go up in the order of the page."""

    element: HtmlElement
    parent: Node | None
    before: Node | None
    """The element before it with the same parent."""
    place: int
    """Its place among the elements of its parent, from 0."""
    classes: frozenset[str]
    children: list[Node] = field(default_factory=list)

    @property
    def tag(self) -> str:
        return str(self.element.tag)

    @property
    def siblings(self) -> list[Node]:
        return self.parent.children if self.parent else [self]


def nodes_of(tree: HtmlElement) -> list[Node]:
    """All elements in the order of the page."""
    found: dict[HtmlElement, Node] = {}
    for element in tree.iter():
        parent = found.get(element.getparent())
        before = parent.children[-1] if parent and parent.children else None
        classes = frozenset((element.get("class") or "").split())
        found[element] = node = Node(element, parent, before, len(parent.children) if parent else 0, classes)
        if parent:
            parent.children.append(node)
    return list(found.values())


@dataclass(frozen=True, eq=False)
class Selector:
    """One selector, apart from its commas. ``nest`` are the selectors that ``&`` in it stands for."""

    tree: Any
    specificity: tuple[int, int, int]
    pseudo: str
    """The pseudo-element that it ends in; nothing when it means the element itself."""


class NestSelector:
    """What ``&`` stands for."""

    def __init__(self, around: Sequence[Selector]) -> None:
        self.around = around
        self.specificity = max((one.specificity for one in around), default=(0, 0, 0))


def selectors(prelude: Sequence[Any], around: Sequence[Selector] | None) -> list[Selector]:
    """The selectors of a rule; none when a browser would not take the rule.

    Raises:
        ReadError: one is too long to be held against a page.
    """
    found: list[Selector] = []
    for part in _parts(prelude):
        if len(part) > LONGEST:
            raise ReadError("a selector in its style sheets is too long to tell what it hides")
        one = _selector(part, around)
        if one is None:
            return []
        found.append(one)
    return found


def _parts(prelude: Sequence[Any]) -> Iterator[list[Any]]:
    part: list[Any] = []
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _selector(tokens: list[Any], around: Sequence[Selector] | None) -> Selector | None:
    """One selector, or None where it is none."""
    tokens, pseudo = _without_pseudo_element(tokens)
    try:
        tree = _tree(tokens, around)
        _refuse_unknown(tree)
    except (parser.SelectorError, NotImplementedError):
        return None
    count = tree.specificity if isinstance(tree.specificity, tuple) else (0, 0, 0)
    return Selector(tree, (count[0], count[1], count[2] + bool(pseudo)), pseudo)


def _refuse_unknown(tree: Any) -> None:
    """A browser passes over a rule with a pseudo-class that it does not know."""
    while isinstance(tree, parser.CombinedSelector):
        _refuse_unknown(tree.right)
        tree = tree.left
    for one in tree.simple_selectors:
        known = _FUNCTIONS if isinstance(one, parser.FunctionalPseudoClassSelector) else KNOWN_PSEUDO_CLASSES
        if getattr(one, "name", None) and isinstance(one, _NAMED) and one.name not in known:
            raise parser.SelectorError("unknown pseudo-class", one.name)
        for inner in getattr(one, "selector_list", ()):
            _refuse_unknown(getattr(inner, "selector", inner).parsed_tree)


def _tree(tokens: list[Any], around: Sequence[Selector] | None) -> Any:
    """The parsed selector; within another rule it is relative to that rule's elements, by ``&`` or without it."""
    tokens = list(significant(tokens[:1])) + tokens[1:]
    marks = [at for at, piece in enumerate(tokens) if piece == "&"]
    if around is None and not marks:
        return _only(tokens).parsed_tree
    nest = NestSelector(around or ())
    if not marks:
        relative = _only(tokens, relative=True)
        return _leftmost(relative.selector.parsed_tree, relative.combinator, nest)
    return _with_nest(tokens, nest)


def _only(tokens: Sequence[Any], *, relative: bool = False) -> Any:
    """The one selector that tokens spell; whatever is left behind it makes it none."""
    found = list(parser.parse(tokens, relative=relative))
    return found[0]


def _with_nest(tokens: list[Any], nest: NestSelector) -> Any:
    """Parsed with ``:scope`` in the place of each ``&``, which is then given its meaning."""
    lone = parser.parse_component_value_list(":scope")
    spelt = [piece for given in tokens for piece in (lone if given == "&" else [given])]
    return _replaced(_only(spelt).parsed_tree, nest)


def _replaced(tree: Any, nest: NestSelector) -> Any:
    here = tree
    while True:
        compound = here.right if isinstance(here, parser.CombinedSelector) else here
        compound.simple_selectors = [
            nest if isinstance(one, parser.PseudoClassSelector) and one.name == "scope" else one
            for one in compound.simple_selectors
        ]
        if here is compound:
            return tree
        here = here.left


def _leftmost(tree: Any, combinator: str, nest: NestSelector) -> Any:
    """The selector with ``&`` and a combinator before its first part."""
    start = parser.CompoundSelector([nest])
    if not isinstance(tree, parser.CombinedSelector):
        return parser.CombinedSelector(start, combinator, tree)
    here = tree
    while isinstance(here.left, parser.CombinedSelector):
        here = here.left
    here.left = parser.CombinedSelector(start, combinator, here.left)
    return tree


def _without_pseudo_element(tokens: list[Any]) -> tuple[list[Any], str]:
    """The selector without the pseudo-element it ends in, and that one's name."""
    for at in range(len(tokens) - 1, 0, -1):
        if tokens[at - 1] == ":" and tokens[at].type in ("ident", "function"):
            name = tokens[at].lower_value if tokens[at].type == "ident" else tokens[at].lower_name
            doubled = at > 1 and tokens[at - 2] == ":"
            if doubled or name in ("before", "after", "first-line", "first-letter"):
                kept = tokens[: at - 2 if doubled else at - 1]
                blank = not significant(kept) or kept[-1].type == "whitespace" or kept[-1] in (">", "+", "~")
                return (kept + parser.parse_component_value_list("*") if blank else kept), name
    return tokens, ""


def key_of(tree: Any) -> tuple[str, str]:
    """By what an element that fits must be known: its id, one of its classes, its tag, or nothing."""
    compound = tree.right if isinstance(tree, parser.CombinedSelector) else tree
    best = ("", "")
    for one in getattr(compound, "simple_selectors", ()):
        if isinstance(one, parser.IDSelector):
            return "#", one.ident
        if isinstance(one, parser.ClassSelector):
            best = (".", one.class_name)
        elif isinstance(one, parser.LocalNameSelector) and not best[0]:
            best = ("<", one.lower_local_name)
    return best


class Matcher:
    """Holds selectors against the elements of one page. ``guess`` is the answer to what is not known."""

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
        if self._steps > max(MOST_STEPS, 100 * len(self._nodes)):
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
        if name in _UNKNOWN:
            return self._guess()
        if name in _NEVER:
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
