"""Tokens go in, the numbers among them come out by value, however they are written.

"1e-5", "0.00001" and "10⁻⁵" are one value, "1.5M", "1,500,000" and "1.5
million" another. A value is its digits and a power of ten, kept as text: no
number that a stranger writes is ever computed with. Where a notation can be
read in two ways (the printed page loses what is raised), both readings count.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from survey_extract.core.words.lexicon import FOLDS, NUMBER_WORDS, NUMBERED, ORDINALS, RANKS, ROMANS, SHARES, UNITS
from survey_extract.core.words.tokens import Token, fold
from survey_extract.core.words.unit_table import units

Number = tuple[str, int]
"""Digits without zeros at either end, and the power of ten they are multiplied by."""

_SCALES = {"k": 3, "m": 6, "b": 9, "t": 12, "bn": 9, "mn": 6}
_DOZEN = 12
FORTNIGHTS = frozenset(["fortnight", "fortnightly"])
"""Words for two weeks."""
DIGITS = 6
"""Digits of a whole number that is computed with."""
_SCALE_WORDS = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_MINUS = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2212\u207b")
TIMES = frozenset(["x", "\u00d7", "\u22c5", "\u00b7", "*"])
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")


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
    number_behind: int = 0
    """Where the number ends and its unit may begin; 0 where that is not known."""

    @property
    def number(self) -> Number:
        return self.sides[0]


def numerals(found: Sequence[Token]) -> Iterator[Figure]:
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
    if clock := _clock(found, at):
        return clock
    for reading in (_power, _sides, _scaled):
        if figure := reading(found, at, numbers[0]):
            return [figure]
    return []


def _clock(found: Sequence[Token], at: int) -> list[Figure]:
    """A time of day or a span: "2h08", "2h08min", "19:30", "7:30 pm"; of the afternoon both counts of its hours."""
    hour, mark, minute = text_at(found, at), fold(text_at(found, at + 1)), text_at(found, at + 2)
    is_whole = is_glued(found, at + 1) and is_glued(found, at + 2) and hour.isdecimal() and len(hour) <= 2
    if not is_whole or mark not in (":", "h") or not (minute.isdecimal() and len(minute) == 2 and minute < "60"):
        return []
    if mark == "h":
        behind = at + 3 + (is_glued(found, at + 3) and fold(text_at(found, at + 3)) in ("m", "min", "mn"))
        return [Figure(at, at + 2, (canonical(hour),)), Figure(at + 2, behind, (canonical(minute),))]
    half = fold(text_at(found, at + 3))
    is_late = (half == "pm" or (half == "p" and fold(text_at(found, at + 5)) == "m")) and int(hour) < _NOON
    others = (canonical(str(int(hour) + _NOON)),) if is_late else ()
    return [Figure(at, at + 1, (canonical(hour),), others=others), Figure(at + 2, at + 3, (canonical(minute),))]


_NOON = 12


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
        and fold(before.text) not in TIMES
    )


def is_glued(found: Sequence[Token], at: int) -> bool:
    return 0 < at < len(found) and found[at].start == found[at - 1].end


def is_near(found: Sequence[Token], at: int) -> bool:
    """Whether a token stands right behind the one before it, or a space away."""
    return 0 < at < len(found) and found[at].start - found[at - 1].end <= 1


def text_at(found: Sequence[Token], at: int) -> str:
    return found[at].text if 0 <= at < len(found) else ""


def _exponent(found: Sequence[Token], at: int, *, signed: bool) -> tuple[int, int] | None:
    """An exponent that begins at a token, and where it ends; None where there is none."""
    token = found[at] if at < len(found) else None
    if token is None or not is_near(found, at):
        return None
    if token.kind == "raised":
        return _raised_exponent(found, at)
    if token.text in ("^", "{"):  # nested no deeper than "^{-4}"
        inner = _exponent(found, at + 1, signed=False) if text_at(found, at - 1) != "{" else None
        return (inner[0], inner[1] + (text_at(found, inner[1]) == "}")) if inner else None
    negative = token.text in _MINUS
    digits = at + 1 if negative or token.text == "+" else at
    if digits < len(found) and found[digits].kind == "number" and is_near(found, digits) and (negative or not signed):
        return _signed(found[digits].text, negative, digits + 1)
    return None


def _raised_exponent(found: Sequence[Token], at: int) -> tuple[int, int] | None:
    raised = found[at].text.translate(_RAISED)
    if raised in "-+" and at + 1 < len(found) and found[at + 1].kind == "number" and is_near(found, at + 1):
        return _signed(found[at + 1].text, raised == "-", at + 2)
    return _signed(raised.lstrip("+-"), raised.startswith("-"), at + 1)


def _signed(digits: str, negative: bool, behind: int) -> tuple[int, int] | None:
    plain = fold(digits)
    if not plain.isdecimal() or len(plain) > 3:
        return None
    return (-int(plain) if negative else int(plain)), behind


def _power(found: Sequence[Token], at: int, number: Number) -> Figure | None:
    """ "1e-5", "8 × 10⁻⁴", "10^6", "10⁻⁴"; what is raised may have come down to the line: "8 × 10 −4", "10−4"."""
    after = text_at(found, at + 1)
    if after in ("e", "E") and is_glued(found, at + 1):
        exponent = _exponent(found, at + 2, signed=False)
        return _times_ten(at, number, exponent) if exponent else None
    if fold(after) in TIMES and text_at(found, at + 2) == "10" and found[at + 1].start - found[at].end <= 1:
        exponent = _exponent(found, at + 3, signed=True) or _exponent_in_line(found, at + 3)
        return _times_ten(at, number, exponent) if exponent else None
    may_be_raised = len(text_at(found, at + 2)) == 3 and text_at(found, at + 2).startswith("10")
    if fold(after) in TIMES and may_be_raised and (figure := _scaled_side(found, at, number)):
        return figure
    is_ten = number == ("1", 1) and found[at].text == "10"
    return _power_of_ten(found, at) if is_ten else _power_of_any(found, at)


def _power_of_any(found: Sequence[Token], at: int) -> Figure | None:
    """ "2¹⁰", "2^20": one raised digit may be a note's number or a square, two are an exponent."""
    raised = text_at(found, at + 1).translate(_RAISED)
    if raised == "^" and is_glued(found, at + 1) and is_glued(found, at + 2):
        exponent = text_at(found, at + 2)
        is_small = (
            exponent.isdecimal() and len(exponent) <= 2 and found[at].text.isdecimal() and len(found[at].text) <= 2
        )
        return (
            Figure(at, at + 3, (canonical(str(int(fold(found[at].text)) ** int(fold(exponent)))),))
            if is_small
            else None
        )
    is_power = is_glued(found, at + 1) and found[at + 1].kind == "raised" and len(raised) == 2 and raised.isdecimal()
    if not is_power or not found[at].text.isdecimal() or len(found[at].text) > 2:
        return None
    return Figure(at, at + 2, (canonical(str(int(fold(found[at].text)) ** int(raised))),))


