"""Figures by value, names by what they are: what evidence holds in any spelling, and what it does not hold however near it is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_extract.core.check.check import check
from survey_extract.core.check.terms import places
from survey_extract.core.evidence import pointer
from survey_extract.core.paper_text import PaperText
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.core.records import Place
from tests.fields import plain

REST = ("The reader is built of plain parts.", "Each stage of the work is told in the text, and the model with it.")
"""What the made paper says besides: plain words in lower case."""


def paper(*sentences: str, headings: tuple[str, ...] = (), rest: tuple[str, ...] = REST) -> PaperText:
    over = [Block("heading", heading, level=level) for level, heading in enumerate(headings, start=1)]
    said = [Block("body", sentence) for sentence in sentences]
    return assemble(
        [*over, *said, Block("heading", "Other matters"), *(Block("body", sentence) for sentence in rest)],
        reader="t", title=None, page_count=1,
    )  # fmt: skip


def terms(value: str | tuple[str, ...], said: str, **more: tuple[str, ...]) -> dict[str, Place]:
    """Each term of a value and its place, when one block of sentences is its evidence."""
    own = more.pop("own", ())
    text = paper(said, **more)
    first = [s for s in text.sentences if s.kind == "body" and text.quote(s) in said]
    return {
        term.text: term.place for term in check(plain(value), value, [pointer(text, s) for s in first], text, own).terms
    }


def stands(value: str | tuple[str, ...], said: str, **more: tuple[str, ...]) -> bool:
    """Whether the value has terms, and its evidence holds them all."""
    found = terms(value, said, **more)
    assert found, "nothing was looked for"
    return set(found.values()) == {"in evidence"}


# --- figures --------------------------------------------------------------------------------------

SAME = [
    ("1e-5", "The rate is 1e-5 here."), ("1e-5", "The rate is 0.00001 here."), ("0.00001", "The rate is 1 × 10⁻⁵ here."),
    ("8 × 10⁻⁴", "The rate is 8e-4 here."), ("8e-4", "The rate is 8 × 10 −4 here."), ("8e-4", "The rate is 8x10-4 here."),
    ("8e-4", "The rate is 8 · 10^{-4} here."), ("9e-3", "The rate is 9E−3 here."), ("9e-3", "The rate is .009 here."),
    ("10⁶ steps", "It takes 1,000,000 steps."), ("10^6 steps", "It takes 1M steps."), ("1e6 steps", "It takes one million steps."),
    ("3e6 pairs", "We have 3 × 106 pairs."), ("1,000", "We have 1000 of them."), ("1000", "We have 1,000 of them."),
    ("1.5M", "We have 1,500,000 of them."), ("1.5 million pairs", "We have 1.5M pairs."), ("1500000", "We have 1.5 million of them."),
    ("158K samples", "It saw 158,000 samples."), ("158 thousand", "It saw 158k samples."), ("1.2B parameters", "It has 1.2 billion parameters."),
    ("36.80%", "It reaches 36.8 percent."), ("36.8 %", "It reaches 36.8% there."), ("36.8 per cent", "It reaches 36.8% there."),
    ("14x14 patches", "There are 14 × 14 patches."), ("14 × 14", "There are 14x14 patches."), ("14×14", "There are 14 x 14 patches."),
    ("336x336", "It sees 336px."), ("224 pixels", "It sees 224x224 pixels."), ("336 × 336", "It sees 336² pixels."),
    ("40x", "It is 40 times faster."), ("40 times", "It is 40× faster."), ("four-fold", "It is 4x faster."),
    ("24 layers", "The number of layers is 24 here."), ("24 layers", "Layers: 24, heads: 16."), ("24 layers", "A 24-layer stack is used."),
    ("24-layer", "It has 24 transformer layers."), ("8 GPUs", "We train on 8 NVIDIA A100 GPUs."), ("8 A100 GPUs", "We train on 8 A100 GPUs."),
    ("two stages", "There are 2 stages."), ("2 stages", "The second stage is longer."), ("two-stage", "Training has two stages."),
    ("stage 2", "In the second stage we train on."), ("twenty-four hours", "It takes 24 hours."), ("12 tasks", "We try twelve tasks."),
    ("two hundred thousand pairs", "We use 200K pairs."), ("7 and 8 hours", "It takes 7 and 8 hours."), ("10-15 templates", "We write 10 to 15 templates."),
    ("~600K pairs", "We use ≈ 600,000 pairs."), ("about 71M pages", "We kept 71 million pages."), ("0.9 and 0.98", "The betas are 0.9,0.98 here."),
    ("9B tokens", "It saw 9 billion tokens."), ("7B parameters", "We take Vicuna-7B."), ("20 epochs", "It runs for 12, 16 or 20 epochs."),
    ("a dozen layers", "It has 12 layers."), ("12 layers", "It has a dozen layers."), ("two dozen heads", "It has 24 heads."),
    ("a hundred GPUs", "It takes 100 GPUs."), ("100K steps", "It takes a hundred thousand steps."), ("half a million pairs", "We have 500K pairs."),
    ("twofold", "It is 2x faster."), ("4x", "It is fourfold there."), ("½ of it", "They mask 0.5 of it."), ("0.5", "They mask ½ of it."),
    ("2½ days", "It takes 2.5 days."), ("half of the tokens", "They mask 50% of the tokens."), ("two-thirds of it", "They mask ⅔ of it."),
    ("⑦ layers", "It has 7 layers."), ("７ layers", "It has seven layers."), ("stage 3", "Stage III is longer."), ("Stage IV", "In the fourth stage we train on."),
    ("$5", "It costs 5 dollars there."), ("5 EUR", "It costs €5 there."), ("10 bn tokens", "It saw 10 billion tokens."), ("2¹⁰ heads", "It has 1,024 heads."),
    ("80 GB", "We use cards of 80GB."), ("5 datasets", "We try 5 data sets."), ("600 images", "We show 600 examples."),
]  # fmt: skip
OTHER = [
    ("1e-5", "The rate is 1e-4 here."), ("1e-5", "The rate is 2e-5 here."), ("1e-5", "The range is 1 to 5 here."),
    ("8 × 10⁻⁴", "The rate is 8 × 10⁻³ here."), ("8e-4", "The rate is 8 of 4 here."), ("9e-3", "The rate is 0.09 here."),
    ("10⁶ steps", "It takes 10 steps, or 6."), ("10⁶ steps", "It takes 10⁵ steps."), ("1,000", "We have 10,000 of them."),
    ("100 steps", "It takes 1,100 steps."), ("1.5M", "We have 1.5B of them."), ("1.5M", "We have 15M of them."), ("1.5", "We have 1.5M of them."),
    ("158K samples", "It saw 158 samples."), ("36.8%", "It reaches 38.6% there."), ("3.5", "It gains 13.5 points."), ("5", "It gains 3.5 points."),
    ("14x14 patches", "There are 16x16 patches."), ("14 × 14", "There are 14 heads."), ("224x336", "It sees 224x224."), ("40x", "It is 4 times faster."),
    ("24 layers", "It has 24 heads and many layers."), ("24 layers", "It has 12 layers and 24 heads."), ("24 epochs", "A 24-layer stack is used."),
    ("8 hours", "It takes 8 days."), ("8 hours", "It needs 8 GPUs for some hours."), ("36.8%", "It needs 36.8 GB."), ("two stages", "Training has three stages."),
    ("three-stage", "Training has two stages."), ("stage 3", "In the second stage we train on."), ("twelve tasks", "We try twenty tasks."),
    ("2", "It is v2 of the text."), ("3", "It is CC3M that we use."), ("600 images", "We show 600 tokens."), ("20 billion", "We use 20 million pairs."),
    ("a dozen layers", "It has 24 layers."), ("a hundred GPUs", "It takes a thousand GPUs."), ("half a million pairs", "We have a million pairs."),
    ("twofold", "It is threefold faster."), ("½ of it", "They mask ¼ of it."), ("half of it", "They mask a third of it."), ("2½ days", "It takes 2 days."),
    ("a quarter of it", "They mask half of it."), ("⑦ layers", "It has 9 layers."), ("Stage IV", "Stage III is longer."), ("stage 3", "Stage II is longer."),
    ("$5", "It costs €5 there."), ("5 USD", "It costs €5 there."), ("5‰", "It reaches 5% there."), ("10 bn tokens", "It saw 10 mn tokens."), ("2¹⁰ heads", "It has 2¹² heads."),
    ("12 tasks", "See the work of others [12] on tasks."), ("2019", "See the work of others (Ada et al., 2019) on tasks."), ("0.5", "We mask 50% of it."),
]  # fmt: skip


@pytest.mark.parametrize(("value", "said"), SAME)
def test_a_figure_is_found_by_its_value(value: str, said: str) -> None:
    """Whatever the notation, the same quantity is the same figure."""
    assert stands(f"It says {value}.", said)


@pytest.mark.parametrize(("value", "said"), OTHER)
def test_another_quantity_is_not_found(value: str, said: str) -> None:
    """However near its characters, another value or unit is another figure."""
    assert not stands(f"It says {value}.", said)


def _written(digits: int, power: int) -> list[str]:
    """One number in several notations."""
    number = Decimal(digits).scaleb(power)
    plain = f"{number:f}"
    raised = str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    words = [f"{number.scaleb(-6).normalize():f} million", f"{number.scaleb(-3).normalize():f}K"] if power >= 0 else []
    grouped = [f"{int(number):,}"] if power >= 0 else []
    return [plain, f"{digits}e{power}", f"{digits} × 10{raised}", f"{digits}x10^{power}", *grouped, *words]


NUMBERS = st.tuples(st.integers(11, 997), st.integers(-7, 6))


@settings(deadline=None)
@given(NUMBERS, st.integers(0, 20), st.integers(0, 20))
def test_any_number_is_found_in_any_notation(number: tuple[int, int], one: int, other: int) -> None:
    """What one notation says and another repeats is in evidence."""
    ways = _written(*number)
    assert stands(f"The size is {ways[one % len(ways)]}.", f"They set it to {ways[other % len(ways)]} there.")


@settings(deadline=None)
@given(NUMBERS, NUMBERS, st.integers(0, 20), st.integers(0, 20))
def test_no_other_number_is_found(number: tuple[int, int], said: tuple[int, int], one: int, other: int) -> None:
    """Two different numbers are never taken for each other, however they are written."""
    if Decimal(number[0]).scaleb(number[1]) == Decimal(said[0]).scaleb(said[1]):
        return
    ways, theirs = _written(*number), _written(*said)
    assert not stands(f"The size is {ways[one % len(ways)]}.", f"They set it to {theirs[other % len(theirs)]} there.")


@pytest.mark.parametrize(
    "value",
    [
        "(1) it reads and (2) it writes", "It reads; 2) it writes", "1. It reads. 2. It writes.", "as Table 3 shows", "see Fig. 2 and Section 4.1",
        "as others say [12, 13]", "as told before (Ada et al., 2020)", "one part of it", "the second part",
    ],
)  # fmt: skip
def test_what_only_counts_or_points_is_no_figure(value: str) -> None:
    """Numbers of points, tables and cited works claim nothing of the matter."""
    assert terms(value, "The reader is built of plain parts.") == {}


# --- names ----------------------------------------------------------------------------------------

HELD = [
    ("It uses SQuAD v1.1 and SQuAD v2.0", "We test on SQuAD [54] v1.1 and v2.0."), ("MM-Adapters are added", "We add an MM-Adapter to it."),
    ("An MM-Adapter is added", "We add MM-Adapters to it."), ("It uses RoBERTa-large", "We take RoBERTalarge for it."), ("It uses ViT-L/14", "We take a ViT L/14 for it."),
    ("It uses CLIP-ViT-L/14", "We take the ViT-L/14 of CLIP for it."), ("It uses Vicuna-13B", "We take Vicuna-7B and 13B for it."),
    ("It uses LLaVA", "We build on LLaVA (Ada et al., 2023) for it."), ("It uses ImageNet", "We use ImageNet12 for it."), ("It uses ImageNet", "We use ImageNet² for it."),
    ("It uses clip-vit-large", "We take CLIP ViT-Large for it."), ("It uses vicuna13b", "We take Vicuna-13B for it."), ("It uses imagenet", "We use ImageNet for it."),
    ("It uses Visual Genome", "We use Visual [3] Genome for it."), ("It is BERT-based", "We start from BERT for it."), ("It uses OCR-VQA", "We use OCRVQA for it."),
    ("Google made it", "It was made by Google for us."), ("ITC is used", "An image-text contrastive (ITC) loss is used."), ("It uses CC", "We use Conceptual Captions (CC) for it."),
    ("It uses VQAv2", "We use VQA v2 for it."), ("It uses PyTorch 1.13.1", "We use PyTorch 1.13.1 for it."), ("It uses Poke\u0301mon-1", "We use Pokémon-1 for it."),
    ("It uses Flickr30K", "We use Flickr 30k for it."), ("It uses RefCOCO+", "We use RefCOCO+ for it."),
]  # fmt: skip
NOT_HELD = [
    ("It uses SQuAD v3.0", "We test on SQuAD [54] v1.1 and v2.0."), ("It uses BERT-large", "We take BERT-base, which is large, for it."),
    ("It uses RoBERTa-base", "We take RoBERTalarge for it."), ("It uses ViT-L/14", "We take a ViT-L/16 for it."), ("It uses ImageNet-21K", "We use ImageNet-1K for it."),
    ("It uses LLaVA-1.5", "We build on LLaVA for it."), ("It uses LLaVA-15", "We build on LLaVA-1.5 for it."), ("It uses GPT-4", "We ask GPT-4.5 for it."),
    ("It uses CC3", "We use CC3M for it."), ("It uses RefCOCO", "We use RefCOCO+ for it."), ("It uses VQAv1", "We use VQAv2 for it."), ("It uses A-OKVQA", "We use OKVQA for it."),
    ("It uses clip-vit-large", "We take CLIP ViT-Base for it."), ("It uses vicuna13b", "We take Vicuna-7B for it."), ("It uses imagenet", "We use COCO for it."),
    ("Google made it", "It was made by Harbor for us."), ("Vicuna is used", "A model is used."), ("It uses Visual Genome", "We use Visual Storytelling for it."),
    ("It uses V100", "We use A100 for it."), ("It uses OCR-VQA", "We use the OCR of others for it."),
    ("It uses PyTorch 1.13.1", "We use PyTorch 1.13.2 for it."), ("It uses Vicunа", "We take Vicuna for it."), ("It uses СОСО", "We use COCO for it."), ("СОСО is used", "We use COCO for it."),
    ("It uses ImageΝet", "We use ImageNet for it."),
]  # fmt: skip


@pytest.mark.parametrize(("value", "said"), HELD)
def test_a_name_is_found_in_any_spelling(value: str, said: str) -> None:
    """Hyphens, plural, case, citations inside, notes behind, abbreviations that the document explains: still the name."""
    assert stands(value, said)


@pytest.mark.parametrize(("value", "said"), NOT_HELD)
def test_another_name_is_not_found(value: str, said: str) -> None:
    """A sibling, another version, a part of a word, a look-alike in another alphabet: another name."""
    assert not stands(value, said)


def test_what_stands_over_a_sentence_names_it() -> None:
    """All headings over it, the title and the source's own names are evidence for names, and for no figure."""
    said, over = "It reads the page and answers.", ("HarborLM 7", "TideFormer with 24 layers")
    assert stands("HarborLM has a TideFormer", said, headings=over)
    assert stands("LogBot is made for HarborWatch", said, own=("LogBot", "Reading HarborWatch by machine"))
    assert terms("It has 24 layers", said, headings=over) == {"24 layers": "elsewhere"}
    assert terms("TideFormer is used", said) == {"TideFormer": "nowhere"}


