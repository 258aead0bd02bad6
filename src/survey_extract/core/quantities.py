"""Tokens go in, the figures among them come out: each as a value and a unit, however it is written.

"1e-5", "0.00001" and "10⁻⁵" are one value, "1.5M", "1,500,000" and "1.5
million" another. A value is its digits and a power of ten, kept as text: no
number that a stranger writes is ever computed with. Where a notation can be
read in two ways (the printed page loses what is raised), a text holds both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from survey_extract.core.lexicon import NUMBER_WORDS, ORDINALS, REFERENCES, STAGES, STOPS, UNITS
from survey_extract.core.tokens import Token, fold

Number = tuple[str, int]
"""Digits without zeros at either end, and the power of ten they are multiplied by."""

_SCALES = {"k": 3, "m": 6, "b": 9, "t": 12, "bn": 9, "mn": 6}
_SCALE_WORDS = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_MINUS = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2212\u207b")
_TIMES = frozenset(["x", "\u00d7", "\u22c5", "\u00b7", "*"])
_BETWEEN = frozenset(
    ["-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212", "/", ",", "~", "and", "or", "to", "vs"]
)
_SET = frozenset([":", "=", "of", "is", "are", "to", "was", "were", "(", "at", "\u2248", "~"])
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
REACH = 3
"""Words between a number and its unit: "24 frozen transformer layers"."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or, for "224x224", several; ``first`` and ``behind`` are places among the tokens.

    ``others`` are further readings of the same characters. ``is_word`` says
    that it is written in letters, ``is_rank`` that it is "second" or "both"
    and no figure of its own.
    """

    first: int
    behind: int
    sides: tuple[Number, ...]
    unit: str | None = None
    others: tuple[Number, ...] = ()
    is_word: bool = False
    is_rank: bool = False

    @property
    def number(self) -> Number:
        return self.sides[0]


def figures_in(found: Sequence[Token]) -> list[Figure]:
    """All figures in order, those in names ("ViT-L/14") too, each with its unit."""
    bare = list(_bare(found))
    for place in range(len(bare) - 1, -1, -1):
        figure = bare[place]
        unit, behind = _unit_behind(found, figure.behind)
        if unit is None and place + 1 < len(bare) and _is_series(found, figure, bare[place + 1]):
            unit = bare[place + 1].unit
        bare[place] = replace(figure, unit=figure.unit or unit, behind=max(figure.behind, behind))
    return [_with_unit_before(found, bare, place) for place in range(len(bare))]


def _bare(found: Sequence[Token]) -> Iterator[Figure]:
    at = 0
    while at < len(found):
        figures = _read(found, at)
        yield from figures
        at = max(at + 1, figures[-1].behind if figures else 0)


def _read(found: Sequence[Token], at: int) -> list[Figure]:
    token = found[at]
    if token.kind == "word":
        return _in_words(found, at)
    if token.kind != "number" or _is_inside_word(found, at):
        return []
    numbers = parse(token.text)
    if len(numbers) != 1:
        return [Figure(at, at + 1, (number,)) for number in numbers]
    for reading in (_power, _sides, _scaled):
        if figure := reading(found, at, numbers[0]):
            return [figure]
    return []


def parse(text: str) -> list[Number]:
    """The numbers in a run of digits, points and commas: "1,000" is one, "0.9,0.98" are two, "1.2.3" is none."""
    head, *groups = text.split(",")
    tail = groups[-1].partition(".")[0] if groups else ""
    if groups and len(head) <= 3 and all(len(g) == 3 for g in (*groups[:-1], tail)) and head.isdigit():
        text = "".join((head, *groups))
        groups = []
    parts = text.split(",") if groups else [text]
    return [] if any(part.strip(".").count(".") > 1 for part in parts) else [canonical(part) for part in parts]


def canonical(digits: str, power: int = 0) -> Number:
    """Digits with at most one point, times ten to ``power``: ".5" is "0.5"."""
    whole, _, fraction = fold(digits).partition(".")
    mantissa = whole + fraction
    stripped = mantissa.rstrip("0")
    power += len(mantissa) - len(stripped) - len(fraction)
    stripped = stripped.lstrip("0")
    return (stripped, power) if stripped else ("", 0)


def _is_inside_word(found: Sequence[Token], at: int) -> bool:
    """Whether letters stand right before the digits: "CC3M". What follows "v" or a hyphen is a number all the same."""
    before = found[at - 1] if at else None
    return (
        before is not None
        and before.kind == "word"
        and before.end == found[at].start
        and fold(before.text) not in _TIMES
    )


def _glued(found: Sequence[Token], at: int) -> bool:
    return 0 < at < len(found) and found[at].start == found[at - 1].end


def _near(found: Sequence[Token], at: int) -> bool:
    """Whether a token stands right behind the one before it, or a space away."""
    return 0 < at < len(found) and found[at].start - found[at - 1].end <= 1


def _text(found: Sequence[Token], at: int) -> str:
    return found[at].text if 0 <= at < len(found) else ""


def _exponent(found: Sequence[Token], at: int, *, signed: bool) -> tuple[int, int] | None:
    """An exponent that begins at a token, and where it ends; None where there is none."""
    token = found[at] if at < len(found) else None
    if token is None or not _near(found, at):
        return None
    if token.kind == "raised":
        raised = token.text.translate(_RAISED)
        if raised in "-+" and at + 1 < len(found) and found[at + 1].kind == "number" and _near(found, at + 1):
            return _signed(found[at + 1].text, raised == "-", at + 2)
        return _signed(raised.lstrip("+-"), raised.startswith("-"), at + 1)
    if token.text == "^":
        return _exponent(found, at + 1, signed=False)
    if token.text == "{":
        inner = _exponent(found, at + 1, signed=False)
        return (inner[0], inner[1] + 1) if inner and _text(found, inner[1]) == "}" else inner
    negative = token.text in _MINUS
    digits = at + 1 if negative or token.text == "+" else at
    if digits < len(found) and found[digits].kind == "number" and _near(found, digits) and (negative or not signed):
        return _signed(found[digits].text, negative, digits + 1)
    return None


def _signed(digits: str, negative: bool, behind: int) -> tuple[int, int] | None:
    plain = fold(digits)
    if not plain.isdecimal() or len(plain) > 3:
        return None
    return (-int(plain) if negative else int(plain)), behind


def _power(found: Sequence[Token], at: int, number: Number) -> Figure | None:
    """ "1e-5", "8 × 10⁻⁴", "10^6", "10⁻⁴"; what is raised may have come down to the line: "8 × 10 −4", "10−4"."""
    after = _text(found, at + 1)
    if after in ("e", "E") and _glued(found, at + 1):
        exponent = _exponent(found, at + 2, signed=False)
        return _times_ten(at, number, exponent) if exponent else None
    if fold(after) in _TIMES and _text(found, at + 2) == "10" and found[at + 1].start - found[at].end <= 1:
        exponent = _exponent(found, at + 3, signed=True) or _exponent_in_line(found, at + 3)
        return _times_ten(at, number, exponent) if exponent else None
    if fold(after) in _TIMES and len(_text(found, at + 2)) == 3 and _text(found, at + 2).startswith("10"):
        if figure := _scaled_side(found, at, number):
            return figure
    if number == ("1", 1) and found[at].text == "10":
        return _power_of_ten(found, at)
    return None


def _times_ten(at: int, number: Number, exponent: tuple[int, int]) -> Figure:
    mantissa, power = number
    return Figure(at, exponent[1], (canonical(mantissa or "0", power + exponent[0]),))


def _exponent_in_line(found: Sequence[Token], at: int) -> tuple[int, int] | None:
    return _exponent(found, at, signed=False) if at < len(found) and found[at].kind == "number" else None


def _scaled_side(found: Sequence[Token], at: int, number: Number) -> Figure | None:
    """ "8 × 106" may be 8 × 10⁶: both readings count."""
    power = int(_text(found, at + 2)[2:]) if _text(found, at + 2).isdecimal() else None
    if power is None:
        return None
    side = canonical(_text(found, at + 2))
    other = canonical(number[0] or "0", number[1] + power)
    return Figure(at, at + 3, (number, side), others=(number, side, other))


def _power_of_ten(found: Sequence[Token], at: int) -> Figure | None:
    exponent = _exponent(found, at + 1, signed=True)
    if exponent is None:
        return None
    power, behind = ("1", exponent[0]), exponent[1]
    if found[at + 1].kind == "raised" or found[at + 1].text in ("^", "\u2212"):
        return Figure(at, behind, (power,))
    return Figure(at, at + 1, (("1", 1),), others=(power,))  # "10-4" may be a range


def _sides(found: Sequence[Token], at: int, number: Number) -> Figure | None:
    """ "224x224", "14 × 14 × 3", "336²"; a lone "40x" is "40 times"."""
    sides, behind = [number], at + 1
    while fold(_text(found, behind)) in _TIMES and behind + 1 < len(found) and found[behind + 1].kind == "number":
        side = parse(found[behind + 1].text)
        if len(side) != 1 or not _near(found, behind) or not _near(found, behind + 1):
            break
        sides.append(side[0])
        behind += 2
    if len(sides) > 1:
        return Figure(
            at, behind, tuple(sides), unit="pixel" if _text(found, behind) == "px" else None, others=tuple(sides)
        )
    if _text(found, at + 1) == "\u00b2" and _glued(found, at + 1):
        return Figure(at, at + 2, (number, number), others=(number,))
    if _text(found, at + 1) == "^" and _text(found, at + 2) == "2":
        return Figure(at, at + 3, (number, number), others=(number,))
    return None


def _scaled(found: Sequence[Token], at: int, number: Number) -> Figure | None:
    """ "158K", "1.5 million", "7B", "40x", "300"; None for what goes on as a word: "3D", "2nd"."""
    after, behind = fold(_text(found, at + 1)), at + 1
    glued = _glued(found, behind) and found[behind].kind == "word"
    scale = _scale_behind(found, at)
    if scale is not None:
        power, behind = scale
        return Figure(at, behind, (canonical(number[0] or "0", number[1] + power),))
    if glued and after in ("st", "nd", "rd", "th"):
        return Figure(at, behind + 1, (number,), is_rank=True)
    if glued and after in ("x",):
        return Figure(at, behind + 1, (number,), unit="times")
    if glued and after not in UNITS:
        return None
    return Figure(at, behind, (number,))


def _scale_behind(found: Sequence[Token], at: int) -> tuple[int, int] | None:
    """The power of ten that is written behind a number, and where it ends; several multiply: "two hundred thousand"."""
    power, behind = 0, at + 1
    while behind < len(found):
        hyphen = 1 if found[behind].text == "-" and _glued(found, behind) else 0
        token = found[behind + hyphen] if behind + hyphen < len(found) else None
        if token is None or token.kind != "word":
            break
        word = fold(token.text)
        glued = token.start == found[behind + hyphen - 1].end
        letter = (
            word in _SCALES and (glued or token.text.isupper()) and power == 0 and _ends_chunk(found, behind + hyphen)
        )
        if letter and (glued or (len(word) == 1 and word in "kmb")):
            return _SCALES[word], behind + hyphen + 1
        if word not in _SCALE_WORDS:
            break
        power += _SCALE_WORDS[word]
        behind += hyphen + 1
    return (power, behind) if power else None


def _ends_chunk(found: Sequence[Token], at: int) -> bool:
    return not (_glued(found, at + 1) and found[at + 1].kind in ("number", "word"))


def _in_words(found: Sequence[Token], at: int) -> list[Figure]:
    """ "two", "twenty-four", "two hundred million"; "second" and "both" as ranks."""
    word = fold(found[at].text)
    if word in ORDINALS:
        return [Figure(at, at + 1, (canonical(str(ORDINALS[word])),), is_word=True, is_rank=True)]
    if word not in NUMBER_WORDS or (at and _glued(found, at) and found[at - 1].kind == "number"):
        return []
    value, behind = NUMBER_WORDS[word], at + 1
    if (
        value >= 20
        and value % 10 == 0
        and _text(found, behind) == "-"
        and 0 < NUMBER_WORDS.get(fold(_text(found, behind + 1)), 0) < 10
    ):
        value, behind = value + NUMBER_WORDS[fold(_text(found, behind + 1))], behind + 2
    scale = _scale_behind(found, behind - 1)
    power, behind = scale or (0, behind)
    number = canonical(str(value), power)
    return [Figure(at, behind, (number,), is_word=True, is_rank=value == 1 and not power)]


# --- units ----------------------------------------------------------------------------------------


def _unit_behind(found: Sequence[Token], at: int) -> tuple[str | None, int]:
    """The unit of the number that ends before a token, and where it ends if it stands right there."""
    words, begin = 0, at
    while at < len(found) and words <= REACH:
        token = found[at]
        if token.text in ("%", "$", "\u20ac", "\u00d7", "\u00b0"):
            return (UNITS.get(token.text), at + 1) if at == begin else (None, begin)
        if token.kind == "mark":
            if token.text not in ("-", "\u2010", "\u2011", "(", "+", "/") or (token.text in ("(", "/") and words):
                break
        elif token.kind == "word":
            unit, behind = unit_at(found, at)
            if unit and (_is_plural(found, at) or (at == begin + 1 and found[begin].kind == "mark")):
                return unit, behind if words == 0 and _text(found, begin) != "(" else begin
            if fold(token.text) in STOPS:
                break
            words += not _glued(found, at) or found[at - 1].kind == "mark"
        elif not _glued(found, at) or found[at - 1].kind == "mark":
            break
        at += 1
    return None, begin


def unit_at(found: Sequence[Token], at: int) -> tuple[str | None, int]:
    """The unit that a word names, and where it ends: "A100" and "data sets" are two tokens."""
    word = fold(found[at].text)
    after = fold(_text(found, at + 1))
    if _near(found, at + 1) and (unit := UNITS.get(word + after if _glued(found, at + 1) else f"{word} {after}")):
        return unit, at + 2
    if not _ends_chunk(found, at):
        return None, at
    if len(word) == 1 and not (_glued(found, at) and found[at - 1].kind == "number"):
        return None, at
    return UNITS.get(word), at + 1


def _is_plural(found: Sequence[Token], at: int) -> bool:
    """Whether a unit word counts: "27 images" does, "27 image sets" counts sets, "24-layer" is met before this is asked."""
    word = fold(found[at].text)
    glued = _glued(found, at) and found[at - 1].kind in ("number", "word")
    one = at > 0 and found[at - 1].text in ("1", "one", "single", "per", "an", "a")
    return (
        glued
        or one
        or (not any(word + end in UNITS for end in ("s", "es"))
        and word not in ("query", "category", "body"))
    )


def names_stage(found: Sequence[Token], at: int) -> bool:
    """Whether the number at a place names a stage: "stage 2", "phase-1"."""
    hyphen = 1 if at and found[at - 1].text == "-" else 0
    return at > hyphen and fold(found[at - 1 - hyphen].text) in STAGES and _near(found, at)


def _is_series(found: Sequence[Token], one: Figure, next_one: Figure) -> bool:
    """Whether the second number follows the first in a range or a list, which share their unit: "7 and 8 hours"."""
    between = found[one.behind : next_one.first]
    return len(between) <= 2 and all(fold(token.text) in _BETWEEN for token in between)


def _with_unit_before(found: Sequence[Token], figures: Sequence[Figure], place: int) -> Figure:
    """ "layers: 24", "number of epochs is 20": where no unit follows, the word before may be it."""
    figure = figures[place]
    if names_stage(found, figure.first) and not figure.is_word:
        return replace(figure, unit="stage", behind=figure.first + 1)
    if figure.unit or figure.is_rank or not figure.first:
        return figure
    at = figure.first - 1
    low = figures[place - 1].behind if place else 0
    for _ in range(2):
        if at >= low and fold(found[at].text) in _SET:
            at -= 1
    if at < low or found[at].kind != "word":
        return figure
    word = fold(found[at].text)
    unit = unit_at(found, at)[0] if word not in REFERENCES | STAGES and len(word) > 2 else None
    taken = place and figures[place - 1].unit == unit
    return replace(figure, unit=unit) if unit and not taken else figure
