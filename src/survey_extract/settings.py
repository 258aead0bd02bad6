"""pyproject.toml, the environment and the command line go in, one frozen ``Settings`` comes out, read once.

Order: ``[tool.survey-extract]``, then ``SURVEY_`` and the name in capitals
(and OPENAI_API_KEY, OPENAI_BASE_URL), then command options. An unknown name
anywhere is an error, since a misspelt ``budget`` would cost money. The key and
where it is sent come from the environment alone: files are changed by others.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_type_hints

import msgspec
from msgspec import Meta

from survey_extract.core.inputs.toml_words import toml_fault
from survey_extract.core.meant import did_you_mean, misfit, not_json
from survey_extract.core.money import Price
from survey_extract.core.publishing import Publish
from survey_extract.core.question import Show
from survey_extract.core.readme.table import TableForm
from survey_extract.environment import variables
from survey_extract.errors import BadSettings

PREFIX = "SURVEY_"
TABLE = "survey-extract"
_ADDRESSES = frozenset({"mirror", "base_url"})
WRONG = 2
"""Letters by which its length may be wrong, too."""
NEAR = 0.88
"""Likeness, from 0 to 1, above which the name of a block is ours misspelt: two letters may be wrong, lacking or too many."""
_FROM_ENVIRONMENT_ONLY = {"api_key": "OPENAI_API_KEY", "base_url": "OPENAI_BASE_URL"}
_TRUTHS = {"yes": True, "on": True, "no": False, "off": False}
"""What the environment, in which all is text, may say beside true, false, 1 and 0."""

_Usd = Annotated[float, Meta(ge=0, le=1e9)]
_Positive = Annotated[float, Meta(gt=0, le=1e9)]
_Share = Annotated[float, Meta(gt=0, le=1)]
_Address = Annotated[str, Meta(pattern="^https?://")]


class ModelPrice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """USD a million tokens of one model, and the day on which its provider said so."""

    input: _Usd
    output: _Usd
    cached: _Usd | None = None
    batch: _Share = 0.5
    date: date

    def price(self) -> Price:
        """The same for the books; cached tokens cost as much as others where no price for them is given."""
        cached = self.input if self.cached is None else self.cached
        return Price(self.input, self.output, cached, self.batch, self.date.isoformat())


@dataclass(frozen=True, slots=True)
class Settings:
    """Every knob, with its default; the descriptions are the README's settings table."""

    engine: Annotated[
        Literal["auto", "openai", "extractive"],
        "who answers: `openai` (any compatible endpoint), `extractive` (no model), or `auto`: `openai` when a key or base URL is set",
    ] = "auto"
    model: Annotated[str | None, "the model asked of the endpoint; required for `openai`"] = None
    context_tokens: Annotated[int, Meta(ge=2_000), "tokens that fit in one request, question and reply together"] = (
        128_000
    )
    reply_tokens: Annotated[int, Meta(ge=200), "tokens a reply may have"] = 4_000
    temperature: Annotated[float, Meta(ge=0, le=2), "0 for the same answer to the same question"] = 0.0
    response_format: Annotated[
        Literal["json_schema", "json_object", "text"],
        "how the endpoint is made to reply in JSON; lower it for servers that refuse schemas",
    ] = "json_schema"
    show: Annotated[
        Show,
        "what a model is shown of a long document: the sentences that rank highest for the fields asked about (`relevant`), or `everything`",
    ] = "relevant"
    concurrency: Annotated[int, Meta(ge=1, le=256), "model requests under way at once"] = 8
    request_seconds: Annotated[_Positive, "seconds a model may take for one whole reply"] = 600.0
    budget: Annotated[
        _Usd | None, "USD a run may cost; no request is sent that could exceed it. Needs the model's price"
    ] = None
    prices: Annotated[
        Mapping[str, ModelPrice],
        "per model `{input, output, cached, batch, date}`: USD a million tokens, the share that batches cost (0.5), and the day of the price",
    ] = field(default_factory=dict)
    publish: Annotated[
        Publish,
        "`reviewed`: rows decided in every cell, and rows that a list brought in; `any`: undecided ones too, marked as such",
    ] = "reviewed"
    table: Annotated[
        TableForm,
        "form of the table: `list` has a column for each field, `fields` a line, which narrow screens can show",
    ] = "list"
    readme_bytes: Annotated[
        int, Meta(ge=1_000), "size of a README near which its table is split into pages under docs/survey/"
    ] = 500_000
    notices: Annotated[bool, "show arXiv's notices (withdrawn, replaced) under a row of the README"] = True
    track_record: Annotated[
        bool,
        "say under the table, field by field, in how many decided cells the answer was right, as last stored by `evaluate`",
    ] = False
    rejudged: Annotated[
        bool,
        "say under the table, field by field, how many decided cells came out the same when a person decided them "
        "once more blind, and how many a second reader confirmed, as `evaluate` stored it last",
    ] = False
    waiting: Annotated[bool, "name the sources without a row under the table, and what each waits for"] = False
    arxiv_pace: Annotated[float, Meta(ge=0, le=1e9), "seconds between requests to arXiv's hosts; arXiv asks for 3"] = (
        3.0
    )
    contact: Annotated[str | None, "who runs this (an address or URL), for the User-Agent"] = None
    reviewer: Annotated[str | None, "whose decisions these are; Git's user.name when not set"] = None
    mirror: Annotated[
        _Address | None, "fetch `scheme://host/path` as `MIRROR/host/path`: for tests and institutions with a cache"
    ] = None
    document_megabytes: Annotated[_Positive, "size of a document above which it is refused"] = 100.0
    read_seconds: Annotated[_Positive, "seconds a document may take to be read"] = 120.0
    read_megabytes: Annotated[int, Meta(ge=512), "memory the reading of a document may take"] = 3_000
    readers: Annotated[int, Meta(ge=1, le=64), "documents read at once, each in a process of its own"] = 2
    outage_share: Annotated[
        float,
        Meta(gt=0, le=1),
        "share of the sources read without error last time that may fail (at least two) before nothing new is published",
    ] = 1 / 3
    base_url: Annotated[
        _Address | None, "the endpoint, up to and with `/v1`; from OPENAI_BASE_URL alone, never from a file"
    ] = None
    api_key: Annotated[str | None, "the endpoint's key; from OPENAI_API_KEY alone, never from a file"] = field(
        default=None, repr=False
    )

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
    environ = variables() if environ is None else environ
    layers = [
        _from_file(project / "pyproject.toml"),
        _from_environment(environ),
        {name: (value, "the command line") for name, value in (options or {}).items() if value is not None},
    ]
    merged: dict[str, tuple[Any, str]] = {}
    for layer in layers:
        merged |= layer
    hints = get_type_hints(Settings, include_extras=True)
    return Settings(**{name: _read(name, value, where, hints[name]) for name, (value, where) in merged.items()})


