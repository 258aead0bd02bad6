"""Lines of a page with their boxes go in, blocks in reading order come out: what a PDF does not say.

A PDF has no paragraphs, columns or headings, only runs of glyphs at places.
Lines are gathered into blocks where they touch, blocks are ordered column by
column, and each is named by what it looks like: running text, heading,
caption, footnote, or the debris of tables, formulas and figures. Coordinates
are PDF points with the origin at the lower left; sizes are font sizes in
points.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from survey_extract.core.paper_text import SentenceKind
from survey_extract.core.reading.areas import Key, Spot, areas, dress, may_hold
from survey_extract.core.reading.captions import CAPTION, heads_float, is_of_part
from survey_extract.core.reading.frames import freed
from survey_extract.core.reading.furniture import STAMP, in_contents, is_furniture, labels, running_lines, unlabelled
from survey_extract.core.reading.groups import Group, claim, mark_parts, page_groups
from survey_extract.core.reading.headings import ABSTRACT, KNOWN, NUMBERED, REFERENCES, HeadingRule, bare_title
from survey_extract.core.reading.lines import (
    INDENT,
    LONG_WORD,
    RELATION,
    STARTS,
    STOPPED,
    WORD_START,
    WORDS,
    WORDS_IN_A_ROW,
    Line,
    Measure,
    OutlineEntry,
    PageLines,
    is_of_words,
    is_turned,
    is_wordy,
)
from survey_extract.core.reading.margin import is_beside
from survey_extract.core.reading.paragraphs import ITEM, paragraphs
from survey_extract.core.reading.plain_text import HYPHEN_MARK, UNKNOWN, clean, mend_hyphens, vocabulary
from survey_extract.core.reading.sentences import ALIKE, Block
from survey_extract.core.reading.sides import one_sided
from survey_extract.core.reading.title import is_banner, unmarked


def arrange(pages: Sequence[PageLines], outline: Sequence[OutlineEntry] = ()) -> list[Block]:
    """Order and name the text of a document."""
    pages = one_sided(pages)
    measure = Measure.of(pages)
    furniture = running_lines(pages, measure.size)
    headings = HeadingRule(measure, outline)
    known = dress([page.shapes for page in pages])
    groups: list[Group] = []
    spoken, contents = labels(pages), list[bool]()
    for number, page in enumerate(pages, start=1):
        lines = [unlabelled(line, spoken) for line in page.lines if not is_furniture(line, page, furniture)]
        contents = in_contents(lines, continued=contents[-1:] == [True])
        apart = list(map(int, contents)) if any(contents) else _apart(lines, page, measure, headings, known, number)
        beside = [is_beside(line, measure) for line in lines]
        for wanted in (False, True):  # what stands in the margin comes behind the text of its page
            kept = [at for at, is_margin in enumerate(beside) if is_margin is wanted]
            part = page_groups([lines[at] for at in kept], [apart[at] for at in kept], page, number, headings, measure)
            groups += [replace(group, column="margin") for group in part] if wanted else part
    groups = freed(groups, pages, measure)
    claim(groups, measure)
    return _named(groups, measure)


def _apart(
    lines: Sequence[Line],
    page: PageLines,
    measure: Measure,
    headings: HeadingRule,
    known: frozenset[Key],
    number: int,
) -> list[int]:
    """For each line the area of the page that it stands in, 0 for the running text; drawings are one area."""
    if not may_hold(page.shapes) and not any(line.inner for line in lines):
        return [0] * len(lines)
    spots = [
        Spot(
            (line.left + line.right) / 2,
            line.top + line.size / 3,
            measure.is_prose(line),
            heads_float(line, measure),
            _opens(line, measure, headings, number),
            line.left,
            line.right,
        )
        for line in lines
    ]
    is_first = number == 1 and not any(ABSTRACT.match(line.text.strip()) for line in lines)
    found = areas(page.shapes, spots, page.width * page.height, known, is_first=is_first)
    drawing = max(found, default=0) + 1
    found = [drawing if measure.is_drawn(line) else area for line, area in zip(lines, found, strict=True)]
    return _with_edges(lines, found, measure)


def _opens(line: Line, measure: Measure, headings: HeadingRule, number: int) -> bool:
    """Whether a line opens the abstract, or is a heading as wide as its column: no float goes on over it."""
    stands_out = line.bold or abs(line.size - measure.size) > 0.4 or line.text[:1].isdigit()
    wide = stands_out and measure.fills(line) and headings.level(line, number) > 0
    return wide or ABSTRACT.match(line.text.strip()) is not None


def _with_edges(lines: Sequence[Line], found: list[int], measure: Measure) -> list[int]:
    """The areas, with the rows of smaller type that stand right above or below their rules."""
    for order in (range(1, len(lines)), range(len(lines) - 2, -1, -1)):
        for at in order:
            near = at - 1 if order.step > 0 else at + 1
            line, other = lines[at], lines[near]
            touches = abs(other.top - line.top) <= 1.9 * line.size and abs(other.size - line.size) < 0.6
            if not found[at] and found[near] and touches and line.size < measure.size - 0.4 and _is_row(line):
                found[at] = found[near]
    return found


def _is_row(line: Line) -> bool:
    """Whether a line could be the head of a table: no caption, and no end of a sentence."""
    text = line.text.strip()
    return not (CAPTION.match(text) or is_of_part(text) or text.endswith((".", "-", HYPHEN_MARK, ",")))


def printed_title(pages: Sequence[PageLines], body: Iterable[str] = ()) -> str | None:
    """The title as it is printed: the first lines of the largest type in the upper part of the first page.

    ``body`` are the document's sentences, by whose words a hyphen at the end of a line is mended.
    """
    lines = pages[0].lines if pages else ()
    level = [line for line in lines if not is_turned(line) and not STAMP.match(line.text.strip())]
    shown = [line for line in level if line.top > 0.6 * pages[0].height and len(_LETTER.findall(line.text)) > 3]
    shown = [line for line in shown if not is_banner(line.text.strip())] or shown
    if not shown:
        return None
    largest = max(line.size for line in shown)
    title: list[Line] = []
    for line in level[level.index(next(line for line in shown if abs(line.size - largest) < 0.5)) :]:
        if not title or _goes_on_as_title(title[-1], line, largest):
            title.append(line)
        elif line.size > 0.6 * largest:  # smaller ones are marks of notes beside it
            break
    text = " ".join(line.text for line in title)
    words = vocabulary(body) if HYPHEN_MARK in text else frozenset[str]()
    whole = unmarked(clean(mend_hyphens(text.lower(), words).upper() if text.isupper() else mend_hyphens(text, words)))
    return whole if 4 < len(whole) <= 250 else None


_SMALL_CAPITALS = 0.7
"""Size of small capitals beside the capitals that they stand with; a line that begins with one has their size."""


def _goes_on_as_title(last: Line, line: Line, largest: float) -> bool:
    """Whether a title goes on: in its size and close by, or in small capitals where a line begins with a small one."""
    close = -0.75 * largest < last.bottom - line.top < 2.2 * largest
    small = last.text.isupper() and line.text.isupper() and line.size >= _SMALL_CAPITALS * largest
    return close and (abs(line.size - largest) < 0.5 or small)


_LETTER = re.compile(r"[^\W\d_]")
_EQUATION_END = re.compile(r"\(\d{1,3}(?:\.\d{1,3})?[a-z]?\)\s*$")

_TICKS = re.compile(r"(?!\s*\()[\d\s.,:/%−–-]+")
"""Figures and signs between them alone, as along an axis."""
_DIGIT = re.compile(r"\d")

_NOTE_MARK = re.compile(
    r"^\s*(?:(?P<number>\d{1,3})\.?|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|[*∗†‡§¶]{1,3})\s{0,3}(?=https?:|www\.|[“„«]?\s?(?:[^\W\d_a-zß-öø-ÿ][^\W\d_A-ZÀ-Þ]|[^\W\d_a-zß-öø-ÿ]['’]|[AIÀÉ]\s))"
)
"""What counts a note, before the word that it begins with; before one in lower case it may be a word's ("31st")."""
_MARKED = re.compile(r"^\s{0,3}(?:[\d⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|[*∗†‡§¶]|[a-z]\)|https?:|www\.)|[-,\ufffe]\s*$")
"""How a note begins, or breaks off where it goes on at the foot of the next page."""
_FOOTNOTE = re.compile(r"^\s{0,3}(?:\d{1,2}|[*∗†‡§¶])\s{0,3}(?:https?:|www\.|[^\W\d_]{2})")


