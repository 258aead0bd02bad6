"""The words of a style sheet's value go in; the number, length in pixels or colour that they stand for comes out.

Colours are parsed by tinycss2 (CSS Color 4 and 5) and turned to sRGB; what is
not there (``color-mix()``, colours relative to another, system colours) is
``UNSURE``, which a judge of sight takes for the worst.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

from tinycss2.color5 import parse_color

Tokens = tuple[Any, ...]
"""tinycss2's component values, without white space and comments at their top."""

VIEW_WIDTH, VIEW_HEIGHT = 1280.0, 800.0
"""Pixels of the window that a page is judged in."""


class Rgba(NamedTuple):
    """A colour in sRGB, each from 0 to 1."""

    red: float
    green: float
    blue: float
    alpha: float


class Unsure:
    """A colour that is one, but is not known here."""


UNSURE: Final = Unsure()
CURRENT: Final = "currentcolor"
WHITE, BLACK, CLEAR = Rgba(1, 1, 1, 1), Rgba(0, 0, 0, 1), Rgba(0, 0, 0, 0)

_SYSTEM = {
    "canvas": WHITE, "canvastext": BLACK, "field": WHITE, "fieldtext": BLACK, "buttonface": Rgba(0.94, 0.94, 0.94, 1),
    "buttontext": BLACK, "linktext": Rgba(0, 0, 0.93, 1), "visitedtext": Rgba(0.33, 0.1, 0.55, 1), "activetext": Rgba(1, 0, 0, 1),
    "mark": Rgba(1, 1, 0, 1), "marktext": BLACK, "graytext": Rgba(0.5, 0.5, 0.5, 1), "highlight": Rgba(0.1, 0.4, 0.8, 1),
    "highlighttext": WHITE, "buttonborder": BLACK, "selecteditem": Rgba(0.1, 0.4, 0.8, 1), "selecteditemtext": WHITE, "accentcolor": Rgba(0, 0.46, 1, 1), "accentcolortext": WHITE,
}  # fmt: skip
_COLOUR_FUNCTIONS = frozenset(
    "rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark device-cmyk contrast-color".split()
)
_TO_LINEAR = ((3.2406, -1.5372, -0.4986), (-0.9689, 1.8758, 0.0415), (0.0557, -0.2040, 1.0570))
"""XYZ (D65) to linear sRGB, IEC 61966-2-1."""


def significant(tokens: Iterable[Any]) -> Tokens:
    """The tokens that mean something."""
    return tuple(token for token in tokens if token.type not in ("whitespace", "comment"))


