"""Selectors and styles are computed as Chromium computes them, and in time that grows with their length at most."""

from __future__ import annotations

import contextlib
import random
import re
from collections.abc import Callable, Iterator

import pytest
import tinycss2
from playwright.sync_api import Browser, Page

from survey_extract.adapters.css.known import ElementState
from survey_extract.adapters.css.nodes import Node, nodes_of
from survey_extract.adapters.css.select import Matcher
from survey_extract.adapters.css.selectors import selectors
from survey_extract.adapters.css.sheet import sheets_of
from survey_extract.adapters.css.sight import enter
from survey_extract.adapters.css.style import FIRST, Computed, Styler
from survey_extract.adapters.css.values import number
from survey_extract.adapters.html.hidden import cut_hidden
from survey_extract.adapters.html.tree import tree_of
from survey_extract.errors import ReadError
from tests.growth import cpu_seconds, is_linear
from tests.papers.made_styles import selector, styled

SEEDS = 40
SELECTORS = 20
COMPUTED = """() => [...document.querySelectorAll('[n]')].map(e => { const s = getComputedStyle(e);
  return [e.getAttribute('n'), s.visibility, s.opacity, s.color, s.fontSize, s.display] })"""


@pytest.fixture
def window(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    yield page
    page.close()


def ours(text: str) -> dict[str, tuple[Node, Computed, ElementState]]:
    """Every element's style and sight by its number."""
    tree = tree_of(text)
    nodes = nodes_of(tree)
    styler = Styler(sheets_of(tree), Matcher(nodes, guess=True), guess=True)
    known: dict[int, tuple[Computed, ElementState]] = {}
    found: dict[str, tuple[Node, Computed, ElementState]] = {}
    for node in nodes:
        style, above = known[id(node.parent)] if node.parent else (FIRST, ElementState())
        own = styler.computed(node, style)
        known[id(node)] = own, enter(node, own, above)
        found[node.element.get("n") or ""] = (node, *known[id(node)])
    return found


def differs(own: Computed, sight: ElementState, truth: list[str]) -> bool:
    visibility, opacity, colour, size, display = truth
    channels = [float(part) for part in re.findall(r"[\d.]+", colour)]
    wanted = [part / 255 for part in channels[:3]] + [channels[3] if len(channels) > 3 else 1.0]
    share = number(own["opacity"][0]) if own["opacity"] else 1.0
    if (own.word("visibility") or "visible") != visibility or (own.word("display") == "none") != (display == "none"):
        return True
    if abs(min(1, max(0, share or 0)) - float(opacity)) > 0.01:
        return True
    if sight.gone:  # nothing more is known of it, nor wanted
        return False
    apart = max(abs(a - b) for a, b in zip(wanted, sight.colour, strict=True)) if colour.startswith("rgb") else 0.0
    return apart > 0.02 or abs(sight.em - float(size.removesuffix("px"))) > 0.3


@pytest.mark.parametrize("first", range(0, SEEDS, 10))
def test_styles_are_those_of_a_browser(window: Page, first: int) -> None:
    """Cascade, layers, nesting, inheritance, variables and values, of random sheets over random elements."""
    wrong = []
    for seed in range(first, first + 10):
        window.set_content(styled(seed))
        found = ours(styled(seed))
        for name, *truth in window.evaluate(COMPUTED):
            _, own, sight = found[name]
            wrong += [(seed, name, truth)] if differs(own, sight, truth) else []
    assert wrong == []


@pytest.mark.parametrize("first", range(0, SEEDS, 10))
def test_selectors_fit_what_they_fit_in_a_browser(window: Page, first: int) -> None:
    """Random selectors, one in the other, over random elements."""
    wrong = []
    for seed in range(first, first + 10):
        chance, nodes = random.Random(seed), nodes_of(tree_of(styled(seed)))
        window.set_content(styled(seed))
        for _ in range(SELECTORS):
            spelt = selector(chance)
            parsed = selectors(tinycss2.parse_component_value_list(spelt), None)
            matcher = Matcher(nodes, guess=True)
            fits = sorted(
                node.element.get("n") or "" for node in nodes if any(matcher.fits(s.tree, node) for s in parsed)
            )
            truth = window.evaluate("s => [...document.querySelectorAll(s)].map(e => e.getAttribute('n'))", spelt)
            wrong += [(seed, spelt)] if fits != sorted(truth) else []
    assert wrong == []


PLAIN = '<p class="a b c" id=i x=yyyy>words here</p>'
HOSTILE: dict[str, Callable[[int], str]] = {
    "many rules": lambda n: f"<style>{'.a{color:red}' * 20 * n}</style>{PLAIN}",
    "rules for nobody": lambda n: "<style>" + "".join(f".k{i}{{color:red}}" for i in range(20 * n)) + f"</style>{PLAIN}",
    "long chains of parents": lambda n: f"<style>{'div ' * 90}p{{color:red}}</style>{'<div>' * 50}{PLAIN * n}{'</div>' * 50}",
    "parents that nearly fit": lambda n: f"<style>{'.a ' * 40}.z .a{{color:red}}</style>{'<div class=a>' * 80}{PLAIN * n}",
    "siblings that nearly fit": lambda n: f"<style>.z ~ .a ~ .a ~ .a ~ *{{color:red}}</style>{PLAIN * n}",
    "has": lambda n: f"<style>:has(.z){{color:red}}:has(+ .a){{color:blue}}</style>{PLAIN * n}",
    "counts": lambda n: f"<style>p:nth-last-of-type(2n){{color:red}}:nth-child(3n of .a){{color:blue}}</style>{PLAIN * n}",
    "lists in lists": lambda n: f"<style>{':is(.a,' * 15}.b{')' * 15}{{color:red}}</style>{PLAIN * n}",
    "nests": lambda n: f"<style>{'.a{& & &{' * 8}color:red{'}}' * 8}</style>{PLAIN * n}",
    "variables": lambda n: "<style>p{" + "".join(f"--a{i + 1}:var(--a{i});" for i in range(n // 4)) + f"}}</style>{PLAIN}",
    "variables of variables": lambda n: "<style>p{--a0:x;" + "".join(f"--a{i + 1}:var(--a{i}) var(--a{i});" for i in range(n)) + f"color:var(--a{n})}}</style>{PLAIN}",
    "brackets": lambda n: f"<style>p{{color:{'(' * 10 * n}}}</style>{PLAIN}",
    "braces": lambda n: f"<style>{'a{' * 10 * n}</style>{PLAIN}",
    "comments": lambda n: f"<style>{'/*' * 10 * n}</style>{PLAIN}",
    "layers": lambda n: "<style>" + "".join(f"@layer l{i}{{p{{color:red}}}}" for i in range(n)) + f"</style>{PLAIN}",
    "animations": lambda n: f"<style>{'@keyframes x{to{opacity:1}}' * n}p{{animation:x 1s}}</style>{PLAIN}",
    "colours of a gradient": lambda n: f'<p style="background:linear-gradient({"red," * n}blue)">words</p>',
    "sums in sums": lambda n: f'<p style="width:{"calc(" * n}1px{")" * n}">words</p>',
    "a long style": lambda n: f'<p style="{"color:red;" * 10 * n}">words</p>',
    "covers": lambda n: '<div style="position:absolute;inset:0;background:red"></div>' * n + PLAIN,
    "windows": lambda n: '<div style="overflow:hidden;height:9em">words</div>' * n,
    "paragraphs": lambda n: PLAIN * n,
    "open tags": lambda n: "<b>" * 20 * n,
    "tables": lambda n: "<table>" + "x<tr>" * n,
}  # fmt: skip
SIZE = 1600


def look(text: str) -> None:
    """What is too large to be judged is refused, which takes no longer."""
    with contextlib.suppress(ReadError):
        cut_hidden(tree_of(text))


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_no_sheet_takes_more_time_than_its_length(kind: str) -> None:
    """A page four times as long takes about four times as long, or is refused."""

    def takes(size: int) -> float:
        page = HOSTILE[kind](size)
        return cpu_seconds(lambda: look(page))

    assert is_linear(takes, SIZE)


@pytest.mark.parametrize("kind", ["brackets", "braces", "variables of variables", "sums in sums"])
def test_what_is_too_much_is_refused_by_name(kind: str) -> None:
    """A page that cannot be judged is no source, and its outcome says why."""
    with pytest.raises(ReadError, match=r"too (large|deep|long)|without end"):
        cut_hidden(tree_of(HOSTILE[kind](SIZE)))


def test_rules_times_elements_are_refused() -> None:
    """Ten thousand rules for all of a thousand elements are more than anybody waits for."""
    with pytest.raises(ReadError, match="too large"):
        cut_hidden(tree_of(f"<style>{'*{color:red}' * 10_000}</style>{PLAIN * 1000}"))


@pytest.mark.parametrize("depth", [50, 100, 130, 150, 170, 199])
@pytest.mark.parametrize("function", ["not", "is", "where", "has"])
def test_a_selector_of_any_depth_is_judged_or_refused_by_name(function: str, depth: int) -> None:
    """Within its length a selector can be nested deeper than its parser goes: no error but ours."""
    look(f"<style>{f':{function}(' * depth}a{')' * depth}{{color:red}}</style>{PLAIN * 20}")
