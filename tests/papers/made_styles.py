"""A seed goes in; a page with a style sheet of random selectors, layers, variables and values comes out."""

from __future__ import annotations

import random

_TAGS = ("div", "p", "span", "section", "li", "q")
_CLASSES = ("a", "b", "c", "d")
_VALUES = {
    "display": ("none", "block", "inline", "inline-block", "flex", "bogus", "var(--d)", "var(--nope)", "revert", "unset", "initial", "inherit"),
    "visibility": ("hidden", "visible", "collapse", "inherit", "var(--v)", "nothing"),
    "opacity": ("0", "50%", ".25", "calc(.5 + .25)", "2", "var(--o)", "var(--nope, .5)", "x", "inherit", "min(.3, 1)", "clamp(0, 4, .7)"),
    "color": ("red", "#0f0", "#12345678", "rgb(1 2 3)", "rgb(10%, 20%, 30%)", "hsl(120 50% 50%)", "hwb(0 20% 20%)", "currentcolor", "var(--c)", "inherit",
              "revert-layer", "rgba(9,8,7,.5)", "transparent", "bogus(1)", "initial", "unset", "RED", "#ggg", "color(srgb .2 .4 .6)"),
    "font-size": ("10px", "2em", "50%", "1.5rem", "smaller", "larger", "x-large", "calc(1em + 2px)", "-3px", "var(--f)", "inherit", "max(3px, .5em)", "12pt", "7"),
    "text-indent": ("5px", "1em", "10%", "inherit"),
    "position": ("absolute", "relative", "fixed", "static", "floating"),
}  # fmt: skip
PROPERTIES = tuple(_VALUES)


def styled(seed: int) -> str:
    """The page. Each element has an attribute ``n`` with its number."""
    chance = random.Random(seed)
    sheet = "".join(_rule(chance) for _ in range(chance.randint(4, 14)))
    return (
        f"<!doctype html><html n=0><head n=1><style n=2>{sheet}</style></head><body n=3>{_tree(chance)}</body></html>"
    )


def _tree(chance: random.Random) -> str:
    out: list[str] = []
    number = [3]

    def grow(depth: int) -> None:
        for _ in range(chance.randint(1, 4)):
            number[0] += 1
            tag = chance.choice(_TAGS) if depth else "div"
            tag = "span" if tag == "p" and depth > 1 else tag
            classes = " ".join(chance.sample(_CLASSES, chance.randint(0, 3)))
            style = f' style="{_declarations(chance)}"' if chance.random() < 0.2 else ""
            ident = f" id=i{number[0]}" if chance.random() < 0.3 else ""
            out.append(
                f'<{tag} n={number[0]}{ident} class="{classes}" data-x="{chance.choice(("one", "one two", "en-US", ""))}"{style}>t'
            )
            if depth < 4 and tag not in ("p",) and chance.random() < 0.6:
                grow(depth + 1)
            out.append(f"</{tag}>")

    grow(0)
    return "".join(out)


def selector(chance: random.Random, depth: int = 0) -> str:
    """A selector list of one or two."""
    return ", ".join(_complex(chance, depth) for _ in range(1 if chance.random() < 0.8 else 2))


def _complex(chance: random.Random, depth: int) -> str:
    parts = [_compound(chance, depth)]
    for _ in range(chance.choice((0, 0, 1, 1, 2))):
        parts += [chance.choice((" ", " > ", " + ", " ~ ")), _compound(chance, depth)]
    return "".join(parts)


def _compound(chance: random.Random, depth: int) -> str:
    start = chance.choice(("", "", "*", *_TAGS))
    more = "".join(_simple(chance, depth) for _ in range(chance.choice((0, 1, 1, 2))))
    return start + more or "." + chance.choice(_CLASSES)


def _simple(chance: random.Random, depth: int) -> str:
    plain = ["." + chance.choice(_CLASSES), f"#i{chance.randint(4, 20)}", "[data-x]", '[data-x="one"]', "[data-x~=two]", "[data-x|=en]", "[data-x^=o]", "[data-x$=wo]", "[data-x*='E t' i]", "[class=a]",
             ":first-child", ":last-child", ":only-child", ":first-of-type", ":last-of-type", ":empty", ":root", ":nth-child(2n+1)", ":nth-child(-n+2)", ":nth-last-child(2)", ":nth-of-type(odd)", ":nth-last-of-type(3n)",
             ":hover", ":link", ":nth-child(3)", ":nth-child(n of .a)", ":nth-last-child(2 of .b, .c)"]  # fmt: skip
    if depth < 2:
        inner = selector(chance, depth + 1)
        plain += [
            f":not({inner})",
            f":is({inner})",
            f":where({inner})",
            f":has({_compound(chance, 2)})",
            f":has(> {_compound(chance, 2)})",
            f":has(+ {_compound(chance, 2)})",
        ]
    return chance.choice(plain)


def _declarations(chance: random.Random) -> str:
    parts = []
    for _ in range(chance.randint(1, 3)):
        name = chance.choice(PROPERTIES)
        parts.append(f"{name}:{chance.choice(_VALUES[name])}{chance.choice(('', '', '', ' !important'))}")
    if chance.random() < 0.3:
        parts.insert(
            0,
            chance.choice(
                (
                    "--c:blue",
                    "--c:var(--k)",
                    "--d:none",
                    "--v:hidden",
                    "--o:.1",
                    "--f:20px",
                    "--k:initial",
                    "--d:var(--d)",
                    "--c:inherit",
                )
            ),
        )
    return ";".join(parts)


def _rule(chance: random.Random) -> str:
    rule = f"{selector(chance)}{{{_declarations(chance)}}}"
    kind = chance.random()
    if kind < 0.12:
        return f"@layer {chance.choice(('x', 'y', 'x.z'))}{{{rule}}}"
    if kind < 0.2:
        return f"@media {chance.choice(('screen', 'print', '(min-width: 100px)', 'not all', '(100px < width <= 5000px)'))}{{{rule}}}"
    if kind < 0.3:
        return f"{selector(chance)}{{{chance.choice(('& ', '', '&', '> ', '+ '))}{_compound(chance, 1)}{{{_declarations(chance)}}}{_declarations(chance)}}}"
    return rule
