"""The condition of a rule goes in (``@media``, ``@supports``); True, False, or None for what is not known comes out.

Judged for a light screen of 1280 by 800 pixels. Media Queries 4, Conditional Rules 3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from survey_extract.adapters.css.values import VIEW_HEIGHT, VIEW_WIDTH, Tokens, length, significant, split, word

_MEDIA_FEATURES: Mapping[str, str] = {
    "orientation": "landscape", "prefers-color-scheme": "light", "prefers-reduced-motion": "no-preference", "prefers-contrast": "no-preference",
    "prefers-reduced-transparency": "no-preference", "prefers-reduced-data": "no-preference", "forced-colors": "none",
    "inverted-colors": "none", "update": "fast", "scripting": "enabled", "display-mode": "browser", "overflow-block": "scroll",
    "overflow-inline": "scroll", "color-gamut": "srgb", "dynamic-range": "standard", "scan": "progressive",
}  # fmt: skip
_FEATURE_OFF = frozenset(["none", "no-preference"])
_NUMBERS = {"width": VIEW_WIDTH, "height": VIEW_HEIGHT, "device-width": VIEW_WIDTH, "device-height": VIEW_HEIGHT, "color": 8.0,
            "monochrome": 0.0, "grid": 0.0, "color-index": 0.0, "aspect-ratio": 1.6, "device-aspect-ratio": 1.6, "resolution": 1.0, "-webkit-device-pixel-ratio": 1.0}  # fmt: skip

Truth = bool | None


def media(query: Tokens) -> Truth:
    """Whether a list of media queries holds."""
    parts = split(query)
    if not query:
        return True
    return _or([_one_media(part) for part in parts])


def _one_media(part: Tokens) -> Truth:
    negated = bool(part) and part[0].type == "ident" and part[0].lower_value == "not"
    rest = part[1:] if negated or (part and part[0] == "only") else part
    if rest and rest[0].type == "ident" and rest[0].lower_value == "only":
        rest = rest[1:]
    holds: Truth = True
    if rest and rest[0].type == "ident":
        holds = rest[0].lower_value in ("screen", "all")
        rest = rest[1:]
        if rest and rest[0].type == "ident" and rest[0].lower_value == "and":
            rest = rest[1:]
    if rest:
        holds = _and([holds, _condition(rest, _feature)])
    return _not(holds) if negated else holds


def _condition(tokens: Tokens, leaf: Callable[[Any], Truth]) -> Truth:
    """``not``, ``and`` and ``or`` over parts in brackets."""
    truths: list[Truth] = []
    negate, joined = False, "and"
    for token in tokens:
        if token.type == "ident":
            if token.lower_value == "not":
                negate = True
            else:
                joined = token.lower_value
            continue
        truth = leaf(token)
        truths.append(_not(truth) if negate else truth)
        negate = False
    return _or(truths) if joined == "or" else _and(truths)


def _feature(token: Any) -> Truth:
    """One feature of the screen, in brackets."""
    inner = significant(token.content) if token.type == "() block" else ()
    if not inner:
        return None
    if _is_nested(inner):
        return _condition(inner, _feature)
    if any(t.type == "literal" and t.value in ("<", ">", "=") for t in inner):
        return _range(inner)
    name = inner[0].lower_value if inner[0].type == "ident" else ""
    if len(inner) == 1:
        return _alone(name)
    return _plain(name, inner[2:]) if len(inner) > 2 and inner[1] == ":" else None


def _is_nested(inner: Tokens) -> bool:
    return bool(inner[0].type == "() block" or (inner[0].type == "ident" and inner[0].lower_value == "not"))


def _alone(name: str) -> Truth:
    """A feature without a value: whether the screen has it."""
    if name in _NUMBERS:
        return bool(_NUMBERS[name])
    given = _MEDIA_FEATURES.get(name)
    return None if given is None else given not in _FEATURE_OFF


def _plain(name: str, value: Tokens) -> Truth:
    if name in _MEDIA_FEATURES:
        return word(value) == _MEDIA_FEATURES[name]
    for before, sign in (("min-", 1), ("max-", -1), ("", 0)):
        plain = name.removeprefix(before)
        if name.startswith(before) and plain in _NUMBERS:
            given = _amount(value)
            if given is None:
                return None
            return _NUMBERS[plain] == given if not sign else (_NUMBERS[plain] - given) * sign >= 0
    return None


def _amount(value: Tokens) -> float | None:
    if len(value) == 3 and value[1] == "/":
        return float(value[0].value / value[2].value) if value[2].value else None
    if value[0].type == "number":
        return float(value[0].value)
    if value[0].type == "dimension" and value[0].lower_unit in ("dppx", "x", "dpi"):
        return float(value[0].value) / (96 if value[0].lower_unit == "dpi" else 1)
    return length(value[0])


def _range(inner: Tokens) -> Truth:
    """``(400px <= width < 700px)``."""
    parts: list[Any] = []
    for token in inner:
        if token.type == "literal" and token.value in ("<", ">", "=", "<=", ">="):
            if parts and isinstance(parts[-1], str) and token.value == "=":
                parts[-1] += "="
            else:
                parts.append(str(token.value))
        elif token.type == "ident" and token.lower_value in _NUMBERS:
            parts.append(_NUMBERS[token.lower_value])
        else:
            parts.append(_amount((token,)))
    if len(parts) % 2 == 0 or any(part is None for part in parts):
        return None
    return all(_compared(parts[at], parts[at + 1], parts[at + 2]) for at in range(0, len(parts) - 2, 2))


def _compared(one: Any, sign: str, other: Any) -> bool:
    tests = {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other, "=": one == other}
    return bool(tests.get(sign, False))


def _supports(prelude: Tokens) -> Truth:
    """``@supports``: whether a browser knows a property is not known here, but for the plainest."""
    return _condition(prelude, _supported)


def _supported(token: Any) -> Truth:
    if token.type != "() block":
        return None
    inner = significant(token.content)
    if inner and _is_nested(inner):
        return _condition(inner, _supported)
    name = inner[0].lower_value if inner and inner[0].type == "ident" else ""
    keyword = inner[2].lower_value if len(inner) == 3 and inner[2].type == "ident" else ""
    return True if name.startswith("--") or (name, keyword) in _SUPPORTED else None


_SUPPORTED = frozenset(
    {("display", kind) for kind in ("none", "block", "inline", "flex", "grid", "flow-root", "contents", "inline-block")}
    | {("position", "sticky"), ("color", "red"), ("visibility", "hidden")}
)


def _unknown(prelude: Tokens) -> Truth:
    return None


def _never(prelude: Tokens) -> Truth:
    return False


CONDITIONS: Mapping[str, Callable[[Tokens], Truth]] = {
    "media": media,
    "supports": _supports,
    "container": _unknown,
    "scope": _unknown,
    "document": _never,
    "-moz-document": _never,
    "starting-style": _unknown,
}


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _and(truths: Sequence[Truth]) -> Truth:
    return False if False in truths else None if None in truths else True


def _or(truths: Sequence[Truth]) -> Truth:
    return True if True in truths else None if None in truths else False