def _times_ten(at: int, number: Number, exponent: tuple[int, int]) -> Figure:
    mantissa, power = number
    return Figure(at, exponent[1], (canonical(mantissa or "0", power + exponent[0]),))


def _exponent_in_line(found: Sequence[Token], at: int) -> tuple[int, int] | None:
    return _exponent(found, at, signed=False) if at < len(found) and found[at].kind == "number" else None


def _scaled_side(found: Sequence[Token], at: int, number: Number) -> Figure | None:
    """ "8 × 106" may be 8 × 10⁶: both readings count."""
    power = int(text_at(found, at + 2)[2:]) if text_at(found, at + 2).isdecimal() else None
    if power is None:
        return None
    side = canonical(text_at(found, at + 2))
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
    while fold(text_at(found, behind)) in TIMES and behind + 1 < len(found) and found[behind + 1].kind == "number":
        side = parse(found[behind + 1].text)
        if len(side) != 1 or not is_near(found, behind) or not is_near(found, behind + 1):
            break
        sides.append(side[0])
        behind += 2
    if len(sides) > 1:
        return Figure(
            at, behind, tuple(sides), unit="pixel" if text_at(found, behind) == "px" else None, others=tuple(sides)
        )
    if text_at(found, at + 1) == "\u00b2" and is_glued(found, at + 1):
        return Figure(at, at + 2, (number, number), others=(number,))
    if text_at(found, at + 1) == "^" and text_at(found, at + 2) == "2":
        return Figure(at, at + 3, (number, number), others=(number,))
    return None