def _named(groups: Sequence[Group], measure: Measure) -> list[Block]:
    blocks: list[Block] = []
    leads: dict[int, Group] = {}
    in_references = in_abstract = False
    in_front = _has_abstract(groups)
    mark_parts(groups)
    for group in groups:
        text = group.text()
        kind = _kind(group, text, measure)
        if kind == "inset" and in_abstract and not group.area:
            kind = "body"  # many papers set it smaller
        if kind == "heading":
            title = bare_title(text)
            in_references = bool(REFERENCES.match(title)) or (
                in_references and not _leaves_references(group, text, measure.size)
            )
            in_abstract = bool(ABSTRACT.match(title))
            in_front = in_front and not in_abstract
            if in_references and not REFERENCES.match(title):
                kind = "reference"
        elif in_front and ABSTRACT.match(text) and kind in ("body", "inset"):
            in_front, in_abstract, kind = False, True, "body"
        elif (in_references or _lists_works(group)) and not group.area and kind != "caption":
            in_references, kind = True, "reference"
        if in_front and kind != "caption":
            kind = "front"
        if kind == "body":
            blocks += _paragraphs(group, measure)
        elif kind == "note":
            blocks += [_block(note, kind, unnumbered(note.text()), measure) for note in _notes(group)]
        else:
            leads.update({len(blocks): group} if _may_lead(group, kind, text, measure) else {})
            blocks.append(_block(group, kind, text, measure))
    return [_without_pieces(block) for block in _with_leads(_with_rests(blocks), leads, measure)]


