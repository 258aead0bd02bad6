"""The beginning of a rule goes in, its selectors come out, parsed by cssselect2; none where a browser would pass over the rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cssselect2 import parser
from tinycss2.ast import FunctionBlock

from survey_extract.adapters.css.values import significant
from survey_extract.errors import ReadError

LONGEST = 400
"""Tokens of one selector."""
NEVER = frozenset(
    "visited hover active focus focus-within focus-visible target target-within target-current current past future playing "
    "paused seeking buffering stalled muted volume-locked user-valid user-invalid host modal fullscreen popover-open "
    "picture-in-picture autofill -webkit-autofill -webkit-full-screen active-view-transition has-slotted "
    "interest-source interest-target xr-overlay".split()
)
UNKNOWN = frozenset(
    "enabled disabled checked default indeterminate valid invalid in-range out-of-range required optional read-only "
    "read-write placeholder-shown blank defined open local-link dir state nth-col nth-last-col heading -webkit-any-link".split()
)
_LINKS = frozenset(["link", "any-link"])
KNOWN_PSEUDO_CLASSES = (
    NEVER
    | UNKNOWN
    | _LINKS
    | frozenset("root scope empty first-child last-child only-child first-of-type last-of-type only-of-type".split())
)
_FUNCTIONS = frozenset(
    "nth-child nth-last-child nth-of-type nth-last-of-type lang dir state -webkit-any host "
    "host-context active-view-transition-type".split()
)
_FORGIVING = frozenset(["is", "where"])
_NAMED = (parser.PseudoClassSelector, parser.FunctionalPseudoClassSelector)


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
        ReadError: one is too long to be matched against a page.
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
    tokens = [_forgiven(token) for token in tokens]
    try:
        tree = _tree(tokens, around)
        _refuse_unknown(tree)
    except (parser.SelectorError, NotImplementedError):
        return None
    count = tree.specificity if isinstance(tree.specificity, tuple) else (0, 0, 0)
    return Selector(tree, (count[0], count[1], count[2] + bool(pseudo)), pseudo)


def _forgiven(token: Any) -> Any:
    """``:is()`` and ``:where()`` without what is no selector: a browser passes over that one alone."""
    if token.type != "function" or token.lower_name not in _FORGIVING:
        return token
    parts = [[_forgiven(inner) for inner in part] for part in _parts(token.arguments)]
    kept = [part for part in parts if _is_selector(part)] or [parser.parse_component_value_list(":not(*)")]
    commas = [inner for inner in token.arguments if inner == ","]
    arguments = [inner for at, part in enumerate(kept) for inner in (commas[:1] if at else []) + part]
    return FunctionBlock(token.source_line, token.source_column, token.name, arguments)


def _is_selector(tokens: list[Any]) -> bool:
    try:
        _refuse_unknown(_only(tokens).parsed_tree)
    except (parser.SelectorError, NotImplementedError):
        return any(map(_has_nest, tokens))  # which is looked at where it stands for something
    return True


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
    marks = any(map(_has_nest, tokens))
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
    return _replaced(_only(_with_scope(tokens)).parsed_tree, nest)


def _has_nest(token: Any) -> bool:
    """Whether ``&`` stands here, or in the brackets of a function."""
    if token.type == "function":
        return any(map(_has_nest, token.arguments))
    return bool(token.type == "literal" and token.value == "&")


def _with_scope(tokens: Sequence[Any]) -> list[Any]:
    lone = parser.parse_component_value_list(":scope")
    return [piece for given in tokens for piece in (lone if given == "&" else [_scoped(given)])]


def _scoped(token: Any) -> Any:
    if token.type != "function" or not _has_nest(token):
        return token
    return FunctionBlock(token.source_line, token.source_column, token.name, _with_scope(token.arguments))


def _replaced(tree: Any, nest: NestSelector) -> Any:
    here = tree
    while True:
        compound = here.right if isinstance(here, parser.CombinedSelector) else here
        compound.simple_selectors = [
            nest if isinstance(one, parser.PseudoClassSelector) and one.name == "scope" else one
            for one in compound.simple_selectors
        ]
        for inner in (inner for one in compound.simple_selectors for inner in getattr(one, "selector_list", ())):
            _replaced(getattr(inner, "selector", inner).parsed_tree, nest)
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
