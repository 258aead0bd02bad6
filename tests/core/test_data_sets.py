"""Data sets without a model: by their spelling, their year, their part, and the lists of tables that they stand in."""

from __future__ import annotations

import pytest

from survey_extract.core.tables.table import NO_BOX, Row, Table, TableCell
from survey_extract.core.values.data_sets import data_sets, mentions
from survey_extract.core.values.tabled_names import tabled

NAMED = {
    "We train on WMT 2014 English-German.": ("WMT 2014 English-German",),
    "The SemEval-2017 test is used.": ("SemEval-2017",),
    "Scores on VQAv2 test-dev are in the table.": ("VQAv2",),
    "Scores on TextVQA-val are in the table.": ("TextVQA",),
    "We evaluate it on the Quorl-QA (Reed et al., 2020).": ("Quorl-QA",),
    "It is tested on the QUORL reading comprehension benchmark.": ("QUORL",),
    "The QUORL pre-training corpus is larger.": (),
    "It is tested on Quorl and on GPUs.": (),
}


@pytest.mark.parametrize("sentence", NAMED)
def test_a_name_is_recognised_by_what_stands_around_it(sentence: str) -> None:
    """Years and pairs of languages belong to it, parts of a data set do not; "evaluated on" with a citation names one."""
    assert data_sets(sentence) == NAMED[sentence]


def test_what_weighs_in_questions_to_a_model_knows_no_further_names() -> None:
    """The weights that choose what a model is shown count the names that they were learned with."""
    assert data_sets("We use Penn Treebank here.") == ("Penn Treebank",)
    assert mentions("We use Penn Treebank here.") == ()


def table(*labels: str) -> Table:
    rows = tuple(Row(label, None, (TableCell(("Images",), "3", NO_BOX),), NO_BOX) for label in labels)
    return Table("Table 1", "Table 1: Sizes.", 1, rows, 0, first=7)


def test_a_list_in_a_table_is_one_of_data_sets_where_known_ones_stand_in_it() -> None:
    """Names beside known ones are such; measures and plain words are none, and a table of models lists none."""
    assert list(tabled([table("COCO", "GQA", "QuorlBank [3]", "Total")])) == [("COCO", 7), ("GQA", 8), ("QuorlBank", 9)]
    assert list(tabled([table("COCO", "QuorlNet", "ReedNet", "LindNet")])) == []