def _scaled(found: Sequence[Token], at: int, number: Number) -> Figure | None:
    """ "158K", "1.5 million", "7B", "40x", "300"; None for what goes on as a word: "3D", "2nd"."""
    after, behind = fold(text_at(found, at + 1)), at + 1
    glued = is_glued(found, behind) and found[behind].kind == "word"
    if whole := _with_more(found, at, glued=glued):
        return Figure(at, behind + 1, (whole,))
    scale = _scale_behind(found, at)
    if scale is not None:
        power, behind = scale
        return Figure(at, behind, (canonical(number[0] or "0", number[1] + power),))
    if glued and after in ("st", "nd", "rd", "th"):
        return Figure(at, behind + 1, (number,), is_rank=True)
    if glued and after in ("x",):
        return Figure(at, behind + 1, (number,), unit="times")
    if glued and after not in UNITS and not _is_symbol(text_at(found, behind)):
        return None
    return Figure(at, behind, (number,))


def _is_symbol(word: str) -> bool:
    """Whether letters glued to a number are a unit's by their capitals: "35MPa", "4kN", "2MΩ"; "3D" and "5GS" are names."""
    return word in units() and not word.islower() and len(word) > 1 and (not word.isupper() or word[-1] in "WVJN\u03a9")


def _with_more(found: Sequence[Token], at: int, *, glued: bool) -> Number | None:
    """A whole number with what stands behind it: a drawn fraction ("2\u00bd") or "dozen"."""
    whole, after = fold(found[at].text), text_at(found, at + 1)
    if not whole.isdecimal() or len(whole) > DIGITS:
        return None
    if fold(after) == "dozen":
        return canonical(str(_DOZEN * int(whole)))
    value = unicodedata.numeric(after, 0.0) if glued and len(after) == 1 and not after.isalpha() else 0.0
    return canonical(whole + f"{value:.6f}"[1:]) if 0 < value < 1 else None


def _scale_behind(found: Sequence[Token], at: int) -> tuple[int, int] | None:
    """The power of ten that is written behind a number, and where it ends; several multiply: "two hundred thousand"."""
    power, behind = 0, at + 1
    while behind < len(found):
        hyphen = 1 if found[behind].text == "-" and is_glued(found, behind) else 0
        token = found[behind + hyphen] if behind + hyphen < len(found) else None
        if token is None or token.kind != "word":
            break
        word = fold(token.text)
        glued = token.start == found[behind + hyphen - 1].end
        letter = (
            word in _SCALES
            and (glued or token.text.isupper() or len(word) == 2)
            and power == 0
            and ends_chunk(found, behind + hyphen)
        )
        if letter and hyphen and len(word) == 1 and token.text.islower():
            break  # "an 84-m tower"
        if letter and (glued or word != "t"):
            return _SCALES[word], behind + hyphen + 1
        if word not in _SCALE_WORDS:
            break
        power += _SCALE_WORDS[word]
        behind += hyphen + 1
    return (power, behind) if power else None


def ends_chunk(found: Sequence[Token], at: int) -> bool:
    return not (is_glued(found, at + 1) and found[at + 1].kind in ("number", "word"))