def test_a_unit_in_the_head_of_a_table_counts() -> None:
    """A number that has no unit of its own takes one that is told near its sentence, and no other."""
    table = ("Layers and heads of the two sizes are these.",)
    assert stands("It has 24 layers", "The small one has 12 and the large one 24.", rest=table)
    assert not stands("It has 24 epochs", "The small one has 12 and the large one 24.", rest=table)


def test_a_plain_word_is_a_name_where_the_document_has_it_as_one() -> None:
    """The document is the dictionary: a word that it writes in lower case is none, at the start of a clause or not."""
    plain = ("We pair an encoder with a decoder, and the encoder is frozen.",)
    assert terms("Encoder and Decoder are frozen. Encoders read.", "It is so.", rest=plain) == {}
    named = ("They say that Falcon is larger, and that Falcon is open.",)
    assert terms("Falcon is used. It takes falcon.", "It is so.", rest=named) == {
        "Falcon": "elsewhere",
        "falcon": "elsewhere",
    }
    assert terms("Uses a decoder. Combining both. Proposes more.", "It is so.", rest=plain) == {}


def test_a_word_that_every_text_has_is_no_name_where_a_sentence_begins() -> None:
    """Determiners, prepositions, pronouns, conjunctions, auxiliaries: their capital says nothing, in whatever document."""
    words = (
        "Every Inside Once Either Several Enough Until Towards Whereas Although Nobody Themselves Whose Perhaps Again Rather Mostly Jointly "
        "Should Were Beneath Throughout Ahead Apart Otherwise Meanwhile Roughly Upon Versus Plenty Whenever Various Alone Approximately Last"
    ).split()
    found = {word: terms(f"{word} block of the decoder has a layer.", "A block has one layer.") for word in words}
    assert {word: names for word, names in found.items() if names} == {}