def _may_lead(group: Group, kind: SentenceKind, text: str, measure: Measure) -> bool:
    """Whether a short line may lead to a formula ("It holds that"): words alone, at the edge of the running text, in its type."""
    is_set_so = kind == "debris" and not group.area and len(group.lines) == 1 and abs(group.size - measure.size) < ALIKE
    at_edge = (column := measure.column(group.lines[0])) is not None and abs(group.lines[0].left - column[0]) < INDENT
    return is_set_so and at_edge and is_wordy(text) and _LEAD.fullmatch(text.strip()) is not None


def _with_leads(blocks: list[Block], leads: Mapping[int, Group], measure: Measure) -> list[Block]:
    """The blocks; a line that leads to a formula behind which its sentence goes on is running text."""
    for at, group in leads.items():
        behind = next((block for block in blocks[at + 1 :] if block.kind != "formula"), None)
        follows = blocks[at + 1].kind == "formula" if at + 1 < len(blocks) else False
        if follows and behind is not None and _goes_on_behind(behind, group):
            blocks[at] = replace(_block(group, "body", group.text(), measure), is_label=True)
    return blocks


def _goes_on_behind(block: Block, lead: Group) -> bool:
    alike = block.kind == "body" and block.page == lead.page and abs(block.size - lead.size) < ALIKE
    return alike and _LOWER_WORD.match(block.text.strip()) is not None


def _without_pieces(block: Block) -> Block:
    """A formula without the signs that its large brackets are put together of, of which the file says nothing."""
    if block.kind != "formula" or UNKNOWN not in block.text:
        return block
    return replace(block, text=_PIECES.sub(" ", block.text))


_LEAD = re.compile(r"(?<![^\W_])[A-ZÄÖÜ][^\W\d_]{0,30}(?:\s[^\W_]{1,30}(?:\.\d{1,2})?){1,6}[,:]?")
"""Words that begin a sentence and do not end it."""
_LOWER_WORD = re.compile(r"[a-zß-ÿ]{2}")
_PIECES = re.compile(rf"(?:{UNKNOWN}\s*){{2,}}")


def _with_rests(blocks: list[Block]) -> list[Block]:
    """The blocks; where formulas and single signs alone stand between two of text, all of them are one formula's parts.

    Sums, roots and brackets are drawn apart from what they belong to. Beside a caption they are what a figure consists of.
    """
    found = list(blocks)
    start = 0
    for kinds, run in groupby(blocks, key=lambda block: (block.kind in ("formula", "debris"), block.page)):
        own = list(run)
        end = start + len(own)
        near = {found[at].kind for at in (start - 1, end) if 0 <= at < len(found)}
        is_formula = kinds[0] and any(block.kind == "formula" for block in own) and near <= {"body", "note", "heading"}
        if is_formula and not any(block.kind == "debris" and LONG_WORD.search(block.text) for block in own):
            found[start:end] = [replace(block, kind="formula", is_code=False) for block in own]
        start = end
    return found


