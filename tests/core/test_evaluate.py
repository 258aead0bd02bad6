"""What is right and what was answered, made by hand: each thing that can be wrong lowers its own figure, and no other."""

from __future__ import annotations

import json
import random
import time
from dataclasses import replace

import pytest

from survey_extract.core.evaluation.aliases import Aliases, parse_aliases
from survey_extract.core.evaluation.baseline import Basis, beside, compared, parse_saved, saved_text
from survey_extract.core.evaluation.claims import Claims
from survey_extract.core.evaluation.evaluate import ALL, Figures, Marked, figures
from survey_extract.core.evaluation.gold import Stretch, parse_gold, right_value
from survey_extract.core.evaluation.judging import (
    MEASURES,
    GivenAnswer,
    Mark,
    Marks,
    Measure,
    Right,
    WantedName,
    marks,
    pairs,
)
from survey_extract.core.evaluation.stretches import Stretches
from survey_extract.core.evaluation.wilson import Share
from survey_extract.core.evidence import pointer
from survey_extract.core.fields import FieldSpec, Judge
from survey_extract.core.inputs.fields_file import parse_fields
from survey_extract.core.paper_text import PaperText, Section, Sentence
from survey_extract.core.records import Check, Evidence, Term, Value
from survey_extract.core.words.tokens import folded
from survey_extract.errors import BadFields, BadGold
from tests.fields import NAMES, TEXT

SENTENCES = (
    "The harbour model reads tide tables with a frozen gauge encoder.",
    "Its pilot decoder has 24 layers and is trained on TideBank for 36 hours.",
    "A narrow lock joins both halves of the model.",
    "Every ship is weighed before it enters the basin.",
    "TideBank and HarborLog were collected by dockers.",
)
VALUE = (
    "A frozen gauge encoder reads tide tables. The pilot decoder with 24 layers is trained on TideBank. "
    "A narrow lock joins both halves."
)
CHOICE = FieldSpec("weights", "Weights", "Open?", "choice", ("open", "closed"), judge=Judge("exact"))
NUMBER = FieldSpec(
    "hours", "Hours", "How long?", "number", unit="hours", units=(("days", 24.0),), judge=Judge("number", 2.0)
)


def paper(*sentences: str, pages: int = 1) -> PaperText:
    """A text of these sentences, evenly on its pages."""
    made: list[Sentence] = []
    texts: list[str] = []
    each = -(-len(sentences) // pages)
    for page in range(pages):
        at = 0
        for words in sentences[page * each : (page + 1) * each]:
            made.append(Sentence(len(made) + 1, page + 1, at, at + len(words), "body", 0))
            at += len(words) + 1
        texts.append("\n".join(sentences[page * each : (page + 1) * each]))
    return PaperText("t", None, tuple(texts), (Section("", 1, 1, 1),), tuple(made), f"{hash(sentences)}")


PAPER = paper(*SENTENCES)
POINTED = (pointer(PAPER, PAPER.sentences[0]), pointer(PAPER, PAPER.sentences[1]))
CLAIMS = Claims(PAPER)
SURE = Check((Term("24 layers", "in evidence"), Term("TideBank", "in evidence")))


def right(value: Value, **others: object) -> Right:
    return replace(Right("decided", value is not None, value, sentences=POINTED), **others)  # type: ignore[arg-type]


def given(value: Value, evidence: tuple[Evidence, ...] = POINTED, check: Check = SURE) -> GivenAnswer:
    return GivenAnswer(value is not None, value, evidence, check)


def shares(spec: FieldSpec, one: Right, other: GivenAnswer | None) -> dict[Measure, tuple[int, int]]:
    made = marks(spec, one, other, CLAIMS, Aliases())
    return {measure: (mark.hits, mark.of) for measure, mark in made.items()}


def lowered(spec: FieldSpec, one: Right, copy: GivenAnswer, other: GivenAnswer | None) -> set[Measure]:
    """The measures whose share a change of the answer lowers; none may rise."""
    before, after = shares(spec, one, copy), shares(spec, one, other)
    values = {m: (before[m][0] / before[m][1], after[m][0] / after[m][1]) for m in after if m in before}
    assert all(now <= was for was, now in values.values())
    return {measure for measure, (was, now) in values.items() if now < was}


# --- intervals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (0, 10, 0.0, 0.277533),  # 3.841459 / 13.841459
        (10, 10, 0.722467, 1.0),  # 10 / 13.841459
        (1, 1, 0.206549, 1.0),  # 1 / 4.841459
        (5, 10, 0.236593, 0.763407),  # a half, and 0.5 / sqrt(1 + 3.841459 / 10) on each side
    ],
)
def test_the_interval_is_wilsons(hits: int, of: int, low: float, high: float) -> None:
    """To six places, from values computed by hand."""
    assert list(Share(hits, of).interval) == pytest.approx([low, high], abs=1e-6)


