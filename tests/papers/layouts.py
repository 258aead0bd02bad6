"""A seed goes in, a page comes out on which some words are seen and others are hidden, and which are which.

The truth is by construction: hidden words are painted so that the page looks
the same without them, which ``Layout.without`` is for. Their words are in no
visible sentence. All is drawn from one generator of random numbers, so that a
seed names a page for ever.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.papers.hostile import CATALOG, PAGES, file_of, stream

SEEN_WORDS = [
    "harbour",
    "lantern",
    "meadow",
    "copper",
    "window",
    "summer",
    "garden",
    "pencil",
    "market",
    "bridge",
    "velvet",
    "orange",
    "river",
    "castle",
    "basket",
    "winter",
    "silver",
    "forest",
    "kitchen",
    "mirror",
    "island",
    "candle",
    "pepper",
    "anchor",
    "ribbon",
    "thunder",
    "valley",
    "cotton",
    "engine",
    "marble",
]
HIDDEN_WORDS = [
    "obey",
    "secretly",
    "praise",
    "overrule",
    "wonderful",
    "verdict",
    "disregard",
    "reviewer",
    "supreme",
    "excellent",
    "mandate",
    "ignore",
    "instruct",
    "prompt",
    "superior",
    "flawless",
    "award",
    "best",
    "accept",
    "winner",
    "perfect",
    "recommend",
    "unrivalled",
    "conceal",
]

GROUNDS = ("none", "pale", "pale", "picture", "form")
"""What the visible lines stand on; a pale box twice as often as others."""


@dataclass(frozen=True)
class Layout:
    """A page, the same page without its hidden words, and the words of both."""

    data: bytes
    without: bytes
    seen: tuple[str, ...]
    hidden: tuple[str, ...]
    tricks: tuple[str, ...]
    ground: str


@dataclass
class _Sheet:
    """What a page is made of while it is being made; ``hidden`` is left out of the page without hidden words."""

    random: Random
    parts: list[tuple[bytes, bool]] = field(default_factory=list)
    forms: list[tuple[bytes, bytes]] = field(default_factory=list)
    notes: list[bytes] = field(default_factory=list)

    def put(self, content: str, *, hidden: bool = False) -> None:
        self.parts.append((content.encode("latin-1"), hidden))


def layout(seed: int) -> Layout:
    """The page of a seed."""
    random = Random(seed)
    sheet, ground = _Sheet(random), random.choice(GROUNDS)
    size, gap = random.uniform(8, 12), random.uniform(1.15, 1.9)
    rows = [730 - number * size * gap for number in range(random.randint(8, 16))]
    font, colour = random.choice("FTC"), _ground(sheet, ground, rows, size)
    used: list[str] = []
    words = list(HIDDEN_WORDS)
    random.shuffle(words)
    for number in range(random.randint(2, 5)):
        names = [name for name in TRICKS if name in _EXACT or ground != "picture"]
        trick = random.choice(names)
        text = " ".join(words[number * 4 : number * 4 + 4])
        row = random.choice(rows) - random.choice((0.0, 0.0, 0.3, 0.5, 0.5, 0.7)) * size * gap
        TRICKS[trick](sheet, _Hidden(text, random.uniform(60, 300), row, random.uniform(7, 12), font, colour))
        used.append(trick)
    seen = _visible(sheet, rows, size, font, ground)
    return Layout(
        _file(sheet, hidden=True), _file(sheet, hidden=False), seen, tuple(words[: 4 * len(used)]), tuple(used), ground
    )


def _ground(sheet: _Sheet, ground: str, rows: Sequence[float], size: float) -> tuple[float, float, float]:
    """Paints what the lines stand on; gives the colour that vanishes on it."""
    random, bottom = sheet.random, rows[-1] - 30
    if ground == "pale":
        colour = tuple(round(random.uniform(0.82, 0.98), 3) for _ in range(3))
        sheet.put(f"q {_numbers(colour)} rg 40 {bottom:.1f} 540 {780 - bottom:.1f} re f Q")
        return colour[0], colour[1], colour[2]
    if ground == "picture":
        sheet.put(f"q 540 0 0 {780 - bottom:.1f} 40 {bottom:.1f} cm /Noise Do Q")
    return 1.0, 1.0, 1.0


def _numbers(colour: Sequence[float]) -> str:
    return " ".join(f"{part:.3f}" for part in colour)


def _visible(sheet: _Sheet, rows: Sequence[float], size: float, font: str, ground: str) -> tuple[str, ...]:
    random, said, lines = sheet.random, list[str](), list[str]()
    dark = (0.0, 0.0, 0.0) if ground == "picture" else tuple(random.choice((0.0, 0.0, 0.2, 0.5)) for _ in range(3))
    for row in rows:
        words = [random.choice(SEEN_WORDS) for _ in range(random.randint(5, 9))]
        lines.append(f"BT /{font} {size:.2f} Tf 60 {row:.2f} Td ({' '.join(words).capitalize()}.) Tj ET")
        said += words
    content = f"q {_numbers(dark)} rg {' '.join(lines)} Q"
    if ground == "form":
        sheet.forms.append((content.encode(), b"[0 0 612 792]"))
        content = f"q /X{len(sheet.forms) - 1} Do Q"
    sheet.put(content)
    return tuple(said)


# --- ways to hide ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Hidden:
    text: str
    x: float
    y: float
    size: float
    font: str
    ground: tuple[float, float, float]
    """The colour in which it vanishes."""

    def shown(self, before: str = "") -> str:
        return f"BT {before} /{self.font} {self.size:.2f} Tf {self.x:.1f} {self.y:.2f} Td ({self.text}) Tj ET"

    @property
    def width(self) -> float:
        return 0.62 * self.size * len(self.text)

    @property
    def box(self) -> str:
        return f"{self.x - 2:.1f} {self.y - 0.3 * self.size:.2f} {self.width + 4:.1f} {1.3 * self.size:.2f} re"

    @property
    def colour(self) -> str:
        return _numbers(self.ground)


def _in_the_grounds_colour(sheet: _Sheet, it: _Hidden) -> None:
    sheet.put(f"q {it.colour} rg {it.shown()} Q", hidden=True)


def _nearly(sheet: _Sheet, it: _Hidden) -> None:
    near = [max(0.0, part - sheet.random.uniform(0.0, 0.04)) for part in it.ground]
    sheet.put(f"q {_numbers(near)} rg {it.shown()} Q", hidden=True)


def _invisibly(sheet: _Sheet, it: _Hidden) -> None:
    sheet.put(f"q {it.shown('3 Tr')} Q", hidden=True)


def _outlined(sheet: _Sheet, it: _Hidden) -> None:
    sheet.put(f"q {it.colour} RG {it.shown('1 Tr')} Q", hidden=True)


def _as_a_frame(sheet: _Sheet, it: _Hidden) -> None:
    sheet.put(f"q {it.shown('7 Tr')} Q", hidden=True)


def _covered(sheet: _Sheet, it: _Hidden) -> None:
    sheet.put(f"q 0 g {it.shown()} Q", hidden=True)
    sheet.put(f"q {it.colour} rg {it.box} f Q")


def _under_hair_lines(sheet: _Sheet, it: _Hidden) -> None:
    sheet.put(f"q 0 g {it.shown()} Q", hidden=True)
    low, high = it.y - 0.3 * it.size, it.y + it.size
    count = int((high - low) / 0.25)
    lines = " ".join(
        f"{it.x - 2:.1f} {low + n * 0.25:.2f} m {it.x + it.width:.1f} {low + n * 0.25:.2f} l S" for n in range(count)
    )
    sheet.put(f"q {it.colour} RG 0.5 w {lines} Q")


def _under_letters(sheet: _Sheet, it: _Hidden) -> None:
    """Squares of a font of signs, in the colour of the ground."""
    sheet.put(f"q 0 g {it.shown()} Q", hidden=True)
    side = 2.2 * it.size
    squares = " ".join(
        f"BT /D {side:.1f} Tf {it.x - 4 + n * 0.7 * it.size:.1f} {it.y - 0.5 * it.size:.2f} Td (n) Tj ET"
        for n in range(int(it.width / (0.7 * it.size)) + 2)
    )
    sheet.put(f"q {it.colour} rg {squares} Q")


def _under_a_picture(sheet: _Sheet, it: _Hidden) -> None:
    """The picture is of the ground's colour, and as large as what it covers."""
    sheet.put(f"q 0 g {it.shown()} Q", hidden=True)
    x, y, width, height, _ = it.box.split()
    sheet.put(f"q {width} 0 0 {height} {x} {y} cm BI /W 1 /H 1 /CS /RGB /BPC 8 /F /AHx ID {_hex(it.ground)}> EI Q")
    sheet.put(f"q {it.colour} rg {it.box} f Q")


