"""Ranking without a model: what counts, what does not, and that it is the same each time."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_extract.adapters.extractive_engine import ExtractiveEngine
from survey_extract.adapters.fields_toml import default_fields
from survey_extract.core.fields import Cues, FieldSpec
from survey_extract.core.fingerprint import sha256_text
from survey_extract.core.paper_text import PaperText, SentenceKind
from survey_extract.core.ranking.neighbours import beside, beside_in_prose
from survey_extract.core.ranking.outcome import outcome
from survey_extract.core.ranking.relevance import (
    FEATURES,
    FINDING_FEATURES,
    Query,
    Relevance,
    cues_key,
    learned_words,
    select,
)
from survey_extract.core.ranking.short_forms import Long, short_forms
from survey_extract.core.ranking.stemming import stems
from survey_extract.core.ranking.traits import TRAITS, Traits
from survey_extract.core.ranking.weights import ANSWER_WEIGHTS, LEARNED_FOR, LEARNED_WORDS, WEIGHTS
from survey_extract.core.reading.rows import with_rows
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.core.tables.table import Row, Table, TableCell
from survey_extract.core.values.data_sets import data_sets

FILLER = (
    "The harbour lies at the mouth of the river, where the tide turns twice a day.",
    "Many people have written about the history of boats and of those who steer them.",
    "A storm in the winter of that year took the old pier with it.",
)


def text_of(*parts: tuple[str, str]) -> PaperText:
    """A text of headings, each with a paragraph."""
    blocks: list[Block] = []
    for heading, paragraph in parts:
        level = 1 + heading.split(" ")[0].count(".")
        blocks += [Block("heading", heading, level=level), Block("body", paragraph)]
    return assemble(blocks, reader="t", title=None, page_count=1)


def first(text: PaperText, spec: FieldSpec) -> str:
    return text.quote(Relevance(text).rank_field(spec)[0].sentence)


def scores(text: PaperText, spec: FieldSpec) -> dict[str, float]:
    return {text.quote(item.sentence): item.score for item in Relevance(text).rank_field(spec)}


@pytest.mark.parametrize(
    "words",
    [
        "encoder encoders",
        "image images",
        "evaluate evaluation evaluated",
        "dataset datasets",
        "align aligned alignment",
    ],
)
def test_the_forms_of_a_word_are_one(words: str) -> None:
    """Whoever asks for encoders finds the encoder."""
    assert len(set(stems(words))) == 1


def test_a_compound_counts_by_its_parts_and_grammar_for_nothing() -> None:
    """Each part once, and no preposition, article or auxiliary."""
    assert stems("image-text pairs of the model that it is in") == ["imag", "text", "pair", "model"]


@settings(deadline=None)
@given(st.text(max_size=300))
def test_a_score_is_a_share_or_says_that_nothing_is_answered(paragraph: str) -> None:
    """Whatever a text holds; and the same text gives the same ranking."""
    text = assemble([Block("body", paragraph)], reader="t", title=None, page_count=1)
    for spec in default_fields():
        ranked = Relevance(text).rank_field(spec)
        assert all(item.score == -1 or 0 <= item.score <= 1 for item in ranked)
        assert ranked == Relevance(text).rank_field(spec)


def test_a_sentence_without_what_the_cues_demand_answers_nothing() -> None:
    """However well the rest fits."""
    text = text_of(("1 Method", "The encoder reads the image and the text. The decoder writes the answer to it."))
    ranked = Relevance(text).rank(Cues("encoder decoder image", must=r"\bdecoder\b"))
    assert [item.score < 0 for item in ranked] == [False, True]


def test_other_peoples_work_is_known_by_all_headings_above_it() -> None:
    """The same words answer better under the paper's own method than in a part of related work."""
    sentence = "The model is trained in two stages on pairs of images and text."
    spec = default_fields().named("training_methods")
    own = text_of(
        ("2 Related work", FILLER[0]), ("2.1 Boats", FILLER[1]), ("3 Method", FILLER[2]), ("3.1 Nets", sentence)
    )
    other = text_of(
        ("2 Related work", FILLER[0]), ("2.1 Nets", sentence), ("3 Method", FILLER[1]), ("3.1 Boats", FILLER[2])
    )
    assert scores(own, spec)[sentence] > scores(other, spec)[sentence]