@pytest.mark.parametrize(("hits", "of", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)])
def test_the_interval_is_that_of_the_books(hits: int, of: int, low: float, high: float) -> None:
    """To the four places that R. G. Newcombe prints (Statistics in Medicine 17, 1998, method 3)."""
    assert [round(end, 4) for end in Share(hits, of).interval] == [low, high]


def test_without_trials_nothing_is_claimed() -> None:
    """There is no share, and the interval is all there is."""
    nothing = Share(0, 0)
    assert (nothing.value, nothing.interval, nothing.is_few) == (None, (0.0, 1.0), True)


def test_every_interval_holds_its_share_and_stays_in_range() -> None:
    """For all counts up to 40, and narrower with more trials of one share."""
    for of in range(1, 41):
        for hits in range(of + 1):
            low, high = Share(hits, of).interval
            assert 0 <= low <= hits / of <= high <= 1
            wide = Share(hits * 2, of * 2).interval
            assert wide[1] - wide[0] < high - low


# --- one cell -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "value"),
    [(TEXT, VALUE), (replace(NAMES, judge=Judge("names")), ("TideBank", "HarborLog")), (CHOICE, "open"), (NUMBER, "36 hours")],
)  # fmt: skip
def test_a_perfect_copy_is_right_in_everything(spec: FieldSpec, value: Value) -> None:
    """Every measure that applies is whole, and something besides coverage applies."""
    made = shares(spec, right(value), given(value))
    assert all(hits == of > 0 for hits, of in made.values())
    assert len(made) > 4


@pytest.mark.parametrize(
    ("planted", "measures"),
    [
        (VALUE.replace("24 layers", "48 layers"), {"terms found", "terms carried"}),
        (VALUE.replace("on TideBank", "on TideBank and GullNet"), {"terms carried"}),
        (VALUE.replace(" A narrow lock joins both halves.", ""), {"clauses found"}),
        (VALUE + " It asked dolphins to vote on colours.", {"clauses carried"}),
    ],
)
def test_a_planted_error_in_a_text_lowers_its_figure_alone(planted: str, measures: set[Measure]) -> None:
    """Another number, an invented name, a missing clause, an invented clause."""
    assert planted != VALUE
    assert lowered(TEXT, right(VALUE), given(VALUE), given(planted)) == measures


@pytest.mark.parametrize(
    ("planted", "measures"),
    [
        (("TideBank",), {"recall"}),
        (("TideBank", "HarborLog", "GullNet"), {"precision"}),
        (("TideBank", "GullNet"), {"precision", "recall"}),
    ],
)
def test_a_planted_error_in_a_list_lowers_its_figure_alone(planted: Value, measures: set[Measure]) -> None:
    """A missing name, an invented one, one instead of another."""
    spec = replace(NAMES, judge=Judge("names"))
    assert lowered(spec, right(("TideBank", "HarborLog")), given(("TideBank", "HarborLog")), given(planted)) == measures


@pytest.mark.parametrize(
    ("spec", "value", "planted"),
    [(CHOICE, "open", "closed"), (NUMBER, "36 hours", "48 hours"), (NUMBER, "36 hours", "36")],
)
def test_a_wrong_option_or_number_lowers_what_is_right_alone(spec: FieldSpec, value: str, planted: str) -> None:
    """And it says which was said instead of which."""
    assert lowered(spec, right(value), given(value), given(planted)) == {"right"}
    assert marks(spec, right(value), given(planted), CLAIMS, Aliases())["right"].lost == (f"{planted}, not {value}",)