def _read(name: str, value: Any, where: str, wanted: Any) -> Any:
    """A setting as it is meant: the environment has nothing but texts."""
    if name == "prices" and isinstance(value, dict):
        return {model: _read(f"prices.{model}", price, where, ModelPrice) for model, price in value.items()}
    if isinstance(value, str) and bool in get_args(wanted):
        value = _TRUTHS.get(value.casefold(), value)
    try:
        found = msgspec.convert(value, wanted, strict=False)
    except msgspec.ValidationError as error:
        wrong = misfit(error)
        options = (
            [option for option in get_args(get_args(wanted)[0]) if isinstance(option, str)] if wrong.option else []
        )
        known = f"; it may be {' or '.join(options)}" if options else ""
        raise BadSettings(f"{where}: {wrong._replace(where=(name, *wrong.where))}{known}") from None
    return found.rstrip("/") if name in _ADDRESSES and found else found


def _from_file(path: Path) -> dict[str, tuple[Any, str]]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(toml_fault(path.name, error)) from None
    except UnicodeDecodeError as error:
        raise BadSettings(f"{path.name}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
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
    if abs(len(name) - len(TABLE)) > WRONG:
        return False
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
        raise BadSettings(f"{variable}: must be JSON; it is {not_json(error)}") from None


def _refuse_unknown(name: str, where: str) -> None:
    known = sorted(knob.name for knob in fields(Settings))
    if name not in known:
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