def test_a_lettered_appendix_is_one() -> None:
    """Also where no heading says so."""
    text = text_of(("1 Method", FILLER[0]), ("A Training details", FILLER[1]), ("B.2 More", FILLER[2]))
    traits = Traits(text)
    at = list(TRAITS).index("under appendix")
    assert [row[at] for row in traits.of_each] == [0.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("spec", "answer"),
    [
        (
            FieldSpec("rate", "Sampling rate", "At which rate the audio is sampled."),
            "All audio is sampled at a rate of 16 kHz.",
        ),
        (
            FieldSpec("vocoder", "Vocoder", "What turns spectra into waveforms."),
            "The vocoder is a small network that we train apart.",
        ),
        (
            FieldSpec("funding", "Funding", "Who paid for the trial."),
            "The study was funded by a grant of the harbour foundation.",
        ),
        (
            FieldSpec(
                "pain",
                "pain after a week",
                "The effect of warm sea water, compared with cold water, on pain after a week.",
            ),
            "After a week pain was lower with warm water than with cold water (2.1 versus 3.4; P = 0.02).",
        ),
    ],
)
def test_a_strangers_field_works_from_heading_and_instruction(spec: FieldSpec, answer: str) -> None:
    """Without a cue, its answer comes first among sentences on other things."""
    assert first(text_of(("1 Work", f"{FILLER[0]} {FILLER[1]} {answer} {FILLER[2]}")), spec) == answer


def test_what_was_learned_fits_the_features_and_the_fields_of_today() -> None:
    """Whoever changes a feature, or the cues of the first survey's fields, trains again: benchmarks/ranker.py."""
    assert {len(weights) for weights, _ in WEIGHTS.values()} == {len(FEATURES)}
    assert {kind: len(weights) for kind, (weights, _) in ANSWER_WEIGHTS.items()} == {
        "described": len(FEATURES), "aimed": len(FINDING_FEATURES), "worded": len(FINDING_FEATURES),
    }  # fmt: skip
    assert {LEARNED_FOR.get(cues_key(spec.query)) for spec in default_fields()} == {
        spec.name for spec in default_fields()
    }
    assert LEARNED_WORDS.keys() == {spec.name for spec in default_fields()}


def test_what_chooses_the_sentences_of_a_question_stays() -> None:
    """An answer is found by its question, and that by the sentences it shows: other weights would ask, and charge, existing surveys again."""
    assert sha256_text(repr((WEIGHTS, LEARNED_FOR, LEARNED_WORDS)))[:16] == "2a4b12156cbcc22b"


def with_table(caption: str, *prose: str) -> PaperText:
    """A text whose paragraphs have a table of three rows after the first of them."""
    box = (0.0, 0.0, 9.0, 9.0)
    rows = tuple(Row(f"pier {n}", None, (TableCell(("depth",), f"{n} m", box),), box) for n in range(3))
    before, *behind = (Block("body", paragraph) for paragraph in prose)
    blocks = [Block("heading", "3 Data"), before, Block("caption", caption), *behind]
    return with_rows(assemble(blocks, reader="t", title=None, page_count=1), [Table("Table 1", caption, 1, rows, 0)])


QUESTIONS_TEXT = (
    "TideNet reads the left harbour log (LHL) of COCO and ShipQA. We train it in two stages with a learning rate of 1e-4.",
    "The encoder is frozen, and an adapter aligns images with text. It is tuned on LHL for 3 epochs [4].",
    "Shivering did not differ between the wool group and the linen group (2.1 versus 2.2; p = 0.6).",
    "Earlier work (Smith et al., 2019) outperforms this; we hope to connect it by cross-attention in future work.",
)


def test_what_ranks_the_sentences_of_a_question_stays_to_the_last_digit() -> None:
    """What is counted as well as what it weighs, also where a table stands between; the answers without a model may learn."""
    relevance = Relevance(with_table("Table 1: Depth of the left harbour log, by pier.", *QUESTIONS_TEXT))
    strangers = FieldSpec("log", "The log", "What the left harbour log is."), COLD
    odds = {spec.name: relevance.odds_of_field(spec) for spec in (*default_fields(), *strangers)}
    scores = {
        spec.name: [item.score for item in relevance.rank(spec.query)] for spec in (*default_fields(), *strangers)
    }
    told = repr(
        [{name: [f"{one:.6f}" for one in of_each] for name, of_each in found.items()} for found in (odds, scores)]
    )
    assert sha256_text(told)[:16] == "c29a136a58a6663d"