@pytest.mark.parametrize("spec", [TEXT, NAMES, CHOICE, NUMBER])
def test_not_reported_counts_where_it_is_said(spec: FieldSpec) -> None:
    """Instead of a value it lowers one figure; where nothing is reported it is right, and a value is wrong."""
    value: Value = ("TideBank",) if spec.is_list else "open" if spec is CHOICE else "36 hours"
    nothing = given(None, (), Check())
    assert lowered(spec, right(value), given(value), nothing) == {"reported"}
    assert shares(spec, right(None), nothing) == {"coverage": (1, 1), "not reported": (1, 1)}
    assert shares(spec, right(None), given(value)) == {"coverage": (1, 1), "not reported": (0, 1)}
    assert shares(spec, right(value), None) == {"coverage": (0, 1)}


def test_evidence_has_figures_of_its_own() -> None:
    """None at all, other sentences, and a term that stands elsewhere each lower one."""
    copy, other = given(VALUE), (pointer(PAPER, PAPER.sentences[3]),)
    assert lowered(TEXT, right(VALUE), copy, given(VALUE, ())) == {"with evidence"}
    assert lowered(TEXT, right(VALUE), copy, given(VALUE, other)) == {"evidence overlaps"}
    loose = Check((Term("24 layers", "elsewhere"), Term("TideBank", "in evidence")))
    assert lowered(TEXT, right(VALUE), copy, given(VALUE, check=loose)) == {"evidence holds terms"}


def test_a_paraphrase_speaks_of_the_same() -> None:
    """Order and small words do not count, names and figures do."""
    said = "Tide tables are read by a gauge encoder, which is frozen. Trained on TideBank, the pilot decoder has 24 layers."
    made = marks(TEXT, right(VALUE), given(said), CLAIMS, Aliases())
    assert made["clauses found"] == Mark(2, 3, ("A narrow lock joins both halves.",))
    assert (made["terms found"].lost, made["clauses carried"].lost) == ((), ())


def test_what_the_right_sentences_say_is_not_beyond_what_is_right() -> None:
    """A detail of the quoted sentences is no invention, though the standing value leaves it out."""
    said = VALUE + " It took 36 hours."
    assert "36 hours" in marks(TEXT, right(VALUE), given(said), CLAIMS, Aliases())["terms carried"].lost
    beside = right(VALUE, beside=SENTENCES[:2])
    assert marks(TEXT, beside, given(said), CLAIMS, Aliases())["terms carried"].lost == ()


def test_facts_of_gold_are_counted_one_by_one() -> None:
    """Necessary facts are sought in the answer; what it has beyond them may stand among the others."""
    gold = right(
        None, reported=True, facts=("encoder is frozen", "24 layers in the decoder", "two halves, joined by a lock")
    )
    made = marks(TEXT, gold, given("The encoder is frozen; the decoder has 24 layers."), CLAIMS, Aliases())
    assert made["clauses found"] == Mark(2, 3, ("two halves, joined by a lock",))


@pytest.mark.parametrize(
    ("said", "same"),
    [("36 hours", True), ("36.5 hours", True), ("1.5 days", True), ("about 36 hours", True), ("37 hours", False),
     ("35.2 hours", False), ("36 days", False), ("36", False), ("36 hours on 16 GPUs", False)],
)  # fmt: skip
def test_numbers_are_compared_by_value_in_one_unit(said: str, same: bool) -> None:
    """Within 2 % of 36 hours, whatever unit it is printed in."""
    assert shares(NUMBER, right("36 hours"), given(said))["right"] == (int(same), 1)


def test_bounds_of_opposite_sides_are_no_one_number() -> None:
    """At most 36 hours is not at least 36 hours."""
    assert shares(NUMBER, right("at most 36 hours"), given("at least 36 hours"))["right"] == (0, 1)


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other", ["Tide Bank", "tide-bank", "TIDEBANK", "Tide\u2010Bank", "TideBanks", "Tide  Bank", "tide_bank"]
)
def test_spellings_of_one_name_are_one(other: str) -> None:
    """Case, hyphens, spaces and plural do not count."""
    assert folded(other) == folded("TideBank")