def _in_words(found: Sequence[Token], at: int) -> list[Figure]:
    """ "two", "twenty-four", "two hundred million", "a dozen", "half of", "Stage IV"; "second" and "both" as ranks."""
    word = fold(found[at].text)
    for reading in (_share, _drawn, _some):
        if figure := reading(found, at, word):
            return [figure]
    if word in ORDINALS:
        return [Figure(at, at + 1, (canonical(str(ORDINALS[word])),), is_word=True, is_rank=True)]
    if rank := _compound_rank(found, at, word):
        return [rank]
    if word not in NUMBER_WORDS or (at and is_glued(found, at) and found[at - 1].kind == "number"):
        return []
    value, behind = NUMBER_WORDS[word], at + 1
    if (
        value >= 20
        and value % 10 == 0
        and text_at(found, behind) == "-"
        and 0 < NUMBER_WORDS.get(fold(text_at(found, behind + 1)), 0) < 10
    ):
        value, behind = value + NUMBER_WORDS[fold(text_at(found, behind + 1))], behind + 2
    if fold(text_at(found, behind)) == "dozen":
        value, behind = value * _DOZEN, behind + 1
    scale = _scale_behind(found, behind - 1)
    power, behind = scale or (0, behind)
    number = canonical(str(value), power)
    return [Figure(at, behind, (number,), is_word=True, is_rank=value == 1 and not power)]


def _compound_rank(found: Sequence[Token], at: int, word: str) -> Figure | None:
    """ "twenty-first"."""
    tens, one = NUMBER_WORDS.get(word, 0), RANKS.get(fold(text_at(found, at + 2)), _NOON)
    if tens < 20 or text_at(found, at + 1) != "-" or not is_glued(found, at + 1) or one >= 10:
        return None
    return Figure(at, at + 3, (canonical(str(tens + one)),), is_word=True, is_rank=True)


def _some(found: Sequence[Token], at: int, word: str) -> Figure | None:
    """ "a dozen", "a hundred", "an estimated" is none; "half a million"; "twofold"; the numeral of a stage."""
    if word in FORTNIGHTS:
        return Figure(at, at + 1, (canonical("2"),), unit="week", is_word=True)
    if word in FOLDS:
        return Figure(at, at + 1, (canonical(str(FOLDS[word])),), unit="times", is_word=True)
    if found[at].text in ROMANS and at and fold(found[at - 1].text) in NUMBERED:
        return Figure(at, at + 1, (canonical(str(ROMANS[found[at].text])),))
    is_half = word == "half" and fold(text_at(found, at + 1)) in ("a", "an")
    last = at + 1 if is_half else at
    if not is_half and word not in ("a", "an"):
        return None
    if fold(text_at(found, last + 1)) == "dozen":
        return Figure(at, last + 2, (canonical("6" if is_half else str(_DOZEN)),), is_word=True)
    scale = _scale_behind(found, last) if fold(text_at(found, last + 1)) in _SCALE_WORDS else None
    return Figure(at, scale[1], (canonical("0.5" if is_half else "1", scale[0]),), is_word=True) if scale else None


def _share(found: Sequence[Token], at: int, word: str) -> Figure | None:
    """ "half of", "a third of", "two-thirds of": a share, and the same in percent."""
    parts = 1 if word in ("a", "one") else NUMBER_WORDS.get(word, 0)
    part = at if word == "half" else at + (2 if text_at(found, at + 1) == "-" else 1)
    whole = SHARES.get(fold(text_at(found, part)), 0)
    is_of = fold(text_at(found, part + 1)) == "of"
    is_half = word == "half" and fold(text_at(found, at + 1)) not in ("a", "an", "-")
    is_plural = parts > 1 and fold(text_at(found, part)).endswith("s")
    if not 0 < (parts if part > at else 1) < whole or not (is_of or is_half or is_plural):
        return None
    return replace(_shared(at, part + 1, parts if part > at else 1, whole), is_rank=is_half and not is_of)


def _shared(first: int, behind: int, parts: int, whole: int) -> Figure:
    """Six digits stand for what has no end."""
    percent = (canonical(str(100 * parts // whole)),) if 100 * parts % whole == 0 else ()
    return Figure(first, behind, (canonical(f"{parts / whole:.6f}"),), others=percent, is_word=True)


def _drawn(found: Sequence[Token], at: int, _: str) -> Figure | None:
    """One character that is a number: "\u00bd" behind its whole one or alone, "\u2466"."""
    text = found[at].text
    value = unicodedata.numeric(text, None) if len(text) == 1 and not text.isalpha() else None
    if value is None or value >= 100 or (at and is_glued(found, at)):
        return None
    return Figure(at, at + 1, (canonical(f"{value:.6f}"),))