def test_a_table_between_two_sentences_of_the_prose_does_not_part_them() -> None:
    """The neighbour of a sentence is the next sentence of the prose; a row is about what its caption says, and lends to no sentence."""
    kinds: list[SentenceKind] = ["body", "caption", "row", "row", "body", "body"]
    assert beside_in_prose([5.0, 3.0, 9.0, 8.0, 1.0, 2.0], kinds) == [1.0, 0.0, 3.0, 3.0, 5.0, 1.0]


@given(st.lists(st.tuples(st.sampled_from(["body", "note", "caption", "row"]), st.floats(0, 1))))
def test_the_neighbours_of_prose_are_what_they_are_without_the_tables(found: list[tuple[SentenceKind, float]]) -> None:
    """Wherever they stand and however many rows they have."""
    kinds, scores = [kind for kind, _ in found], [score for _, score in found]
    prose = [index for index, kind in enumerate(kinds) if kind in ("body", "note")]
    near = beside_in_prose(scores, kinds)
    assert [near[index] for index in prose] == beside([scores[index] for index in prose])


def test_a_row_of_a_table_lends_nothing_to_the_sentence_beside_it() -> None:
    """An answer has the same score whether the table next to it repeats the field's words or not."""
    spec = FieldSpec("mooring", "Mooring", "How ships are moored at night.")
    answer = "At night all ships are moored with two ropes."
    text = with_table("Table 1: Depths.", f"{FILLER[0]} {answer}", FILLER[1])
    about = replace(text.tables[0], rows=tuple(replace(row, label="moored at night") for row in text.tables[0].rows))
    rank_one, rank_two = (scores(replace(text, tables=(table,)), spec)[answer] for table in (text.tables[0], about))
    assert rank_one == pytest.approx(rank_two, rel=0.2)


@pytest.mark.parametrize(
    ("heading", "instruction", "sought"),
    [
        ("pain", "The effect of warm water, compared with cold water, on pain after a week.", "pain after a week"),
        ("Effect", "The effect of warm water on pain after a week compared with cold water.", "pain after a week"),
        ("Effect", "The effect of water on the sea, vs. tea (2.5 cups; hot), on sleep. Say on which day.", "sleep"),
        ("Result", "Whether warm water reduces pain, compared with cold water?", "pain"),
        ("pain", "Which of the two was better, compared with the other.", "pain"),
        ("Primary outcome", "What was found to be significant.", ""),
        ("", "", ""),
    ],
)
def test_a_question_that_compares_is_about_its_outcome(heading: str, instruction: str, sought: str) -> None:
    """However it is put; the heading says it where the instruction does not and it is not any question's."""
    assert outcome(heading, instruction) == sought


def test_a_comparison_is_answered_alike_in_all_its_forms() -> None:
    """A heading that says nothing, another order and another verb rank the sentences as the plain form does."""
    found = "Shivering did not differ between the two groups (2.1 versus 2.2; p = 0.6)."
    wool = "Wool was given to the wool group, linen to the linen group, and both were compared."
    text = text_of(("2 Methods", f"{FILLER[0]} {wool}"), ("3 Results", f"{FILLER[1]} {found} {FILLER[2]}"))
    asks = (
        "The effect of wool, compared with linen, on shivering.",
        "The effect of wool on shivering compared with linen.",
        "Whether wool reduces shivering compared with linen.",
    )
    assert {first(text, FieldSpec("cold", "Effect", ask)) for ask in asks} == {found}


@pytest.mark.parametrize(
    ("sentence", "forms"),
    [
        ("We measured the visual analogue scale (VAS) at noon.", {"VAS": ("visual", "analogu", "scale")}),
        ("The left ventricular ejection fraction (LVEF, in %) rose.", {"LVEF": ("left", "ventricular", "eject", "fraction")}),
        ("Red ships (RS) and free days (FDs) count.", {"RS": ("red", "ship"), "FD": ("free", "day")}),
        ("The ships in the harbour (MRI) are old, see Table (A) and (Smith).", {}),
    ],
)  # fmt: skip
def test_what_is_spelt_out_before_brackets_is_what_they_stand_for(sentence: str, forms: dict[str, Long]) -> None:
    """Its letters in order, the first at the beginning of a word; a bracket with other letters is none."""
    assert short_forms([sentence]) == forms


