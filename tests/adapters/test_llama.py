"""llama.cpp's own server: our schema is understood, a real refusal is named, and fluent gibberish is not believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import Folder, Ran
from tests.papers.make import HARBOR, pdf

pytest.importorskip("xllamacpp", reason="llama.cpp's server (xllamacpp) has no package for this machine")

from tests.servers.llama_server import llama  # behind the check above

CONTEXT = 65_536


@pytest.fixture(scope="module")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with llama(tmp_path_factory.mktemp("llama"), context=CONTEXT, key="right-key") as url:
        yield url


@pytest.fixture
def asking(survey: Folder, base_url: str) -> Folder:
    survey.write("papers/harbor.pdf", pdf(HARBOR))
    survey.sources("./papers/harbor.pdf,Harbor")
    survey.env |= {
        "OPENAI_BASE_URL": base_url,
        "OPENAI_API_KEY": "right-key",
        "SURVEY_MODEL": "tiny",
        "SURVEY_TEMPERATURE": "1",
    }
    survey.env |= {"SURVEY_CONTEXT_TOKENS": str(CONTEXT), "SURVEY_REPLY_TOKENS": "30000"}
    return survey


def outcome(ran: Ran) -> dict[str, object]:
    found: dict[str, object] = ran.json()["outcomes"][0]
    return found


def gibberish(asking: Folder) -> list[dict[str, Any]]:
    """The cells of papers that the model answered: one more paper until a cell has a value and a sentence number was wrong.

    Chance decides both. A field is left empty about every other time: all
    seven of one paper in one of 128 runs, those of six papers in none.
    """
    for number in range(1, 7):
        asking.write(f"papers/harbor-{number}.pdf", pdf(replace(HARBOR, title=f"Harbor {number}")))
        asking.sources(*(f"./papers/harbor-{older}.pdf,Harbor {older}" for older in range(1, number + 1)))
        ran = asking.run("refresh", "--json")
        kinds = [outcome["kind"] for outcome in ran.json()["outcomes"]]
        assert kinds == ["unchanged"] * (number - 1) + ["new"], ran.json()["outcomes"]
        assert [reply["outcome"] for reply in ran.json()["replies"]] == ["ok"]
        assert ran.json()["replies"][0]["usage"]["prompt"] > 3_000
        cells = asking.rows("SELECT field, proposed, evidence_count, unresolved_count, check_state FROM cells")
        assert len(cells) == 7 * number
        rejected = asking.rows("SELECT coalesce(sum(len(unresolved)), 0) AS numbers FROM answers")[0]["numbers"]
        if rejected and any(cell["proposed"] is not None for cell in cells):
            return cells
    raise AssertionError("six papers, and the random model never said a word or never named a wrong sentence")


def test_fluent_gibberish_is_not_believed(asking: Folder) -> None:
    """The reply fits the schema at the first attempt; no evidence of it is real beyond chance, and none of its names is in the paper."""
    said = [cell for cell in gibberish(asking) if cell["proposed"] is not None]
    assert all(cell["check_state"] != "in evidence" for cell in said)
    quotes = asking.rows("SELECT quote FROM evidence WHERE quote IS NOT NULL")
    text = " ".join(row["text"] for row in asking.rows("SELECT text FROM sentences"))
    assert all(row["quote"] in text for row in quotes)


def test_a_real_401_closes_the_engine(asking: Folder) -> None:
    """The server's own refusal of a key is named as such."""
    ran = asking.run("refresh", "--json", OPENAI_API_KEY="wrong-key")
    assert (ran.code, outcome(ran)["error"]) == (1, "engine_closed")
    assert "OPENAI_API_KEY" in str(outcome(ran)["message"])


def test_a_real_overflow_says_what_to_set(asking: Folder) -> None:
    """A question beyond the server's context ends as too long, with the setting's name."""
    asking.write("papers/harbor.md", "# Long\n\n" + "We describe a sentence of some length about the harbour. " * 4_000)
    asking.sources("./papers/harbor.md,Long")
    ran = asking.run("refresh", "--json", SURVEY_CONTEXT_TOKENS="1000000", SURVEY_SHOW="everything")
    assert (ran.code, outcome(ran)["error"]) == (1, "too_long"), outcome(ran)
    assert "context_tokens" in str(outcome(ran)["message"])


def test_a_real_length_stop_is_booked(asking: Folder) -> None:
    """A reply that runs into its limit twice fails, and its tokens are booked."""
    ran = asking.run("refresh", "--json", SURVEY_REPLY_TOKENS="200")
    assert (ran.code, outcome(ran)["error"]) == (1, "too_long"), outcome(ran)
    assert [reply["usage"]["completion"] for reply in ran.json()["replies"]] == [200, 400]