def _hex(colour: Sequence[float]) -> str:
    return "".join(f"{round(255 * part):02x}" for part in colour)


def _cut_off(sheet: _Sheet, it: _Hidden) -> None:
    sheet.put(f"q {it.x:.1f} {it.y + 2 * it.size:.1f} 0 0 re W n {it.shown()} Q", hidden=True)


def _cut_to_a_corner(sheet: _Sheet, it: _Hidden) -> None:
    sheet.put(f"q 5 5 4 4 re W n {it.shown()} Q", hidden=True)


def _faint(sheet: _Sheet, it: _Hidden) -> None:
    sheet.put(f"q /Faint gs {it.shown()} Q", hidden=True)


def _masked(sheet: _Sheet, it: _Hidden) -> None:
    sheet.put(f"q /Mask gs {it.shown()} Q", hidden=True)


def _on_a_layer(sheet: _Sheet, it: _Hidden) -> None:
    sheet.put(f"/OC /Off BDC {it.shown()} EMC", hidden=True)


def _by_a_pattern(sheet: _Sheet, it: _Hidden) -> None:
    """Nothing is in the pattern."""
    sheet.put(f"q /Pattern cs /Empty scn {it.shown()} Q", hidden=True)


def _by_a_dark_pattern(sheet: _Sheet, it: _Hidden) -> None:
    """Nothing is in the pattern, and its colour is black."""
    sheet.put(f"q /Tinted cs 0 /Blank scn {it.shown()} Q", hidden=True)