@pytest.mark.parametrize(("one", "other"), [("M-1.5", "M-15"), ("C++", "C"), ("VQA", "VQAv2"), ("GLUE", "SuperGLUE")])
def test_other_names_stay_apart(one: str, other: str) -> None:
    """A point, a plus, a version make another name."""
    assert folded(one) != folded(other)


def test_aliases_fold_and_optional_names_count_for_nothing() -> None:
    """An alias of the list or of the gold cell is the name; twice said counts once; an optional one neither way."""
    aliases = parse_aliases('TideBank = ["TB", "The Tide Bank"]\n')
    wanted = (
        WantedName("TideBank"),
        WantedName("HarborLog", ("HL-1",)),
        WantedName("PierSet", optional=True),
        WantedName("LockSet"),
    )
    gold = right(None, reported=True, names=wanted)
    answer = given(("tb", "Tide Bank", "HL 1", "PierSet", "GullNet"))
    made = marks(replace(NAMES, judge=Judge("names")), gold, answer, CLAIMS, aliases)
    assert made["precision"] == Mark(2, 3, ("GullNet",))
    assert made["recall"] == Mark(2, 3, ("LockSet",))


def test_a_name_that_is_right_in_two_spellings_is_one_name() -> None:
    """An answer with all names misses none, however often what is right has one of them."""
    aliases = parse_aliases('TideBank = ["TB"]\n')
    answer = given(("TideBank", "HarborLog"))
    made = marks(replace(NAMES, judge=Judge("names")), right(("TB", "Tide Bank", "HarborLog")), answer, CLAIMS, aliases)
    assert (made["precision"], made["recall"]) == (Mark(2, 2), Mark(2, 2))


def test_names_are_counted_as_sets_are() -> None:
    """Whatever is answered and wanted, in whatever order and spelling: hits, inventions and misses are those of sets."""
    dice, spec = random.Random(7), replace(NAMES, judge=Judge("names"))
    spellings = (str.upper, str.lower, lambda name: name.replace("-", " "), lambda name: name + "s")
    for _ in range(300):
        said, wanted = (dice.sample([f"Tide-{n}a" for n in range(12)], dice.randint(1, 12)) for _ in range(2))
        spelled = tuple(dice.choice(spellings)(name) for name in (*said, *said[:3]))
        made = marks(spec, right(tuple(wanted)), given(spelled), None, Aliases())
        hits = len(set(said) & set(wanted))
        assert (made["precision"].hits, made["precision"].of) == (hits, len(said))
        assert (made["recall"].hits, made["recall"].of) == (hits, len(wanted))
        assert set(made["recall"].lost) == set(wanted) - set(said)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('A = ["B"\n', ""),
        ("A = " + "[" * 100_000, ""),
        ('A = "B"\n', ":1"),
        ('A = ["B"]\nC = ["b"]\n', ":2"),
        ('A = ["B"]\n\nC = [1]\n', ":3"),
    ],
)
def test_a_list_of_aliases_that_cannot_be_is_refused(text: str, line: str) -> None:
    """By its line; a name that would mean two things as well."""
    with pytest.raises(BadFields, match=rf"aliases\.toml{line}"):
        parse_aliases(text)


# --- figures --------------------------------------------------------------------------------------


def cell(key: str, made: dict[Measure, Mark], field: str = "overview", of: tuple[tuple[str, str], ...] = ()) -> Marked:
    return Marked(key, field, "decided", made, of)