def _notes(group: Group) -> Iterator[Group]:
    """The notes that stand under one another, by their marks: numbers that follow one another."""
    starts, last = [0], None
    for at, line in enumerate(group.lines):
        mark = _NOTE_MARK.match(line.text)
        if mark and at and not (mark["number"] and last and int(mark["number"]) != last + 1):
            starts.append(at)
        last = int(mark["number"]) if mark and mark["number"] else last
    for start, end in zip(starts, [*starts[1:], len(group.lines)], strict=True):
        yield group.of(group.lines[start:end]) if len(starts) > 1 else group


def unnumbered(note: str) -> str:
    """A note without the mark by which the text names it: it is no word of its sentence."""
    return _NOTE_MARK.sub("", note, count=1)


LARGE = 1.5
"""Points above the size of the running text from which on what ends no sentence is a title or the like."""


def _paragraphs(group: Group, measure: Measure) -> Iterator[Block]:
    """The paragraphs of a group of running text, and the formulas between them."""
    parts = paragraphs(group.lines, group.size, measure)
    for part in parts:
        own = group.of(part.lines) if len(parts) > 1 else group
        kind: SentenceKind = "formula" if part.is_formula else "inset" if part.is_code else "body"
        is_display = own.size > measure.size + LARGE and not STOPPED.search(own.text())
        yield replace(
            _block(own, kind, own.text(), measure), is_label=part.is_label or is_display, is_code=part.is_code
        )


def _block(group: Group, kind: SentenceKind, text: str, measure: Measure) -> Block:
    if kind != "body":
        is_code = kind in ("inset", "debris") and not group.area and _mostly(group, measure.is_code)
        return Block(kind, text, group.page, group.heading or 1, group.size, is_code=is_code)
    first, last = group.lines[0], group.lines[-1]
    begins, ends = measure.column(first), measure.column(last)
    return Block(
        kind,
        text,
        group.page,
        group.heading or 1,
        group.size,
        column=f"{group.page} {group.column}",
        is_full=measure.fills(last),
        indent=first.left - begins[0] if begins else None,
        hang=last.left - ends[0] if ends else None,
    )


def _has_abstract(groups: Sequence[Group]) -> bool:
    """Whether the first two pages hold an abstract, so that what stands before it is the title and authors."""
    first = [group for group in groups if group.page <= 2]
    return any(ABSTRACT.match(bare_title(clean(group.lines[0].text))) for group in first)


_ENTRY = re.compile(r"^\s{0,3}\[(\d{1,3})\]\s")
ENTRIES = 3
"""Entries behind one another by which a list of references is known that has no heading."""


def _lists_works(group: Group) -> bool:
    """Whether a group is a list of works: its lines begin with the numbers of entries, one after the other."""
    numbers = [int(match[1]) for match in (_ENTRY.match(line.text) for line in group.lines) if match]
    return len(numbers) >= ENTRIES and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _leaves_references(group: Group, text: str, body: float) -> bool:
    """Whether a heading behind the references opens an appendix rather than being part of an entry."""
    match = NUMBERED.match(clean(text))
    return bool(KNOWN.match(bare_title(text))) or group.size > body + 0.4 or bool(match and group.lines[0].bold)


def _kind(group: Group, text: str, measure: Measure) -> SentenceKind:
    if group.heading or group.is_caption:
        return "heading" if group.heading else "caption"
    turned = is_turned(group.lines[0])
    if turned or group.column == "margin":
        return "debris" if turned else _kind_beside(text)  # an axis label, or a table that was turned with its page
    is_small = group.size < measure.size - 0.8 and not group.area
    if is_small and (found := _kind_at_foot(group, text, measure)):
        return found
    if _is_debris(group, text, measure.size) and not _holds_prose(group, measure):
        is_formula = not group.area and _is_formula(text)
        return "debris" if not is_formula else "inset" if _mostly(group, measure.is_code) else "formula"
    if is_small and group.low:
        return "inset" if group.is_last and len(group.lines) == 1 and _is_imprint(text) else "note"
    return "inset" if group.area or _is_set_apart(group, measure) else "body"


