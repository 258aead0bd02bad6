"""Settings: one order, unknown names refused, keys never in files."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from survey_extract.errors import BadSettings
from survey_extract.settings import Settings, load_settings
from tests.conftest import ROOT


def write(path: Path, table: str) -> Path:
    (path / "pyproject.toml").write_text(f"[tool.survey-extract]\n{table}\n")
    return path


def test_options_beat_the_environment_beats_the_file(tmp_path: Path) -> None:
    """Each layer overrides the one before, and the rest are the defaults."""
    write(tmp_path, 'model = "file"\nconcurrency = 2\narxiv_pace = 1.5')
    settings = load_settings(
        tmp_path, {"SURVEY_MODEL": "environment", "SURVEY_CONCURRENCY": "3"}, {"model": "option", "engine": None}
    )
    assert (settings.model, settings.concurrency, settings.arxiv_pace, settings.publish) == (
        "option",
        3,
        1.5,
        "reviewed",
    )


@pytest.mark.parametrize(
    ("environ", "engine"),
    [({}, "extractive"), ({"OPENAI_API_KEY": "k"}, "openai"), ({"OPENAI_BASE_URL": "http://127.0.0.1/v1"}, "openai")],
)
def test_auto_is_a_model_when_there_is_one(tmp_path: Path, environ: dict[str, str], engine: str) -> None:
    """A key or a base URL chooses the model; neither chooses the engine without one."""
    assert load_settings(tmp_path, environ).engine_name == engine


@pytest.mark.parametrize(
    ("table", "environ", "says"),
    [
        ("budgett = 3", {}, "budgett"),
        ("", {"SURVEY_MODLE": "x"}, "SURVEY_MODLE"),
        ("concurrency = 0", {}, "concurrency"),
        ('engine = "gpt"', {}, "engine"),
        ("", {"SURVEY_ARXIV_PACE": "fast"}, "SURVEY_ARXIV_PACE"),
        ('api_key = "sk-canary"', {}, "OPENAI_API_KEY"),
        ('base_url = "http://evil.example/v1"', {"OPENAI_API_KEY": "sk-canary"}, "OPENAI_BASE_URL"),
        (
            'base_url = "http://evil.example/v1"',
            {"OPENAI_BASE_URL": "http://127.0.0.1/v1"},
            "base_url does not belong in a file",
        ),
        ("budget = inf", {}, "budget"),
        ('mirror = "ftp://x"', {}, "mirror"),
        ("not toml", {}, "pyproject.toml"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(
    tmp_path: Path, table: str, environ: dict[str, str], says: str
) -> None:
    """An unknown name or a bad value is named, with where it stands, and no key is repeated."""
    with pytest.raises(BadSettings) as error:
        load_settings(write(tmp_path, table), environ)
    assert says in str(error.value)
    assert "sk-canary" not in str(error.value)


@pytest.mark.parametrize(
    "block",
    [
        "tool.survey_extract",
        "tool.Survey-Extract",
        "tool.surveyextract",
        "tool.survey-extarct",
        "tool.survey-extracts",
        "tool.survey_extract.prices.m",
        "tools.survey-extract",
        "survey-extract",
        "survey_extract",
    ],
)
def test_a_block_that_is_nearly_ours_is_refused(tmp_path: Path, block: str) -> None:
    """However the block is misspelt or misplaced, it is named with the one that was meant, never passed over."""
    (tmp_path / "pyproject.toml").write_text(f"[{block}]\ninput = 3\n")
    with pytest.raises(BadSettings) as error:
        load_settings(tmp_path, {})
    assert "did you mean [tool.survey-extract]?" in str(error.value)
    assert f"[{block.removesuffix('.prices.m')}]" in str(error.value)


def test_blocks_of_others_are_no_concern(tmp_path: Path) -> None:
    """What other tools and packages say of themselves, and of us, is no setting."""
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "survey"\n[project.urls]\nsurvey-extract = "https://example.org"\n'
        '[dependency-groups]\nsurvey-extract = ["survey-extract"]\n[tool.survey]\na = 1\n[tool.survey-monkey]\na = 1\n'
        '[tool.uv.sources.survey-extract]\npath = "x"\n[tool.extract]\na = 1\n[tool.survey-extract]\nmodel = "m"\n'
    )
    assert load_settings(tmp_path, {}).model == "m"


def test_a_key_is_not_shown(tmp_path: Path) -> None:
    """Printing settings prints no key."""
    assert "sk-canary" not in repr(load_settings(tmp_path, {"OPENAI_API_KEY": "sk-canary"}))


def test_every_setting_is_in_the_docs() -> None:
    """docs/settings.md has a paragraph for each setting, with its default and description, however its lines are broken."""
    told = {" ".join(text.split()) for text in (ROOT / "docs" / "settings.md").read_text().split("\n\n")}
    hints = get_type_hints(Settings, include_extras=True)
    for knob in fields(Settings):
        value = getattr(Settings(), knob.name)
        default = "" if value is None else f" (`{value}`)"
        assert f"`{knob.name}`{default}: {get_args(hints[knob.name])[-1]}." in told


def test_prices_are_read_from_the_file(tmp_path: Path) -> None:
    """As the README shows them: a name with dots in quotes, a day without, what is left out by its default."""
    (tmp_path / "pyproject.toml").write_text(
        '[tool.survey-extract]\nmodel = "m-1.5"\n[tool.survey-extract.prices."m-1.5"]\ninput = 0.25\noutput = 2.0\ndate = 2026-11-01\n'
    )
    price = load_settings(tmp_path, {}).price
    assert price is not None
    assert (price.input, price.output, price.cached, price.batch, price.on) == (0.25, 2.0, 0.25, 0.5, "2026-11-01")
    assert load_settings(tmp_path, {"SURVEY_MODEL": "other"}).price is None
