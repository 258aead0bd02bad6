"""Nothing in the check takes more than linear time over what strangers wrote: every pattern, and every step as a whole."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

import pytest

from survey_extract.core.check.check import check
from survey_extract.core.check.choices import is_another, is_denied
from survey_extract.core.check.clauses import Parsed
from survey_extract.core.check.passage import Searchable
from survey_extract.core.check.quantities import figures_in
from survey_extract.core.check.quotations import quotations
from survey_extract.core.check.statements import CitedWords, said_otherwise
from survey_extract.core.check.terms import places, terms_of_text
from survey_extract.core.decisions import conflicts, is_imported, proposal
from survey_extract.core.evidence import pointer
from survey_extract.core.fields import FieldSpec
from survey_extract.core.inputs.fields_file import LIST_LIMIT, PATTERN_LIMIT, parse_fields
from survey_extract.core.inputs.sources import COLUMN_LIMIT, parse_sources
from survey_extract.core.lists.handedits import WrittenTable, hand_edits
from survey_extract.core.lists.read import parse_list
from survey_extract.core.lists.rendered import RenderedRow, Rendering, record_of
from survey_extract.core.paper_text import PaperText, Section, Sentence
from survey_extract.core.ranking.relevance import Relevance
from survey_extract.core.readme.table import BEGIN, END, README, PublishedRow, ShownCell, block_of, render, render_page
from survey_extract.core.values.data_sets import data_sets
from survey_extract.core.words.languages import Readings
from survey_extract.core.words.tokens import fold, tokens
from survey_extract.core.words.usage import Usage
from survey_extract.errors import BadFields, BadSources
from tests.fields import FIELDS
from tests.fields import NAMES as NAMES_FIELD
from tests.fields import TEXT as TEXT_FIELD
from tests.growth import LIVES, cpu_seconds, is_linear, life

MODULES = (
    "values.data_sets",
    "check.check",
    "check.ground",
    "words.lexicon",
    "words.proper_names",
    "words.numerals",
    "check.passage",
    "check.quantities",
    "check.quotations",
    "check.measures",
    "check.others",
    "check.choices",
    "check.terms",
    "ranking.relevance",
    "ranking.findings",
    "ranking.outcome",
    "ranking.short_forms",
    "ranking.stemming",
    "words.tokens",
    "ranking.traits",
    "words.usage",
)
LETTERS = 100_000

HOSTILE = {
    "letters": "a", "capitals": "A", "capital words": "Aa ", "digits": "1", "commas": "1,", "thousands": "1,000,", "points": "1.", "hyphens": "a-",
    "names": "Aa-1", "joined numbers": "1-", "joined names": "A1-b", "brackets": "[", "cited": "[1", "keys": "[Ab12,", "open": "(", "open names": "(Aa, ",
    "years": "(Aa, 2020", "closed": "(2020) ", "sides": "1x", "powers": "10^", "braces": "10^{", "raised": "10\u207b", "exponents": "1e-",
    "scales": "two hundred ", "units": "7 b1", "unit words": "7 image ", "marks": "7 (-", "pluses": "+", "plus words": "a+", "blanks": " ",
    "data sets": "Aa dataset ", "almost data sets": "Aa Aa datase ", "called": "dataset called A", "tails": "Aa (b) dataset (", "articles": "The The dataset ",
    "short": "aa (A) ", "abbreviations": "a b (AB) ", "stages": "stage 1-", "releases": "1.1.1 ", "ideograms": "\u6f22", "marks of accent": "e\u0301",
    "chains of units": "m-1 ", "quotients": "7 m/", "opened quotations": '"a a a a ', "quoted": '"a" ', "withs": "without a, ",
    "underscores": "_", "references": "Fig. 1.1, ", "series": "1, 2 and ", "enumerators": "(1) a (2) b ", "known": "LAION-2", "almost known": "COCO Caption ",
    "lists": "Aa1, ", "lists of data": "data, Aa1 and ", "cited names": "Aa [1] (Bb, 2020) ", "open citations": "(Aa, 20", "own": "propose a ", "leads": "called Aa ",
}  # fmt: skip


def patterns() -> dict[str, re.Pattern[str]]:
    """Every compiled pattern in the modules of the check, those made when first wanted too."""
    data_sets("x")
    found: dict[str, re.Pattern[str]] = {}
    for name in MODULES:
        module = importlib.import_module(f"survey_extract.core.{name}")
        for label, item in vars(module).items():
            made = item() if hasattr(item, "cache_info") and item.cache_info().currsize and label == "_known" else item
            if isinstance(made, re.Pattern):
                found[f"{name}.{label}"] = made
    return found


def text_of(text: str) -> PaperText:
    """A text of one sentence, as long as may be."""
    sentence = Sentence(1, 1, 0, len(text), "body", 0)
    return PaperText("t", None, (text,), (Section("", 1, 1, 1),), (sentence,), f"{hash(text)}")


def whole_check(text: str) -> None:
    made = text_of(text)
    check(NAMES_FIELD, ("ImageNet-21K", "aaa", "A1"), [pointer(made, made.sentences[0])], made)
    check(TEXT_FIELD, "It takes 24 layers, 1e-5 and a A1-b of ImageNet.", (), made)


def terms(text: str) -> None:
    for term in terms_of_text(text, Usage()):
        assert term.text


CHOICE = FieldSpec("a", "A", "Which a.", type="choice", options=("frozen a", "a b"))


def said_otherwise_of(text: str) -> None:
    """A value with each kind of word that can be turned round, held against a text."""
    value = "The frozen a is not trained, 5 a a or less, at least 24 a and 5 GB for a, Article 9(2), the third a, in 2 a: a, a and a."
    assert all(
        one.words in value
        for one in said_otherwise(TEXT_FIELD, value, CitedWords((text,), (Parsed.of(text),), bool, Readings([text])))
    )


STEPS: dict[str, Callable[[str], object]] = {
    "tokens": tokens,
    "figures": lambda text: figures_in(tokens(text)),
    "usage": lambda text: Usage().learn(tokens(text)),
    "readings": lambda text: Readings([text]).of_value(text, is_number=False).tokens(text),
    "choice": lambda text: is_denied(CHOICE, "frozen a", [text]) or is_another(CHOICE, "frozen a", [text]),
    "unit words": lambda text: Parsed.of(text).measures,
    "quotations": lambda text: list(quotations(text)),
    "passage": lambda text: Searchable([Parsed.of(text)]).holds("aaa"),
    "terms": terms,
    "places": lambda text: list(places("a-", text)),
    "data sets": data_sets,
    "the ranking": lambda text: Relevance(text_of(text)).rank_field(TEXT_FIELD),
    "the check": whole_check,
    "what is said otherwise": said_otherwise_of,
}


def seconds(step: Callable[[str], object], text: str) -> float:
    fold.cache_clear()
    return cpu_seconds(lambda: step(text))


def grows_as_its_text(step: Callable[[str], object], piece: str, letters: int) -> bool:
    """Whether a text GROWTH times as long takes about as many times as long."""
    longer = (piece * (letters // len(piece) + 1))[:letters]

    return is_linear(lambda length: seconds(step, longer[:length]), letters)


def inputs() -> Iterator[tuple[str, str]]:
    yield from HOSTILE.items()


@pytest.mark.parametrize("name", sorted(patterns()))
def test_every_pattern_is_linear(name: str) -> None:
    """Almost-matches repeated to 100,000 letters cost a search no more than their length."""
    pattern = patterns()[name]

    def search(text: str) -> None:
        for _ in pattern.finditer(text):
            pass

    slow = [kind for kind, piece in inputs() if not grows_as_its_text(search, piece, LETTERS)]
    assert slow == []


@pytest.mark.parametrize("name", sorted(STEPS))
def test_every_step_is_linear(name: str) -> None:
    """What is built on the patterns is linear, too: no loop goes back over what was read."""
    slow = [kind for kind, piece in inputs() if not grows_as_its_text(STEPS[name], piece, LETTERS // 10)]
    assert slow == []


def test_a_polynomial_pattern_would_be_noticed() -> None:
    """The measure tells: a pattern that goes back from every letter is refused."""
    backtracking = re.compile(r"a+b")
    assert not grows_as_its_text(backtracking.search, "a", 8_000)


# --- what people write, and what piles up ---------------------------------------------------------


def sources(lines: Iterable[str], columns: Iterable[str] = ()) -> None:
    with suppress(BadSources):
        parse_sources("\n".join((",".join(("source", "name", *columns)), *lines)).encode())


def field(said: str) -> None:
    with suppress(BadFields):
        (spec,) = parse_fields(f"[f]\nask = 'a'\n{said}")
        assert spec.misfit(spec.value_of(", ".join(spec.options or ("a",)))) is None


def fields(text: str) -> None:
    with suppress(BadFields):
        parse_fields(text)


def words(number: int) -> str:
    return str([f"w{at}" for at in range(number)])


def renderings(number: int) -> None:
    record_of(Rendering(f"{at:09}", rows=(RenderedRow("a", f"{at}"),)) for at in range(number))


def edited(rows: int, edit: Callable[[str], str]) -> None:
    """A README of so many rows that a person edited in each of them."""
    cells = (ShownCell("a"),) * len(FIELDS)
    made = [
        PublishedRow(f"file-papers-{at}.md", f"N{at}", f"T{at}", f"papers/{at}.md", cells, "") for at in range(rows)
    ]
    block = block_of(render(f"{BEGIN}{END}", made, "", FIELDS))
    given = RenderedRow(""), parse_list(block_of(render_page(made[0], FIELDS)), FIELDS)[0][0]
    forms = tuple(RenderedRow(row.key, row.name, row.link) for row in made)
    names, links = tuple((row.key, row.name, row.title) for row in made), {row.link: row.key for row in made}
    table = WrittenTable(names, lambda _: given, links, record_of([Rendering("1", order="", rows=forms)]), dict, FIELDS)
    assert len(hand_edits(README, edit(block), 0, table)) >= rows


def numbered(number: int) -> Iterator[str]:
    return (f"c{at}" for at in range(number))


PILES: dict[str, tuple[int, Callable[[int], object]]] = {
    "rows": (2_000, lambda n: sources(f"papers/{at}.md,{at}" for at in range(n))),
    "columns": (COLUMN_LIMIT - 2, lambda n: sources((), numbered(n))),
    "columns beyond": (20_000, lambda n: sources((), numbered(n))),
    "columns of one name": (20_000, lambda n: sources((), ["c"] * n)),
    "short rows under many columns": (8_000, lambda n: sources((f"papers/{at}.md" for at in range(n)), numbered(n))),
    "a long name": (100_000, lambda n: sources([f"papers/a.md,{'a ' * (n // 2)}"])),
    "a long source": (100_000, lambda n: sources([f"https://a.org/{'a/' * (n // 2)},"])),
    "a quote never closed": (100_000, lambda n: sources(['papers/a.md,"', *["papers/b.md,"] * (n // 12)])),
    "fields": (800, lambda n: fields("".join(f"[f{at}]\nask = 'a'\n" for at in range(n)))),
    "lines before a fault": (20_000, lambda n: fields("#\n" * n + "[f]\naks = 1\n")),
    "names": (4_000, lambda n: field(f"type = 'names'\nnames = {words(n)}")),
    "former names": (4_000, lambda n: field(f"was = {words(n)}")),
    "options": (LIST_LIMIT, lambda n: field(f"type = 'choices'\noptions = {words(n)}")),
    "options beyond": (4_000, lambda n: field(f"type = 'choices'\noptions = {words(n)}")),
    "examples": (2_000, lambda n: field(f"good = [{'{text = 1, value = 1}, ' * n}]")),
    "brackets": (4_000, lambda n: field(f"names = {'[' * n}{']' * n}")),
    "a long cue": (40_000, lambda n: field(f"cues.must = '{'a|' * (n // 2)}'")),
    "a deep cue": (PATTERN_LIMIT, lambda n: field(f"cues.must = '{'(' * (n // 2)}{')' * (n // 2)}'")),
    "forms of one row": (2_000, renderings),
    "rows that lead elsewhere": (160, lambda n: edited(n, lambda block: block.replace("papers/", "elsewhere/"))),
    "rows that are gone": (400, lambda n: edited(n, lambda _: "")),
    "rows that are there twice": (80, lambda n: edited(n, lambda block: block * 2)),
}
"""What people write into their files, and what piles up: how much of it, and what is done with so much."""


@pytest.mark.parametrize("kind", PILES)
def test_what_people_write_takes_no_more_than_its_size(kind: str) -> None:
    """A file of four times the size takes about four times as long, or is refused as what it cannot be."""
    number, does = PILES[kind]
    assert is_linear(lambda size: cpu_seconds(lambda: does(size)), number)


@pytest.mark.parametrize("kind", LIVES)
def test_each_decision_on_a_cell_is_looked_at_once(kind: str) -> None:
    """However often people decided on a cell and took it back, one more costs what the first did."""

    def seconds_of(number: int) -> float:
        given = life(kind, TEXT_FIELD.name, number)
        return cpu_seconds(lambda: (conflicts(given), is_imported(given), proposal(None, given)))

    assert is_linear(seconds_of, 800)


@pytest.mark.parametrize("kind", ["columns", "source", "quote", "options", "brackets"])
def test_what_is_too_much_is_told_with_its_place(kind: str) -> None:
    """Who is refused is told the file, the line, and what to do."""
    told = {
        "columns": ("sources.csv:1: the header has 102 columns", "source,name" + ",c" * COLUMN_LIMIT),
        "source": ("sources.csv:2: the cell 'source' has 5,010 characters", f"source\nhttps://a/{'a' * 5_000}"),
        "quote": ("sources.csv:2: a cell is longer than 131,072 characters", "source\n\"" + "a.md\n" * 40_000),
        "options": ("fields.toml:4: [f] options: it has more than 200", f"[f]\nask='a'\ntype='choice'\noptions={words(201)}"),
        "brackets": ("fields.toml: brackets stand in one another", f"f = {'[' * 4_000}"),
    }  # fmt: skip
    said, text = told[kind]
    with pytest.raises((BadSources, BadFields)) as refused:
        parse_sources(text.encode()) if said.startswith("sources") else parse_fields(text)
    assert str(refused.value).startswith(said)
    assert len(str(refused.value)) < 300
