"""sources.csv belongs to people: read strictly, never rewritten."""

from __future__ import annotations

import pytest

from survey_extract.core.inputs.sources import append_source, chosen, lost_names, parse_sources
from survey_extract.errors import BadSources

GOOD = b'# our list\nsource,name,note\n\n2304.08485,LLaVA,first\n  # a comment\nhttps://x.org/a,"Name, with comma",\n./papers/o.pdf\n'


def test_blank_lines_comments_and_optional_columns_are_read() -> None:
    """Comments and blank lines are passed over, short rows and further columns are fine, lines are counted right."""
    sources = parse_sources(GOOD)
    assert [(s.key, s.name, s.line, s.extra) for s in sources] == [
        ("arxiv-2304.08485", "LLaVA", 4, (("note", "first"),)),
        ("web-x.org-a", "Name, with comma", 6, (("note", ""),)),
        ("file-papers-o.pdf", None, 7, (("note", ""),)),
    ]


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (b"", "sources.csv", "empty"),
        (b"name,link\nLLaVA,x\n", "sources.csv:1", "no column 'source'"),
        (b"source,source\n2304.08485,\n", "sources.csv:1", "twice"),
        (b"source,name\n2304.08485,LLaVA\narXiv:2304.08485v2,again\n", "sources.csv:3", "same source as line 2"),
        (b"source,name\n2304.08485,LLaVA\n\nLLaVA,2304.08485\n", "sources.csv:4", "is not a source"),
        (b"source,name\n2304.08485,LLaVA, the model\n", "sources.csv:2", "must be quoted"),
        (b"source,name\n2304.08485,LLaVA\nhttps://x.org,caf\xe9\n", "sources.csv:3", "not UTF-8"),
        (b"source,name\n,LLaVA\n", "sources.csv:2", "empty"),
        (b'source,name\n2304.08485,"LLaVA" x\n', "sources.csv:2", "quoted"),
    ],
)
def test_a_bad_line_stops_everything_with_its_number(data: bytes, line: str, says: str) -> None:
    """One error, naming the line and what is wrong with it."""
    with pytest.raises(BadSources) as error:
        parse_sources(data)
    assert str(error.value).startswith(line)
    assert says in str(error.value)


@pytest.mark.parametrize(
    "data",
    [GOOD, b"source,name\r\n2304.08485,a\r\n", b"source\n2304.08485", b"\xef\xbb\xbfname,source\nLLaVA,2304.08485\n"],
)
def test_appending_changes_no_other_byte(data: bytes) -> None:
    """A line is added at the end, in the file's own columns and line ends; what stood there stands there."""
    after = append_source(data, "2301.12597", None)
    assert after.startswith(data)
    assert parse_sources(after)[:-1] == parse_sources(data)
    assert parse_sources(after)[-1].key == "arxiv-2301.12597"
    assert (b"\r\n" in after) == (b"\r\n" in data)


def test_a_name_needs_a_column() -> None:
    """A name is not silently lost where the file has no column for it."""
    with pytest.raises(BadSources, match="no column 'name'"):
        append_source(b"source\n2304.08485\n", "2301.12597", "BLIP-2")


@pytest.mark.parametrize("word", ["arxiv-2304.08485", "2304.08485", "LLaVA", "https://arxiv.org/abs/2304.08485"])
def test_sources_are_chosen_by_key_identity_or_name(word: str) -> None:
    """Any way in which a person may call a source finds it."""
    assert [s.key for s in chosen(parse_sources(GOOD), [word])] == ["arxiv-2304.08485"]


def test_an_unknown_choice_is_an_error() -> None:
    """A misspelt key does not mean "nothing to do": the one that was probably meant is named, and what lists them all."""
    with pytest.raises(BadSources, match=r"not a source .*did you mean 'LLaVA'.*status --sources"):
        chosen(parse_sources(GOOD), ["LLaMA"])


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Source,title", "'title'"),
        ("source,names", "'names'"),
        ("source,Nmae,year", "'nmae'"),
        ("source,name,title", None),
        ("source,year,venue", None),
        ("source", None),
    ],
)
def test_a_header_that_loses_the_names_is_said(header: str, said: str | None) -> None:
    """A column that was meant to be ``name`` gives no names, and that is said; further columns are nobody's mistake."""
    lost = lost_names(f"{header}\n2304.08485,x,y\n".encode())
    assert (lost or "").count(said or "did you mean") == (1 if said else 0)