def test_marks_are_added_up_with_f1_and_confusions() -> None:
    """Exact sums; the F1 of 3 hits, 4 answered, 6 wanted is 3 of 5; the names that were lost bear their cell."""
    cells = [
        cell("a", {"coverage": Mark(1, 1), "precision": Mark(2, 3, ("X",)), "recall": Mark(2, 4, ("Y", "Z"))}),
        cell("b", {"coverage": Mark(1, 1), "precision": Mark(1, 1), "recall": Mark(1, 2, ("W",))}),
        cell("a", {"coverage": Mark(0, 1)}, "weights"),
        cell("b", {"coverage": Mark(1, 1), "right": Mark(0, 1)}, "weights", (("open", "closed"),)),
    ]
    names, labels, whole = figures(cells, ["overview", "weights"])
    assert (names.shares["precision"], names.shares["recall"], names.f1) == (Share(3, 4), Share(3, 6), Share(3, 5))
    assert [(lost.key, lost.measure, lost.what) for lost in names.lost][1] == ("a", "recall", ("Y", "Z"))
    assert (labels.shares["coverage"], labels.confusions) == (Share(1, 2), (("open", "closed", 1),))
    assert (whole.field, whole.shares["coverage"], whole.lost) == (ALL, Share(3, 4), ())


def test_confusions_hold_what_was_right_as_well() -> None:
    """A table of confusions has its diagonal; a text has none."""
    assert list(pairs(CHOICE, right("open"), given("open"))) == [("open", "open")]
    assert list(pairs(CHOICE, right("open"), given(None))) == [("open", "not reported")]
    assert list(pairs(TEXT, right(VALUE), given(VALUE))) == []


def test_imported_cells_are_counted_apart() -> None:
    """What a list brought in is no person's decision."""
    made: Marks = {"coverage": Mark(1, 1)}
    found = figures([Marked("a", "x", "decided", made), Marked("b", "x", "imported", made)], ["x"])
    assert [(item.against, item.cells) for item in found] == [("decided", 1), ("imported", 1)]


# --- a baseline -----------------------------------------------------------------------------------

BASIS = Basis("f", None, None, ())


def baseline(cells: list[Marked]) -> str:
    return saved_text(cells, BASIS)


def chosen(cells: list[Marked]) -> frozenset[tuple[str, str]]:
    return frozenset((item.key, item.field) for item in cells)


def many(wrong: int, of: int = 40) -> list[Marked]:
    return [cell(f"k{n}", {"coverage": Mark(1, 1), "right": Mark(int(n >= wrong), 1)}) for n in range(of)]


@pytest.mark.parametrize(("wrong", "worse"), [(0, False), (3, False), (4, True), (40, True)])
def test_worse_is_what_falls_below_the_interval(wrong: int, worse: bool) -> None:
    """40 of 40 were right, at least 91.2 %: 37 are within it, 36 are not. The cells that flipped are named either way."""
    held = compared(parse_saved(baseline(many(0)), "b"), many(wrong), BASIS, chosen(many(0)))
    assert [(item.field, item.measure) for item in held.worse] == ([("overview", "right")] if worse else [])
    assert [flip.key for flip in held.flips] == [f"k{n}" for n in range(wrong)]
    assert all(flip.is_worse for flip in held.flips)


def test_cells_of_both_are_compared_and_the_others_counted() -> None:
    """New cells do not make a field worse, cells that are gone are told, and those that nobody chose are no loss."""
    before, now = many(0, 20), many(0, 10) + [cell("new", {"right": Mark(0, 1)})] * 20
    held = compared(parse_saved(baseline(before), "b"), now, BASIS, chosen(before[:15]))
    assert (held.cells, held.gone, held.worse, held.flips) == (10, 5, (), ())


def test_a_baseline_goes_along_with_a_field_that_is_renamed() -> None:
    """Under its new name it gets worse as under the old one; and the figures beside those of now are of the same cells."""
    renamed, saved = {"overview": "summary"}, parse_saved(baseline(many(0)), "b")
    now = [replace(item, field="summary") for item in many(40)][:20]
    held = compared(saved, now, BASIS, chosen(now), renamed)
    assert [(item.field, item.measure) for item in held.worse] == [("summary", "right")]
    assert (held.cells, held.gone) == (20, 0)
    assert {(c.key, c.field) for c in beside(saved.marked(renamed), now)} == chosen(now)


def test_what_is_not_measured_any_more_is_worse() -> None:
    """No figure gets better by not being looked at."""
    now = [cell(f"k{n}", {"coverage": Mark(1, 1)}) for n in range(40)]
    held = compared(parse_saved(baseline(many(0)), "b"), now, BASIS, chosen(now))
    assert [item.measure for item in held.worse] == ["right"]