def test_items_of_a_list_are_looked_for_by_their_names() -> None:
    """An item is one term; its names and figures may stand apart, its plain words alone count where it has none."""
    said = "We train on 158K samples of LLaVA data and on Common Crawl, with captions that people wrote."
    items = (
        "LLaVA data (158K)",
        "Common Crawl",
        "captions people wrote",
        "LLaVA data (600K)",
        "Common Voice",
        "dialogues people wrote",
    )
    assert terms(items, said) == {
        "LLaVA data (158K)": "in evidence", "Common Crawl": "in evidence", "captions people wrote": "in evidence",
        "LLaVA data (600K)": "nowhere", "Common Voice": "nowhere", "dialogues people wrote": "nowhere",
    }  # fmt: skip


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_breaks_the_check(value: str, said: str) -> None:
    """Whatever characters a model or a page writes, each term is cut from the value and has a place."""
    text = paper(said or "x")
    for term in check(plain(value), value, [pointer(text, s) for s in text.citable()], text).terms:
        assert term.text in value


@settings(deadline=None)
@given(st.text(alphabet="ab -3.", max_size=30), st.text(alphabet="ab -3.", min_size=1, max_size=3))
def test_a_term_is_marked_where_it_stands(value: str, term: str) -> None:
    """The places of a term hold its words, one behind the other, and never a part of a longer word."""
    behind = 0
    for start, end in places(term, value):
        assert value[start:end] == term
        assert start >= behind
        assert not (value[start : start + 1].isalnum() and value[max(0, start - 1) : start].isalnum() and start)
        behind = end