def _in_forms(sheet: _Sheet, it: _Hidden) -> None:
    """A form in a form, whose frame is elsewhere."""
    sheet.forms.append((it.shown().encode(), b"[0 0 3 3]"))
    sheet.forms.append((b"q /X%d Do Q" % (len(sheet.forms) - 1), b"[0 0 612 792]"))
    sheet.put(f"q /X{len(sheet.forms) - 1} Do Q", hidden=True)


def _in_a_form_in_the_grounds_colour(sheet: _Sheet, it: _Hidden) -> None:
    sheet.forms.append((f"{it.colour} rg {it.shown()}".encode(), b"[0 0 612 792]"))
    sheet.put(f"q /X{len(sheet.forms) - 1} Do Q", hidden=True)


def _beyond_the_page(sheet: _Sheet, it: _Hidden) -> None:
    sheet.put(f"q 1 0 0 1 {sheet.random.choice((-900, 900))} 0 cm {it.shown()} Q", hidden=True)


TRICKS: dict[str, Callable[[_Sheet, _Hidden], None]] = {
    "in the colour of the ground": _in_the_grounds_colour,
    "nearly in the colour of the ground": _nearly,
    "drawn invisibly": _invisibly,
    "outlined in the colour of the ground": _outlined,
    "as a frame for nothing": _as_a_frame,
    "under a box": _covered,
    "under hair lines": _under_hair_lines,
    "under letters": _under_letters,
    "under a picture": _under_a_picture,
    "cut off by an empty frame": _cut_off,
    "cut off by a frame elsewhere": _cut_to_a_corner,
    "faint": _faint,
    "through a mask": _masked,
    "on a layer that is off": _on_a_layer,
    "by an empty pattern": _by_a_pattern,
    "by an empty pattern that is black": _by_a_dark_pattern,
    "in a form in a form": _in_forms,
    "in a form, in the colour of the ground": _in_a_form_in_the_grounds_colour,
    "beyond the page": _beyond_the_page,
}
_EXACT = frozenset(
    {
        "drawn invisibly", "as a frame for nothing", "cut off by an empty frame", "cut off by a frame elsewhere",
        "through a mask", "on a layer that is off", "by an empty pattern", "by an empty pattern that is black",
        "in a form in a form", "beyond the page",
    }
)  # fmt: skip
"""Ways that leave no trace on any ground."""
TRACELESS = frozenset(TRICKS) - {"nearly in the colour of the ground", "faint"}


# --- the file -------------------------------------------------------------------------------------


def _file(sheet: _Sheet, *, hidden: bool) -> bytes:
    content = b"\n".join(part for part, is_hidden in sheet.parts if hidden or not is_hidden)
    first = 13
    forms = b" ".join(b"/X%d %d 0 R" % (n, first + n) for n in range(len(sheet.forms)))
    resources = (
        b"/Resources << /Font << /F 5 0 R /T 6 0 R /C 7 0 R /D 8 0 R >>"
        b" /XObject << /Noise 9 0 R %s >> /Pattern << /Empty 10 0 R /Blank 10 0 R >> /ColorSpace << /Tinted [/Pattern /DeviceGray] >>"
        b" /ExtGState << /Faint << /ca 0.02 /CA 0.02 >> /Mask << /SMask << /S /Luminosity /G 11 0 R >> >> >>"
        b" /Properties << /Off 12 0 R >> >> " % forms
    )
    catalog = CATALOG.replace(b">>", b"/OCProperties << /OCGs [12 0 R] /D << /OFF [12 0 R] >> >> >>")
    fonts = (b"Helvetica", b"Times-Roman", b"Courier", b"ZapfDingbats")
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R " + resources + b">>"
    shown = [b"/Type /XObject /Subtype /Form /BBox %s " % box + resources for _, box in sheet.forms]
    return file_of(
        catalog,
        PAGES,
        page,
        stream(content),
        *(b"<< /Type /Font /Subtype /Type1 /BaseFont /%s >>" % name for name in fonts),
        _noise(sheet.random),
        stream(
            b"",
            b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9 /Resources << >> ",
        ),
        stream(
            b"0 g 0 0 612 792 re f",
            b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Group << /S /Transparency /CS /DeviceGray >> ",
        ),
        b"<< /Type /OCG /Name (L) >>",
        *(stream(content, extra) for (content, _), extra in zip(sheet.forms, shown, strict=True)),
    )


def _noise(random: Random) -> bytes:
    """A light picture without order."""
    pixels = Random(7).randbytes(80 * 60)
    light = bytes(170 + pixel % 86 for pixel in pixels)
    return stream(
        zlib.compress(light),
        b"/Type /XObject /Subtype /Image /Width 80 /Height 60 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode ",
    )
