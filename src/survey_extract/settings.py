"""pyproject.toml, the environment and the command line go in, one frozen ``Settings`` comes out, read once.

Order: ``[tool.survey-extract]``, then ``SURVEY_`` and the name in capitals
(and OPENAI_API_KEY, OPENAI_BASE_URL), then command options. An unknown name
anywhere is an error, since a misspelt ``budget`` would cost money. The key and
where it is sent come from the environment alone: files are changed by others.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from survey_extract.core.decisions import Publish
from survey_extract.core.meant import did_you_mean
from survey_extract.core.money import Price
from survey_extract.core.question import Show
from survey_extract.core.readme.table import TableForm
from survey_extract.errors import BadSettings

PREFIX = "SURVEY_"
TABLE = "survey-extract"
NEAR = 0.88
"""Likeness, from 0 to 1, above which the name of a block is ours misspelt: two letters may be wrong, lacking or too many."""
_FROM_ENVIRONMENT_ONLY = {"api_key": "OPENAI_API_KEY", "base_url": "OPENAI_BASE_URL"}


class ModelPrice(BaseModel):
    """USD a million tokens of one model, and the day on which its provider said so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    output: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    cached: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    batch: Annotated[float, Field(gt=0, le=1)] = 0.5
    date: date

    def price(self) -> Price:
        """The same for the books; cached tokens cost as much as others where no price for them is given."""
        cached = self.input if self.cached is None else self.cached
        return Price(self.input, self.output, cached, self.batch, self.date.isoformat())