def split(tokens: Iterable[Any], mark: str = ",") -> list[Tokens]:
    """The parts of a list, apart at a mark."""
    parts: list[list[Any]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == mark:
            parts.append([])
        else:
            parts[-1].append(token)
    return [significant(part) for part in parts]


def word(tokens: Tokens) -> str:
    """The only keyword of a value, in lower case; nothing if it is anything else."""
    return str(tokens[0].lower_value) if len(tokens) == 1 and tokens[0].type == "ident" else ""


def words(tokens: Tokens) -> list[str]:
    """All keywords of a value, in lower case."""
    return [str(token.lower_value) for token in tokens if token.type == "ident"]


# --- colours --------------------------------------------------------------------------------------


def colour(token: Any) -> Rgba | Unsure | str | None:
    """The colour that a token names: itself, ``CURRENT``, ``UNSURE``, or None when it names none."""
    if token.type == "ident" and (found := _SYSTEM.get(token.lower_value)):
        return found
    if token.type not in ("ident", "hash", "function"):
        return None
    try:
        parsed = parse_color(token)
    except (AttributeError, TypeError, ValueError, IndexError):  # what tinycss2 does with odd arguments
        parsed = None
    if parsed is None:
        return UNSURE if token.type == "function" and token.lower_name in _COLOUR_FUNCTIONS else None
    return CURRENT if isinstance(parsed, str) else _srgb(parsed)


def is_system(token: Any) -> bool:
    """Whether a keyword names a colour of the browser's own."""
    return token.lower_value in _SYSTEM


def _srgb(parsed: Any) -> Rgba | Unsure:
    space = parsed.space
    if space in ("hsl", "hwb"):
        parsed = parsed.to("srgb")
    elif space in ("lab", "lch"):
        return _from_xyz(parsed.to("xyz-d50"))
    elif space in ("oklab", "oklch"):
        return _from_xyz(parsed.to("xyz-d65"))
    elif space.startswith("xyz"):
        return _from_xyz(parsed)
    elif space == "srgb-linear":
        red, green, blue = (_gamma(c or 0.0) for c in parsed.coordinates)
        return Rgba(red, green, blue, parsed.alpha)
    elif space not in ("srgb", "display-p3", "a98-rgb", "prophoto-rgb", "rec2020"):
        return UNSURE
    red, green, blue = (min(1.0, max(0.0, c or 0.0)) for c in parsed.coordinates)
    return Rgba(red, green, blue, parsed.alpha)


def _from_xyz(parsed: Any) -> Rgba:
    place = [c or 0.0 for c in parsed.coordinates]
    red, green, blue = (_gamma(sum(a * b for a, b in zip(row, place, strict=True))) for row in _TO_LINEAR)
    return Rgba(red, green, blue, parsed.alpha)


def _gamma(linear: float) -> float:
    linear = min(1.0, max(0.0, linear))
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055


def over(top: Rgba, below: Rgba) -> Rgba:
    """A colour laid on another."""
    alpha = top.alpha + below.alpha * (1 - top.alpha)
    if not alpha:
        return CLEAR
    share = below.alpha * (1 - top.alpha)
    red, green, blue = ((t * top.alpha + b * share) / alpha for t, b in zip(top[:3], below[:3], strict=True))
    return Rgba(red, green, blue, alpha)


def contrast(one: Rgba, other: Rgba) -> float:
    """How far two colours are apart for the eye, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def distance(one: Rgba, other: Rgba) -> float:
    """The largest difference in a channel, from 0 to 1: red on green of the same lightness is seen."""
    return max(abs(a - b) for a, b in zip(one[:3], other[:3], strict=True))


def _luminance(given: Rgba) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in given[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# --- numbers and lengths --------------------------------------------------------------------------


class Scale(NamedTuple):
    """What relative lengths are relative to, in pixels."""

    em: float = 16.0
    rem: float = 16.0
    percent: float = VIEW_WIDTH
    """What 100 % are."""


_UNITS: dict[str, Callable[[Scale], float]] = {
    "px": lambda s: 1, "pt": lambda s: 4 / 3, "pc": lambda s: 16, "in": lambda s: 96, "cm": lambda s: 96 / 2.54,
    "mm": lambda s: 96 / 25.4, "q": lambda s: 96 / 101.6, "em": lambda s: s.em, "rem": lambda s: s.rem, "ex": lambda s: s.em / 2,
    "ch": lambda s: s.em / 2, "cap": lambda s: s.em * 0.7, "ic": lambda s: s.em, "lh": lambda s: s.em * 1.2, "rlh": lambda s: s.rem * 1.2,
    "rex": lambda s: s.rem / 2, "rch": lambda s: s.rem / 2, "ric": lambda s: s.rem, "rcap": lambda s: s.rem * 0.7,
}  # fmt: skip
for _kind in ("", "s", "l", "d"):
    _UNITS |= {
        f"{_kind}vw": lambda s: VIEW_WIDTH / 100,
        f"{_kind}vh": lambda s: VIEW_HEIGHT / 100,
        f"{_kind}vi": lambda s: VIEW_WIDTH / 100,
        f"{_kind}vb": lambda s: VIEW_HEIGHT / 100,
        f"{_kind}vmin": lambda s: VIEW_HEIGHT / 100,
        f"{_kind}vmax": lambda s: VIEW_WIDTH / 100,
    }
_UNITS |= {f"cq{end}": lambda s: VIEW_WIDTH / 100 for end in ("w", "h", "i", "b", "min", "max")}


_PLAIN = Scale()


def length(token: Any, scale: Scale = _PLAIN) -> float | None:
    """Pixels of a length, a percentage or a sum of them; None for anything else. A number but nought is no length."""
    if token.type == "number":
        return 0.0 if token.value == 0 else None
    return None if token.type == "ident" else _measure(token, scale)


def number(token: Any) -> float | None:
    """A number, or a percentage as one."""
    if token.type == "percentage":
        return float(token.value) / 100
    return (
        float(token.value)
        if token.type == "number"
        else _measure(token, Scale(percent=1))
        if token.type == "function"
        else None
    )


def angle(token: Any) -> float | None:
    """Radians."""
    if token.type == "number" and token.value == 0:
        return 0.0
    if token.type == "dimension":
        turn = {"deg": math.pi / 180, "rad": 1, "grad": math.pi / 200, "turn": 2 * math.pi}.get(token.lower_unit)
        return None if turn is None else float(token.value) * turn
    return None


_CONSTANTS = {"infinity": 1e9, "-infinity": -1e9, "nan": 0.0, "pi": math.pi, "e": math.e}
"""What may stand in a sum. Endless lengths are as long as browsers make them, about."""


def _measure(token: Any, scale: Scale) -> float | None:
    match token.type:
        case "dimension":
            unit = _UNITS.get(token.lower_unit)
            return None if unit is None else float(token.value) * unit(scale)
        case "percentage":
            found: float | None = float(token.value) / 100 * scale.percent
        case "number":
            found = float(token.value)
        case "ident":
            found = _CONSTANTS.get(token.lower_value)
        case "() block":
            found = _sum(significant(token.content), scale)
        case "function":
            found = _function(token.lower_name, [_sum(part, scale) for part in split(token.arguments)])
        case _:
            found = None
    return found


def _function(name: str, parts: Sequence[float | None]) -> float | None:
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or not known:
        return None
    one = _OF_ONE.get(name)
    if one is not None and len(known) == 1:
        return one(known[0])
    if name == "clamp" and len(known) == 3:
        return max(known[0], min(known[1], known[2]))
    return _OF_MANY[name](known) if name in _OF_MANY else None


_OF_ONE: dict[str, Callable[[float], float]] = {"calc": float, "-webkit-calc": float, "abs": abs}
_OF_MANY: dict[str, Callable[[Sequence[float]], float]] = {"min": min, "max": max}


def _sum(tokens: Tokens, scale: Scale) -> float | None:
    """A sum of products, from left to right."""
    total, sign, product, mark = 0.0, 1.0, None, ""
    for token in tokens:
        if token.type == "literal" and token.value in "+-*/":
            if token.value in "+-":
                if product is None:
                    return None
                total, sign, product = total + sign * product, 1.0 if token.value == "+" else -1.0, None
            mark = token.value
            continue
        value = _measure(token, scale)
        if value is None:
            return None
        if product is None:
            product = value
        elif mark == "*":
            product *= value
        elif mark == "/" and value:
            product /= value
        else:
            return None
    return None if product is None else total + sign * product