def test_what_is_kept_holds_no_words_and_comes_back() -> None:
    """Counts alone, whatever was lost by name; another gold file is told."""
    cells = [cell("a", {"precision": Mark(1, 2, ("A sentence of a paper.",))})]
    text = baseline(cells)
    assert "sentence of a paper" not in text
    held = compared(parse_saved(text, "b"), cells, Basis("f", "g", None, ()), chosen(cells))
    assert (held.flips, held.remarks) == ((), ("the gold file is not what the baseline was measured with",))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', baseline(many(1, 2)).replace("right", "rihgt")])
def test_a_damaged_baseline_is_refused(text: str) -> None:
    """By its name, and as a whole."""
    with pytest.raises(BadGold, match=r"^b\.json: "):
        parse_saved(text, "b.json")


# --- gold -----------------------------------------------------------------------------------------

FIELDS = parse_fields(
    '[overview]\nask = "What?"\nwas = ["summary"]\n[parts]\ntype = "names"\nask = "Which?"\n'
    '[weights]\ntype = "choice"\noptions = ["open", "closed"]\nask = "Open?"\n'
    '[uses]\ntype = "choices"\noptions = ["image", "sound"]\nask = "Which?"\n'
)
FACT = {"fact": "it floats", "page": 1}
GOLD = [
    {"paper": "2401.00001v1", "field": "summary", "reported": True, "must": [FACT]},
    {"paper": "2401.00001v1", "field": "parts", "reported": True, "names": [{"name": "TideBank"}]},
    {"paper": "2401.00001v1", "field": "weights", "reported": True, "value": "open"},
    {"paper": "2401.00002", "field": "overview", "reported": False},
]


def test_a_gold_file_is_read_and_former_names_count() -> None:
    """Each cell by its field of today."""
    found = parse_gold(json.dumps(GOLD), "g.json", FIELDS)
    assert [item.field for item in found] == ["overview", "parts", "weights", "overview"]
    assert (found[0].must[0].fact, found[1].names[0].name, found[2].value) == ("it floats", "TideBank", "open")


