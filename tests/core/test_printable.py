"""What anybody wrote only shows: it moves no cursor, turns no letters round, and gives no CI a command."""

from __future__ import annotations

import json
import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_extract.core.printable import printable, printable_line

ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
PARTS = [
    ":",
    "::",
    "##",
    "[",
    "vso[",
    "error",
    "\n",
    "\r",
    "\t",
    " ",
    "\x1b[2J",
    "\x9b",
    "\u202e",
    "\\",
    "u003a",
    "\x85",
    "a",
]
HOSTILE = st.one_of(st.lists(st.sampled_from(PARTS)).map("".join), st.text(st.characters()))


def commands(text: str) -> list[str]:
    """The lines that GitHub, Azure or TeamCity would take for commands; blanks before ``::`` do not hinder GitHub."""
    lines = re.split(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", text)
    return [line for line in lines if line.strip().startswith("::") or re.search(r"##(vso|teamcity)?\[", line)]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HOSTILE)
def test_nothing_that_acts_is_left(text: str) -> None:
    """Whatever is written, no control, no override, no line that is a command; and once is enough."""
    for shown in (printable(text), printable_line(text)):
        assert not ACTING.search(shown)
        assert not commands(shown)
        shown.encode()
    assert printable(printable(text)) == printable(text)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(HOSTILE, st.lists(HOSTILE)))
def test_json_stays_the_same_data(data: dict[str, list[str]]) -> None:
    """JSON reads each escape as the character itself, however it is set out."""
    for text in (json.dumps(data, ensure_ascii=False), json.dumps(data, ensure_ascii=False, indent=1)):
        assert json.loads(printable(text)) == data


@pytest.mark.parametrize(
    "text",
    ["Harbor", "a\tb\nc", "Müller, 北京, עברית\u200f, 10⁻⁵, 🦙", "std::vector, a :: b", "# heading\n## heading [x]", "C:\\u003a", ": x"],
)  # fmt: skip
def test_what_only_shows_is_left_alone(text: str) -> None:
    """Names and sentences of any alphabet, figures, Markdown and code stay as they are."""
    assert printable(text) == text


def test_a_message_of_several_lines_looks_like_one() -> None:
    """What stands behind a line end is set in."""
    assert printable_line("added x: A\nerror: B\n\n::error::C") == "added x: A\n  error: B\n  \n  \\u003a:error::C"


@pytest.mark.parametrize("piece", ["##", "##a", " ", "\n ", "#", "a", "##[", "\n::", " :", "\x1b", "\n\t"])
def test_it_takes_linear_time(piece: str) -> None:
    """Four times the text takes about four times as long, never sixteen."""

    def seconds(count: int) -> float:
        text = piece * count
        best = 9.0
        for _ in range(3):
            began = time.process_time()
            printable_line(text)
            best = min(best, time.process_time() - began)
        return best

    long = seconds(200_000)
    assert long < 0.02 or long < 12 * seconds(50_000)