def test_an_abbreviation_answers_for_what_it_is_short_for() -> None:
    """And the other way round, wherever the text spells it out."""
    spelt = "The visual analogue scale (VAS) was filled in at noon by each of the ships."
    short, long = "VAS was 4.1 with wool.", "The visual analogue scale was 4.1 with wool."
    for sentence in (short, long):
        text = text_of(("2 Methods", f"{FILLER[0]} {spelt}"), ("3 Results", f"{FILLER[1]} {sentence} {FILLER[2]}"))
        for heading in ("VAS with wool", "Visual analogue scale with wool"):
            assert first(text, FieldSpec("scale", heading, "What it was.")) == sentence


COLD = FieldSpec("cold", "shivering", "The effect of wool, compared with linen, on shivering.")


@pytest.mark.parametrize("spec", [COLD, replace(COLD, heading="", ask="", cues=Cues(COLD.ask))])
def test_what_came_of_it_comes_before_how_it_was_measured(spec: FieldSpec) -> None:
    """A question that compares is answered by the finding, though the words of other sentences match as well; with a heading and without."""
    measured = "Shivering was measured by two nurses with a scale of shivering from zero to four."
    found = "Shivering did not differ between the wool group and the linen group (2.1 versus 2.2; p = 0.6)."
    text = text_of(("2 Outcome measures", f"{FILLER[0]} {measured}"), ("3 Results", f"{FILLER[1]} {found}"))
    assert first(text, spec) == found


def test_a_model_is_shown_what_it_was_shown_whatever_answers_without_one() -> None:
    """The further features of a finding have no part in the odds by which sentences are shown."""
    text = text_of(("3 Results", f"{FILLER[1]} Shivering did not differ between the two groups. {FILLER[2]}"))
    relevance = Relevance(text)
    by_weights = sorted(relevance.odds_of_field(COLD), reverse=True)
    shown = [1 / (1 + math.exp(-odds)) for odds in by_weights]
    assert shown != pytest.approx([item.score for item in relevance.rank_field(COLD)])
    weights, rest = WEIGHTS["compared"]
    rows = relevance.features(Query.of(COLD))
    assert relevance.odds_of_field(COLD) == [sum(map(float.__mul__, weights, row)) + rest for row in rows]


def test_learned_words_speak_for_their_own_cues_alone() -> None:
    """A field of the same name with other cues is another field."""
    spec = default_fields().named("alignment_techniques")
    assert spec.cues
    assert Query.of(spec).kind == "known"
    assert learned_words(replace(spec.cues, words="wheels axles")) == {}


def test_the_best_sentence_is_shown_first_and_one_that_leans_behind_it() -> None:
    """Not in reading order; and what begins with "It" comes after what can be read alone."""
    text = text_of(
        ("1 Introduction", FILLER[0]),
        (
            "2 Training",
            "It is trained on pairs of images and text with a learning rate of 1e-4 in two stages. " + FILLER[1],
        ),
        (
            "3 Setup",
            "We train the model in two stages with a batch size of 64 and a learning rate of 1e-4 for 3 epochs.",
        ),
    )
    said = ExtractiveEngine().ask("k", text, [default_fields().named("training_methods")]).said[0]
    quotes = [text.quote(text.sentences[number - 1]) for number in said.numbers]
    assert [quote.split()[0] for quote in quotes] == ["We", "It"]


def test_what_is_about_something_else_is_not_reported() -> None:
    """No sentence on boats says how a model is built."""
    text = text_of(("1 Boats", " ".join(FILLER)))
    said = ExtractiveEngine().ask("k", text, default_fields().asked).said
    assert [(one.value, one.numbers) for one in said] == [(None, ())] * len(default_fields())