class Settings(BaseModel):
    """Every knob, with its default; the descriptions are the README's settings table."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False)

    engine: Literal["auto", "openai", "extractive"] = Field(
        "auto",
        description="who answers: `openai` (any compatible endpoint), `extractive` (no model), or `auto`: `openai` when a key or base URL is set",
    )
    model: str | None = Field(None, description="the model asked of the endpoint; required for `openai`")
    context_tokens: Annotated[int, Field(ge=2_000)] = Field(
        128_000, description="tokens that fit in one request, question and reply together"
    )
    reply_tokens: Annotated[int, Field(ge=200)] = Field(4_000, description="tokens a reply may have")
    temperature: Annotated[float, Field(ge=0, le=2)] = Field(
        0.0, description="0 for the same answer to the same question"
    )
    response_format: Literal["json_schema", "json_object", "text"] = Field(
        "json_schema", description="how the endpoint is made to reply in JSON; lower it for servers that refuse schemas"
    )
    show: Show = Field(
        "relevant",
        description="what a model is shown of a long document: the sentences that rank highest for the fields asked about (`relevant`), or `everything`",
    )
    concurrency: Annotated[int, Field(ge=1, le=256)] = Field(8, description="model requests under way at once")
    request_seconds: Annotated[float, Field(gt=0)] = Field(
        600.0, description="seconds a model may take for one whole reply"
    )
    budget: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = Field(
        None, description="USD a run may cost; no request is sent that could exceed it. Needs the model's price"
    )
    prices: dict[str, ModelPrice] = Field(
        {},
        description="per model `{input, output, cached, batch, date}`: USD a million tokens, the share that batches cost (0.5), and the day of the price",
    )
    publish: Publish = Field(
        "reviewed",
        description="`reviewed`: rows decided in every cell, and rows that a list brought in; `any`: undecided ones too, marked as such",
    )
    table: TableForm = Field(
        "list",
        description="form of the table: `list` has a column for each field, `fields` a line, which narrow screens can show",
    )
    readme_bytes: Annotated[int, Field(ge=1_000)] = Field(
        500_000, description="size of a README near which its table is split into pages under docs/survey/"
    )
    notices: bool = Field(True, description="show arXiv's notices (withdrawn, replaced) under a row of the README")
    track_record: bool = Field(
        False,
        description="say under the table, field by field, in how many decided cells the answer was right, as last stored by `evaluate`",
    )
    rejudged: bool = Field(
        False,
        description="say under the table, field by field, how many decided cells came out the same when a person decided them "
        "once more blind, and how many a second reader confirmed, as `evaluate` stored it last",
    )
    waiting: bool = Field(False, description="name the sources without a row under the table, and what each waits for")
    arxiv_pace: Annotated[float, Field(ge=0)] = Field(
        3.0, description="seconds between requests to arXiv's hosts; arXiv asks for 3"
    )
    contact: str | None = Field(None, description="who runs this (an address or URL), for the User-Agent")
    reviewer: str | None = Field(None, description="whose decisions these are; Git's user.name when not set")
    mirror: str | None = Field(
        None, description="fetch `scheme://host/path` as `MIRROR/host/path`: for tests and institutions with a cache"
    )
    document_megabytes: Annotated[float, Field(gt=0)] = Field(
        100.0, description="size of a document above which it is refused"
    )
    read_seconds: Annotated[float, Field(gt=0)] = Field(120.0, description="seconds a document may take to be read")
    read_megabytes: Annotated[int, Field(ge=512)] = Field(
        3_000, description="memory the reading of a document may take"
    )
    readers: Annotated[int, Field(ge=1, le=64)] = Field(
        2, description="documents read at once, each in a process of its own"
    )
    outage_share: Annotated[float, Field(gt=0, le=1)] = Field(
        1 / 3,
        description="share of the sources read without error last time that may fail (at least two) before nothing new is published",
    )
    base_url: str | None = Field(
        None, description="the endpoint, up to and with `/v1`; from OPENAI_BASE_URL alone, never from a file"
    )
    api_key: SecretStr | None = Field(
        None, description="the endpoint's key; from OPENAI_API_KEY alone, never from a file"
    )

    @field_validator("mirror", "base_url")
    @classmethod
    def _is_url(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("must be an http(s) URL")
        return value.rstrip("/") if value else None

    @property
    def engine_name(self) -> Literal["openai", "extractive"]:
        """The engine that ``auto`` stands for here."""
        if self.engine == "auto":
            return "openai" if self.api_key or self.base_url else "extractive"
        return self.engine

    @property
    def price(self) -> Price | None:
        """The price of the model, None when nobody gave one."""
        known = self.prices.get(self.model or "")
        return known.price() if known else None


def load_settings(
    project: Path, environ: Mapping[str, str] | None = None, options: Mapping[str, Any] | None = None
) -> Settings:
    """Settings of a survey folder.

    Raises:
        BadSettings: unreadable TOML, an unknown name, or a value that does not fit; says where it is.
    """
    environ = os.environ if environ is None else environ
    layers = [
        _from_file(project / "pyproject.toml"),
        _from_environment(environ),
        {name: (value, "the command line") for name, value in (options or {}).items() if value is not None},
    ]
    merged: dict[str, tuple[Any, str]] = {}
    for layer in layers:
        merged |= layer
    try:
        return Settings.model_validate({name: value for name, (value, _) in merged.items()})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0])
        raise BadSettings(f"{merged[name][1]}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _from_file(path: Path) -> dict[str, tuple[Any, str]]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path.name}: {error}") from None
    _refuse_near_blocks(document, path.name)
    table = document.get("tool", {}).get(TABLE, {})
    where = f"{path.name} [tool.{TABLE}]"
    for name in table:
        if variable := _FROM_ENVIRONMENT_ONLY.get(name):
            raise BadSettings(
                f"{where}: {name} does not belong in a file, which others may change: the key would go where it says; "
                f"set {variable} in the environment"
            )
        _refuse_unknown(name, where)
    return {name: (value, where) for name, value in table.items()}


def _refuse_near_blocks(document: Mapping[str, Any], file: str) -> None:
    """A block that is ours but for its spelling or its place would be ignored as a whole, the budget in it too."""
    tops = [top for top, held in document.items() if isinstance(held, dict)]
    blocks: list[tuple[str, ...]] = [(top,) for top in tops]
    blocks += [(top, name) for top in tops for name, held in document[top].items() if isinstance(held, dict)]
    for block in blocks:
        if block != ("tool", TABLE) and _is_nearly_ours(block[-1]):
            raise BadSettings(f"{file}: unknown block [{'.'.join(block)}]; did you mean [tool.{TABLE}]?")


def _is_nearly_ours(name: str) -> bool:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, name.lower().replace("_", "-"), TABLE).ratio() >= NEAR


def _from_environment(environ: Mapping[str, str]) -> dict[str, tuple[Any, str]]:
    found: dict[str, tuple[Any, str]] = {}
    for variable, value in environ.items():
        if variable.startswith(PREFIX) and value:
            name = variable.removeprefix(PREFIX).lower()
            _refuse_unknown(name, variable)
            found[name] = (_parsed(value, variable) if name == "prices" else value, variable)
    for name, variable in _FROM_ENVIRONMENT_ONLY.items():
        if given := environ.get(variable):
            found[name] = (given, variable)
    return found


def _parsed(value: str, variable: str) -> Any:
    try:
        return json.loads(value)
    except ValueError as error:
        raise BadSettings(f"{variable}: must be JSON ({error})") from None


def _refuse_unknown(name: str, where: str) -> None:
    if name not in Settings.model_fields:
        known = sorted(Settings.model_fields)
        raise BadSettings(
            f"{where}: unknown setting {name!r}{did_you_mean(name, known)}; settings are {', '.join(known)}"
        )


def reviewer_name(settings: Settings, project: Path) -> str:
    """Whose decisions these are.

    Raises:
        BadSettings: neither the setting nor git's user.name says so.
    """
    name = settings.reviewer or _git_name(project)
    if not name:
        raise BadSettings(
            "who decides? set `reviewer` in [tool.survey-extract] or SURVEY_REVIEWER, or git config user.name"
        )
    return name


def _git_name(project: Path) -> str | None:
    import subprocess

    command = ["git", "-C", str(project), "config", "user.name"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None