def _kind_at_foot(group: Group, text: str, measure: Measure) -> SentenceKind | None:
    """What a block in small type is by its place at the foot of the page, or by its mark there: a note, an imprint, code."""
    if _mostly(group, measure.is_code) and not _MARKED.match(text):
        return "inset"
    is_noted = group.low and _FOOTNOTE.match(text)
    if group.lowest or is_noted or (group.is_last and _NOTE_MARK.match(text)):
        return "inset" if _is_imprint(text) else "note"
    return None


def _is_imprint(text: str) -> bool:
    """Whether words at the foot of a page are no note: neither a mark begins them, nor a stop ends them."""
    return LONG_WORD.search(text) is not None and not (STOPPED.search(text) or _MARKED.search(text))


def _kind_beside(text: str) -> SentenceKind:
    """What stands in the margin: a note, if it is a sentence."""
    return "note" if STOPPED.search(text) and len(WORD_START.findall(text)) > 3 else "inset"


def _mostly(group: Group, holds: Callable[[Line], bool]) -> bool:
    """Whether something holds for most of the letters of a block, line by line."""
    held = sum(len(line.text) for line in group.lines if holds(line))
    return held > 0.6 * sum(len(line.text) for line in group.lines)


def _is_set_apart(group: Group, measure: Measure) -> bool:
    """Whether a block is set as samples and code are: in another face, or smaller and indented as a whole."""
    columns = [(line.left, measure.column(line)) for line in group.lines]
    indented = all(column is not None and left - column[0] > APART for left, column in columns)
    return _mostly(group, measure.is_foreign) or (indented and group.size < measure.size - 0.5)


APART = 8.0
"""Points by which all lines of a smaller type are indented that are set apart."""


def _holds_prose(group: Group, measure: Measure) -> bool:
    """Whether a line of the running text stands among the signs of a block, as a matrix stands amid a sentence."""
    return (
        not group.area
        and any(
            len(line.text) > WORDS
            and abs(line.size - measure.size) < 0.6
            and not measure.is_foreign(line)
            and is_wordy(line.text)
            and STARTS.match(line.text)
            and measure.column(line) is not None
            for line in group.lines
        )
        and RELATION.search(group.text()) is not None
    )


def _is_formula(text: str) -> bool:
    """Whether what is not text is a formula, and not a row or a label."""
    return RELATION.search(text) is not None and not _TICKS.fullmatch(text)


def _is_debris(group: Group, text: str, body: float) -> bool:
    """Whether the block is what is left of a table, a formula or a figure: no sentence stands in it."""
    words = text.split()
    tokens = len(words)
    if not is_of_words(words, text, 0.55) or (tokens > 1 and not LONG_WORD.search(text)):
        return True
    if _EQUATION_END.search(text) and _is_formula(text) and not WORDS_IN_A_ROW.search(text):
        return True
    ends = text.rstrip().endswith((".", "!", "?", ":", "。", "！", "？", ".”", ".)"))
    widest = max(line.right - line.left for line in group.lines)
    narrow = widest < 0.6 * group.column_width and not _is_item(text, group)
    if narrow and not ends and (len(group.lines) == 1 or tokens < 3 * len(group.lines)):
        return tokens < 8 or abs(group.size - body) > 0.8
    return not ends and len(_DIGIT.findall(text)) > 0.2 * len(text)


ITEM_WORDS = 3
"""Words behind the mark of an item, at least, for it to say something: a legend names things."""


def _is_item(text: str, group: Group) -> bool:
    """Whether a block of the running text is an item of a list, which needs neither a stop nor a long line."""
    mark = ITEM.match(text)
    return mark is not None and not group.area and len(WORD_START.findall(text, mark.end())) >= ITEM_WORDS


def blocks_without_layout(pages: Iterable[str]) -> Iterator[Block]:
    """Blocks of plain page texts, for a reader that knows no boxes: paragraphs at blank lines."""
    for number, page in enumerate(pages, start=1):
        in_references = False
        for paragraph in re.split(r"\n\s*\n", page):
            text = re.sub(r"(?<=[^\W\d_])-\n(?=[a-z])", HYPHEN_MARK, paragraph)
            if REFERENCES.match(clean(text)):
                in_references = True
            yield Block("reference" if in_references else "body", text, number)