def test_options_may_be_given_as_names_of_which_all_count() -> None:
    """They are the right value, also in the table of confusions; where one is optional there is no one right value."""
    spec = FIELDS.named("uses")
    names = [{"name": "image"}, {"name": "sound"}]
    for optional, wanted in ((False, ("image", "sound")), (True, None)):
        item = {
            "paper": "p",
            "field": "uses",
            "reported": True,
            "names": [*names[:1], names[1] | {"optional": optional}],
        }
        (found,) = parse_gold(json.dumps([item]), "g.json", FIELDS)
        assert right_value(found, spec) == wanted
    unknown = Right("gold", reported=True, value=None)
    assert list(pairs(spec, unknown, given(("image",)))) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"field": "part"}, r"'part' is not a field of this survey; did you mean 'parts'\?"),
        ({"page": 3}, "page is unknown"),
        ({"reported": "yes"}, "reported: "),
        ({"names": []}, "parts is judged by names: it needs names"),
        ({"names": [{"name": "A", "alias": []}]}, r"names\.0: alias is unknown; did you mean 'aliases'\?"),
        ({"field": "weights", "value": 3}, "value: must be a text or a list$"),
        ({"field": "uses", "names": [{"name": "smell"}]}, "'smell' is not one of image, sound"),
        ({"names": [{"name": ""}]}, r"names\.0\.name: "),
        ({"reported": False}, "a cell that is not reported has no value"),
        ({"field": "overview", "names": [], "must": [FACT]}, "twice"),
        ({"sentences": [{"page": 0, "begins": "a", "ends": "b"}]}, r"sentences\.0\.page: "),
        ({"field": "weights", "names": [], "value": "ajar"}, "'ajar' is not one of open, closed"),
    ],
)
def test_a_gold_cell_that_cannot_be_is_refused_by_line_and_field(change: dict[str, object], said: str) -> None:
    """The line on which it begins, the paper, the field, and what is wrong."""
    lines = ",\n".join(json.dumps(item) for item in (GOLD[0], GOLD[1] | change))
    with pytest.raises(BadGold, match=rf"^g\.json:2: \[2401\.00001v1, \w+\]: .*{said}"):
        parse_gold(f"[{lines}]", "g.json", FIELDS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ":1: it must be a list of cells"), ("{}", ":1: it must be a list of cells"), ("[]", ": it has no cells"), ("[\n\n{]", ":3: "),
        ("[\n" + json.dumps(GOLD[0]), ":2: a comma or the end"), ("[\n7]", ":2: a cell: "), ("[" * 100_000, ":1: "),
        (json.dumps(GOLD)[:-9], ":1: "), ("[\n" + "9" * 5_000 + "]", ":2: "),
        (json.dumps(GOLD) + "\n[]", ":1: something stands behind"), ('[\n{"page": 1, "page": 2}]', ":2: page is told twice"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_gold_is_refused_by_line(text: str, said: str) -> None:
    """Broken, cut off, nested without end, or something else."""
    with pytest.raises(BadGold, match=rf"^g\.json{said}"):
        parse_gold(text, "g.json", FIELDS)


def test_a_sentence_is_found_by_its_ends() -> None:
    """Whatever its hyphens, quotation marks and spaces; the shortest stretch counts; over a page it is the one that begins."""
    text = paper(
        "Two en-\ncoders are \u201cfrozen\u201d. ",
        "Two encoders, then one, are frozen.",
        "The end comes",
        "later on.",
        pages=2,
    )
    found = Stretches(text)
    first, second, third, _ = (pointer(text, sentence) for sentence in text.sentences)
    assert found.found(Stretch(page=1, begins="two encoders", ends='are "frozen".')) == (first,)
    assert found.found(Stretch(page=1, begins="Two encoders, then", ends="are frozen.")) == (second,)
    assert found.found(Stretch(page=1, begins="coders are", ends="then one, are")) == (first, second)
    assert found.found(Stretch(page=2, begins="The end", ends="behind it", ends_page=3)) == (third,)
    assert found.found(Stretch(page=2, begins="Two encoders", ends="frozen.")) is None
    assert found.found(Stretch(page=9, begins="a", ends="b")) is None
    debris = replace(text, sentences=(replace(text.sentences[0], kind="debris"), *text.sentences[1:]))
    assert Stretches(debris).found(Stretch(page=1, begins="two encoders", ends='are "frozen".')) == ()


# --- growth ---------------------------------------------------------------------------------------


def _seconds(size: int, step: str) -> float:
    words = [f"Name{n} holds the {n % 97} tide of the basin." for n in range(size)]
    names = tuple(f"Name{n}" for n in range(size))
    gold = json.dumps([GOLD[0] | {"paper": f"p{n}"} for n in range(size)])
    cells = [cell(f"k{n}", {"right": Mark(n % 2, 1)}) for n in range(size)]
    text = paper("aab" * size)
    began = time.thread_time()
    if step == "claims":
        CLAIMS.held(words, words)
    elif step == "names":
        marks(replace(NAMES, judge=Judge("names")), right(names), given(names[::-1]), CLAIMS, Aliases())
    elif step == "gold":
        parse_gold(gold, "g", FIELDS)
    elif step == "stretches":
        Stretches(text).found(Stretch(page=1, begins="aab", ends="b"))
    else:
        saved = parse_saved(baseline(cells), "b")
        assert isinstance(figures(cells, ["overview"])[0], Figures)
        compared(saved, cells, BASIS, chosen(cells))
    return time.thread_time() - began


@pytest.mark.parametrize("step", ["claims", "names", "gold", "stretches", "baseline"])
def test_growth_is_linear(step: str) -> None:
    """Four times as many statements, names, cells or places take about four times as long, not sixteen."""
    for _ in range(4):
        longer = _seconds(1_600, step)
        if longer < 0.02 or longer <= 10 * _seconds(400, step):
            return
    pytest.fail(f"{step} grows faster than what it is given")


def test_every_measure_says_what_it_counts() -> None:
    """None is without words."""
    assert all(MEASURES.values())