def test_a_paper_that_does_not_fit_is_cut_by_the_same_ranking() -> None:
    """What ranks best for a field is kept, in reading order."""
    answer = "The vocoder is a small network that we train apart."
    text = text_of(("1 Boats", f"{' '.join(FILLER * 4)} {answer}"))
    kept, left_out = select(text, [FieldSpec("vocoder", "Vocoder", "The vocoder that is used.")], 250)
    assert answer in [text.quote(sentence) for sentence in kept]
    assert len(kept) + left_out == len(text.citable())


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        (
            "We evaluate on three datasets, i.e., LogBench, Tide Rows [3] and ShipQA.",
            {"LogBench", "Tide Rows", "ShipQA"},
        ),
        ("We use the LogPairs, HarborText and Old Charts datasets.", {"LogPairs", "HarborText", "Old Charts"}),
        ("Results on COCO (Lin et al., 2014), VQAv2, LogBench and GQA improve.", {"COCO", "VQAv2", "LogBench", "GQA"}),
        ("We test on flickr30k, Flickr30K and coco.", {"Flickr30K"}),
        ("On winogrande and WinoGrande nothing changes.", {"WinoGrande"}),
        ("LogNet, ShipFormer and TideBERT are models.", set()),
        (
            "We use the COCO dataset, the LogNet [3] and ShipFormer [4] models and TideBERT [5], pre-trained on ShipQA.",
            {"COCO"},
        ),
        ("We train on the ShipPairs 2014 English-German dataset and the English NLP benchmarks.", set()),
        ("These datasets include Anchor and Mooring style tasks, and the Meaning and Metrics benchmark.", set()),
        ("We take the Old Harbour Charts (OHC) dataset.", {"Old Harbour Charts"}),
        ("We take the Old Harbour Questions (GQA) dataset.", {"GQA"}),
        ("We test on the LogBench benchmark and omit the ShipQA dataset.", {"LogBench"}),
        ("ALIGN is compared with us on the ALIGN dataset.", {"ALIGN"}),
        ("ALIGN is compared with us on COCO.", {"COCO"}),
        ("We align images, and the pile is high.", set()),
        ("It beats LLaVA-1.5 and GPT-3.5 on the ShipQA benchmark.", {"ShipQA"}),
        ("Three Nautical VQA datasets are taken, and the Tidal QA benchmark.", set()),
        ("Generate ShipQA dataset for this.", {"ShipQA"}),
        ("Using ShipQA dataset we go on.", {"ShipQA"}),
        ("Tide ShipQA dataset is new.", {"Tide ShipQA"}),
        ("If we have two data sets x1 and x2, then each has a mean.", set()),
        ("It draws on the log's data archive (2B Harbour Data Office, St. Olaf, MN), which is closed.", set()),
        ("We collect data from Harvard, MIT and Yale.", set()),
        ("They are read as panel data (i.e., PL and PC).", set()),
        ("We train on data from COCO, GQA and ShipQA.", {"COCO", "GQA", "ShipQA"}),
        ("Our training data include LogPairs and HarborText.", {"LogPairs", "HarborText"}),
        ("These data sets hold COCO-style captions and Winograd style tasks.", set()),
        ("Winograd-style tasks: Winograd and WinoGrande.", {"Winograd", "WinoGrande"}),
        ("It sails far ahead on Harbor-Bench and TideBench, with all workbenches.", {"Harbor-Bench", "TideBench"}),
    ],
)
def test_names_are_known_called_or_listed(sentence: str, names: set[str]) -> None:
    """A list is one of data sets where the text says so, or where a third of it is known; spelling does not hide a name."""
    assert set(data_sets(sentence)) == names


def test_a_model_that_is_once_called_a_data_set_is_none() -> None:
    """What nearly all sentences speak of otherwise is no data set; what is mentioned seldom is taken at its word."""
    often = " ".join(f"HarborNet reads log {n} in the morning." for n in range(60))
    text = text_of(("1 Data", f"We train on the HarborNet dataset and on the ShipQA dataset. {often}"))
    spec = default_fields().named("datasets_used")
    assert ExtractiveEngine().ask("k", text, [spec]).said[0].value == ("ShipQA",)


def test_one_data_set_in_two_spellings_is_one_name() -> None:
    """The commonest spelling is answered."""
    text = text_of(
        ("1 Data", "We train on Flickr30K for an hour. We test on Flickr30K at night. We report on Flickr30k in full.")
    )
    said = ExtractiveEngine().ask("k", text, [default_fields().named("datasets_used")]).said[0]
    assert said.value == ("Flickr30K",)
