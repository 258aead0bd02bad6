"""What stands apart on a page is told by what is drawn around it, never by its words."""

from __future__ import annotations

from survey_extract.core.reading.areas import Shape, ShapeKind, Spot, areas, dress

PAGE = 612.0 * 792
PROSE = [Spot(300, 700 - 12 * row, True, False, False, 72, 540) for row in range(40)]


def rule(y: float, left: float = 72, right: float = 540) -> Shape:
    return Shape("rule", left, y, right, y + 0.5)


def inside(shapes: list[Shape], spots: list[Spot], pages: int = 1, *, is_first: bool = False) -> list[bool]:
    known = dress([shapes] * pages)
    return [area > 0 for area in areas(shapes, spots, PAGE, known, is_first=is_first)]


def at(y: float, *, caption: bool = False, prose: bool = False, opening: bool = False) -> Spot:
    return Spot(300, y, prose, caption, opening, 80, 400)


def test_a_frame_and_a_picture_hold_what_stands_on_them() -> None:
    """Lines within are apart, those above and below are not; a bar behind one word holds nothing."""
    spots = [at(650), at(500), at(300)]
    kinds: tuple[ShapeKind, ...] = ("box", "picture")
    for kind in kinds:
        assert inside([Shape(kind, 72, 450, 540, 550)], spots) == [False, True, False]
    assert inside([Shape("box", 280, 495, 330, 507)], spots) == [False, False, False]


def test_the_ground_of_a_page_holds_nothing() -> None:
    """What covers the page, or comes back at the same place of several pages, is its dress."""
    spots = [at(650), at(500)]
    assert inside([Shape("box", 0, 0, 612, 792)], spots) == [False, False]
    assert inside([Shape("picture", 0, 0, 612, 500)], spots) == [False, False]
    assert inside([Shape("box", 72, 450, 540, 700)], spots, pages=3) == [False, False]
    assert inside([rule(740), rule(60)], PROSE, pages=3) == [False] * 40


def test_prose_between_two_tables_is_prose() -> None:
    """Rules of the same length enclose a table, and then the text below it, and then the next table."""
    shapes = [rule(700), rule(650), rule(300), rule(250)]
    spots = [at(680), at(660), at(640, caption=True), *PROSE[8:30], at(312, caption=True), at(280), at(260)]
    assert inside(shapes, spots) == [True, True, False, *[False] * 22, False, True, True]


def test_rows_of_prose_in_a_table_are_rows() -> None:
    """The caption beside one part of a table speaks for the others, though some of their lines fill the column."""
    shapes = [rule(700), rule(680), rule(600), rule(500)]
    spots = [
        at(690),
        at(660),
        at(640, prose=True),
        at(620),
        at(580),
        at(560, prose=True),
        at(520),
        at(488, caption=True),
    ]
    assert inside(shapes, spots) == [True] * 7 + [False]


def test_rules_that_were_drawn_cell_by_cell_are_rules() -> None:
    """Many programs draw a rule in pieces, none of them as long as a table is wide."""
    shapes = [rule(y, left, left + 52) for y in (700, 650) for left in range(72, 540, 52)]
    assert inside(shapes, [at(670), at(640, caption=True)]) == [True, False]


def test_an_abstract_in_a_frame_stays_text() -> None:
    """A frame that holds the abstract's heading is none; on a first page without one, a caption has to speak for it."""
    box = [Shape("box", 72, 450, 540, 550)]
    assert inside(box, [at(540, opening=True), at(500)]) == [False, False]
    assert inside(box, [at(500)], is_first=True) == [False]
    assert inside(box, [at(500), at(440, caption=True)], is_first=True) == [True, False]
