"""What a run costs, and that it never costs more than it may: prices, budgets, batches, over real HTTP."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from genai_prices.data_snapshot import get_snapshot
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_extract.adapters.prices import listed_price
from survey_extract.core.books import TokenUsage
from survey_extract.core.money import Price, believed, dollars
from survey_extract.settings import Settings, load_settings
from survey_extract.wiring import price_of
from tests.conftest import Folder, kinds, outcomes, use_model
from tests.fields import FIELDS
from tests.papers.make import ORCHARD, pdf
from tests.servers.batch_server import Provider
from tests.servers.loopback import Request, Response, serving
from tests.servers.openai_server import answering, completion, failure, says
from tests.servers.world import World

PRICES = json.dumps({"m1": {"input": 1.0, "output": 10.0, "cached": 0.1, "date": "2026-01-01"}})
ONE_REPLY = (400 * 1.0 + 600 * 0.1 + 50 * 10.0) / 1e6
"""USD of the server's stock reply: 1000 tokens sent, 600 of them cached, 50 received."""


MODEL = answering(says)


@pytest.fixture
def provider(survey: Folder, world: World) -> Iterator[Provider]:
    made = Provider(MODEL)
    with serving(made) as server:
        use_model(survey, server)
        survey.env["SURVEY_PRICES"] = PRICES
        yield made


def keys(survey: Folder) -> int:
    return int(survey.rows("SELECT count(*) AS n FROM cells WHERE proposed IS NOT NULL")[0]["n"])


# --- prices ---------------------------------------------------------------------------------------


def test_a_price_counts_cached_reasoning_and_batches() -> None:
    """Cached tokens at their own price, reasoning as part of the completion, a batch at its share."""
    price = Price(input=2.0, output=8.0, cached=0.5, batch=0.5, on="2026-01-01")
    usage = TokenUsage(prompt=1_000_000, cached=400_000, completion=100_000, reasoning=60_000)
    assert price.cost(usage) == pytest.approx(0.6 * 2.0 + 0.4 * 0.5 + 0.1 * 8.0)
    assert price.cost(usage, batched=True) == pytest.approx(price.cost(usage) / 2)
    assert [dollars(amount) for amount in (0, 1.234, 0.01234, 0.0000123)] == [
        "USD 0.00",
        "USD 1.23",
        "USD 0.0123",
        "USD 1.2e-05",
    ]


def test_every_reply_is_booked_in_money(survey: Folder, provider: Provider) -> None:
    """Those that failed and were repaired, too; a model without a price counts tokens only, aloud."""
    replies = iter([completion("no json"), *[None] * 9])
    provider.answer = lambda request: next(replies) or MODEL(request)
    ran = survey.ok("refresh", "--json")
    assert len(ran.json()["replies"]) == 4
    (total,) = survey.rows("SELECT sum(cost) AS cost, sum(replies) AS n, sum(unpriced) AS unpriced FROM costs")
    assert total["cost"] == pytest.approx(4 * ONE_REPLY)
    assert dollars(4 * ONE_REPLY) in ran.err
    assert "prices of 2026-01-01" in ran.err
    assert f"{dollars(4 * ONE_REPLY)} in all runs" in survey.ok("status").out
    other = survey.ok("refresh", "--model", "m2")
    assert "unknown: no price for m2" in other.err
    assert "3 replies without a price" in survey.ok("status").out


def test_a_model_of_a_known_provider_has_the_price_of_the_list(tmp_path: Path) -> None:
    """Named with the list's release, the setting before it; a server of one's own, an unknown model and a price in steps have none."""
    listed = listed_price("gpt-5-mini", None)
    assert listed is not None
    assert 0 < listed.cached < listed.input < listed.output
    assert 0 < listed.batch < 1
    assert re.fullmatch(r"genai-prices \d[\w.]*", listed.on)
    assert listed_price("gpt-5-mini", "https://api.openai.com/v1") == listed
    assert listed_price("gpt-5-mini", "http://127.0.0.1:8080/v1") is None
    assert listed_price("no-such-model", None) is None
    own = load_settings(tmp_path, {}, {"model": "gpt-5-mini", "prices": json.loads(PRICES.replace("m1", "gpt-5-mini"))})
    assert own.price is not None
    assert price_of(own) == own.price
    assert price_of(Settings(model="gpt-5-mini")) == listed


def test_no_listed_price_is_one_of_several() -> None:
    """What the list prices by the length of the prompt has no price here, rather than its lowest."""
    steps = [
        model.id
        for provider in get_snapshot().providers
        if provider.id == "openai"
        for model in provider.models
        if not isinstance(getattr(model.get_prices(datetime.now(UTC)), "input_mtok", None), Decimal)
    ]
    assert steps, "the list has no such price any more: what this holds must be shown by another"
    assert all(listed_price(name, None) is None for name in steps)


@pytest.mark.parametrize(
    ("prices", "says_no"),
    [
        ("{", "SURVEY_PRICES: must be JSON; it is not JSON from character 2 on"),
        ('{"m1": {"input": -1, "output": 1, "date": "2026-01-01"}}', "prices.m1.input"),
        ('{"m1": {"input": 1, "output": 1}}', "prices.m1.date"),
    ],
)
def test_a_bad_price_is_refused(survey: Folder, prices: str, says_no: str) -> None:
    """One error that names the place; nothing runs."""
    ran = survey.run("refresh", SURVEY_PRICES=prices)
    assert (ran.code, says_no in ran.err) == (2, True), ran.err


# --- the budget -----------------------------------------------------------------------------------


def test_a_budget_without_a_price_is_refused(survey: Folder, provider: Provider) -> None:
    """What cannot be bounded is not sent."""
    ran = survey.run("refresh", "--budget", "1", "--model", "m2")
    assert ran.code == 2
    assert "a budget needs a price" in ran.err
    assert provider.direct == 0


def test_no_request_can_pass_the_budget(survey: Folder, provider: Provider) -> None:
    """Enough for two of three by their upper estimates: two are sent, the third is named, exit 1; the next run sends it alone."""
    survey.env["SURVEY_CONCURRENCY"] = "8"
    whole = survey.ok("refresh", "--dry-run", "--json").json()
    assert whole["unread"] == 3
    none = survey.run("refresh", "--json", "--budget", "0.0001")
    assert none.code == 1
    assert provider.direct == 0
    assert {o["error"] for o in outcomes(none).values()} == {"over_budget"}
    assert "not asked, for lack of budget: arxiv-2401.00001, arxiv-2401.00002, web-example.org-card.md" in none.err
    assert survey.run("status", "--max-age", "36h").code == 1  # a run that could pay for nothing has not done its work
    planned = survey.ok("refresh", "--dry-run", SURVEY_BUDGET="0.0001").out
    assert "the budget is USD 0.0001 (setting budget): it may not cover all of this" in planned
    planned = survey.ok("refresh", "--dry-run", "--budget", "0.0001").out
    assert "the budget is USD 0.0001 (option --budget): it may not cover all of this" in planned
    bounds = sorted(upper(survey, key) for key in kinds(none))
    budget = 2 * ONE_REPLY + bounds[0] * 1.001
    some = survey.run("refresh", "--json", "--budget", str(budget))
    spent = sum(reply["cost"] for reply in some.json()["replies"])
    assert spent <= budget
    assert provider.direct >= 1
    before = provider.direct
    rest = survey.ok("refresh", "--json", "--budget", "1")
    survey.ok("status", "--max-age", "36h")
    assert provider.direct == 3
    assert len(rest.json()["replies"]) == 3 - before


def upper(survey: Folder, key: str) -> float:
    """The upper estimate of a source's question, in USD."""
    from survey_extract.adapters.archive.folder import FileArchive
    from survey_extract.adapters.openai.chat import Chat
    from survey_extract.adapters.openai.engine import OpenAIEngine
    from survey_extract.settings import load_settings
    from survey_extract.wiring import Post, _endpoint, load_prompt

    settings = load_settings(survey.path, survey.env)
    archive = FileArchive(survey.path, warn=print)
    chat = Chat(_endpoint(settings, Post()), archive, None)  # type: ignore[arg-type]
    engine = OpenAIEngine(chat, load_prompt(survey.path), FIELDS)
    text = archive.text_of(archive.documents()[key][-1].sha256)
    assert text is not None
    return chat.upper(engine.request(text, FIELDS.asked))


def test_the_upper_estimate_is_one(survey: Folder, provider: Provider) -> None:
    """Even if every byte were a token and the reply as long as it may be, it costs no more."""
    survey.run("refresh", "--budget", "0.0001")
    text_bytes = len(survey.read("prompts/extract.md"))
    assert upper(survey, "arxiv-2401.00001") > (text_bytes * 1.0 + 4000 * 10.0) / 1e6


def test_a_reply_that_never_came_counts_in_full(survey: Folder, provider: Provider) -> None:
    """The provider may have billed it: with a budget for one, the second attempt is not sent."""
    survey.sources("2401.00001")
    survey.run("refresh", "--budget", "0.0001")
    provider.answer = lambda _: Response(200, b"{" * 100, cut=10)
    ran = survey.run("refresh", "--json", "--budget", str(upper(survey, "arxiv-2401.00001") * 1.5))
    assert ran.code == 1
    assert outcomes(ran)["arxiv-2401.00001"]["error"] == "over_budget"
    assert provider.direct == 1


def test_a_reply_paid_for_is_used_whatever_the_budget(survey: Folder, provider: Provider) -> None:
    """Answers lost, replies kept: a budget of nothing brings them all back."""
    survey.ok("refresh")
    for path in (survey.path / "warehouse" / "answers").iterdir():
        path.unlink()
    again = survey.ok("refresh", "--json", "--budget", "0")
    assert provider.direct == 3
    assert set(kinds(again).values()) == {"new"}
    assert {reply["reused"] for reply in again.json()["replies"]} == {True}
    assert "nothing spent" in again.err


LIES = [
    {"prompt_tokens": 1000, "completion_tokens": 50, "prompt_tokens_details": {"cached_tokens": 8_900_000_000_000}},
    {"prompt_tokens": -(10**12), "completion_tokens": -(10**12)},
    {"prompt_tokens": float("nan"), "completion_tokens": 50},
    {"prompt_tokens": 0, "completion_tokens": 0, "prompt_tokens_details": {"cached_tokens": -(10**9)}},
    {"prompt_tokens": 10**25, "completion_tokens": 50},
    None,
]


@pytest.mark.parametrize("usage", LIES, ids=lambda usage: json.dumps(usage)[:50])
def test_no_reply_can_switch_the_budget_off(survey: Folder, provider: Provider, usage: object) -> None:
    """A count that cannot be true is unknown, and the upper estimate stays spent: enough for one, and one is sent."""

    def lies(request: Request) -> Response:
        return Response(200, json.dumps(json.loads(MODEL(request).body) | {"usage": usage}).encode(), {})

    survey.env["SURVEY_CONCURRENCY"] = "1"
    survey.run("refresh", "--budget", "0.0001")
    bounds = [upper(survey, key) for key in kinds(survey.run("refresh", "--json", "--budget", "0.0001"))]
    provider.answer = lies
    survey.run("refresh", "--json", "--budget", str(max(bounds) * 1.2))
    assert provider.direct == 1
    (paid,) = survey.rows("SELECT prompt_tokens, cost FROM replies WHERE NOT reused")
    assert paid == {"prompt_tokens": None, "cost": None}


@settings(deadline=None)
@given(
    st.builds(TokenUsage, *[st.integers(-(10**20), 10**20) | st.integers(-5, 3000)] * 4),
    st.integers(0, 10**6), st.integers(1, 10**5), st.floats(0, 100), st.floats(0, 100), st.floats(0, 100),
)  # fmt: skip
def test_what_is_believed_is_within_the_estimate(
    usage: TokenUsage, sent: int, reply: int, put: float, out: float, cached: float
) -> None:
    """Whatever an endpoint counts: the cost of what is believed is never negative, and never above what was reserved."""
    price = Price(put, out, cached, 0.5, "2026-01-01")
    if taken := believed(usage, sent=sent, received=reply):
        assert 0 <= price.cost(taken) <= price.upper(sent, reply) * (1 + 1e-9)


def test_answers_that_were_lost_are_in_the_stored_replies(survey: Folder, provider: Provider) -> None:
    """Half of an answers file torn off, or lines of it deleted: the missing fields come back, and nothing is asked."""
    survey.ok("refresh")
    before = survey.rows("SELECT key, field, proposed FROM cells ORDER BY ALL")
    for number, path in enumerate(sorted((survey.path / "warehouse" / "answers").iterdir())):
        data = path.read_bytes()
        lines = data.splitlines(keepends=True)
        path.write_bytes([data[: len(data) // 2], b"".join(lines[:-1]), lines[3]][number])
    assert survey.ok("refresh", "--dry-run", "--json").json()["held"] == 3
    ran = survey.ok("refresh", "--json")
    assert provider.direct == 3
    assert {reply["reused"] for reply in ran.json()["replies"]} == {True}
    assert survey.rows("SELECT key, field, proposed FROM cells ORDER BY ALL") == before


def test_every_reply_is_a_line_of_the_books(survey: Folder, provider: Provider) -> None:
    """One line as it arrives, in git, whatever becomes of the run; tables and summary say the same."""
    survey.ok("refresh")
    lines = books(survey)
    assert [line["run"] for line in lines] == [survey.rows("SELECT id FROM runs")[0]["id"]] * 3
    assert sum(line["cost"] for line in lines) == pytest.approx(3 * ONE_REPLY)
    for path in (survey.path / "warehouse" / "runs").iterdir():
        record = json.loads(path.read_text())
        path.write_text(json.dumps(record | {"ended": False, "replies": [], "outcomes": []}))
    (total,) = survey.rows("SELECT sum(cost) AS cost, count(*) AS n FROM replies WHERE NOT reused")
    assert (total["n"], total["cost"]) == (3, pytest.approx(3 * ONE_REPLY))
    for path in (survey.path / "warehouse" / "answers").iterdir():
        path.unlink()
    survey.ok("refresh")
    assert books(survey) == lines


def books(survey: Folder) -> list[dict[str, Any]]:
    return [json.loads(line) for line in survey.read("warehouse/replies.jsonl").splitlines()]


# --- batches --------------------------------------------------------------------------------------


def batches(survey: Folder) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted((survey.path / "warehouse" / "batches").glob("*.json"))]


def test_a_batch_is_sent_remembered_and_collected(survey: Folder, provider: Provider) -> None:
    """Submitted at night, asked nowhere else while it is open, collected by the next refresh at half the price."""
    provider.ending = "in_progress"
    sent = survey.ok("refresh", "--json", "--batch")
    assert set(kinds(sent).values()) == {"waiting"}
    assert "3 questions sent" in sent.err
    (batch,) = batches(survey)
    assert (batch["state"], batch["remote"], len(batch["questions"])) == ("pending", "batch_0", 3)

    assert "3 questions wait in" in survey.ok("status").out
    still = survey.ok("refresh", "--json")
    assert set(kinds(still).values()) == {"waiting"}
    assert "in_progress; 3 questions wait" in still.err
    again = survey.ok("refresh", "--json", "--batch")
    assert len(provider.batches) == 1
    assert set(kinds(again).values()) == {"waiting"}

    provider.ending = "completed"
    done = survey.ok("refresh", "--json")
    assert set(kinds(done).values()) == {"new"}
    assert provider.direct == 0
    assert sum(r["cost"] for r in done.json()["replies"]) == pytest.approx(3 * ONE_REPLY / 2)
    assert batches(survey)[0]["state"] == "collected"
    assert survey.ok("status", "--json").json()["batches"] == []
    assert keys(survey) == 21
    assert kinds(survey.ok("refresh", "--json", "--batch")) == dict.fromkeys(kinds(done), "unchanged")
    assert (provider.direct, len(provider.batches)) == (0, 1)


def test_a_batch_that_is_brought_twice_is_booked_once(survey: Folder, provider: Provider) -> None:
    """Killed behind its replies and before it was closed: each is booked once, at the batch's price."""
    survey.ok("refresh", "--batch")
    (path,) = (survey.path / "warehouse" / "batches").iterdir()
    still_open = path.read_bytes()
    survey.ok("refresh")
    path.write_bytes(still_open)
    for answers in (survey.path / "warehouse" / "answers").iterdir():
        answers.unlink()
    ran = survey.ok("refresh", "--json")
    assert "3 of 3 replies arrived" in ran.err
    assert [line["cost"] for line in books(survey)] == [pytest.approx(ONE_REPLY / 2)] * 3
    assert {line["batch"] for line in books(survey)} == {batches(survey)[0]["id"]}
    (total,) = survey.rows("SELECT sum(cost) AS cost, count(*) AS n FROM replies WHERE NOT reused")
    assert (total["n"], total["cost"]) == (3, pytest.approx(3 * ONE_REPLY / 2))
    assert provider.direct == 0


HOSTILE_LINES: dict[str, Any] = {
    "nested": lambda name: b'{"custom_id": "' + name + b'", "response": {"status_code": 200, "body": {"choices": ' + b"[" * 90_000 + b"]" * 90_000 + b"}}}",
    "a foreign name": lambda _: b'{"custom_id": "../../../requirements", "response": {"status_code": 200, "body": {"choices": []}}}',
    "no object": lambda _: b"[1]", "no response": lambda name: b'{"custom_id": "' + name + b'"}', "a response of text": lambda name: b'{"custom_id": "' + name + b'", "response": "x"}',
    "an error of text": lambda name: b'{"custom_id": "' + name + b'", "error": "x", "response": {"status_code": "y", "body": 3}}', "binary": lambda _: bytes(range(128, 256)),
    "a number for a name": lambda _: b'{"custom_id": 7, "response": {"body": {}}}', "an empty body": lambda name: b'{"custom_id": "' + name + b'", "response": {"body": {}}}',
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE_LINES)
def test_a_strange_line_of_a_batch_harms_no_other(survey: Folder, provider: Provider, kind: str) -> None:
    """Whatever one line of the output is: the others are used, no file is written that is not ours, and the run ends well."""
    survey.ok("refresh", "--batch")
    provider._look("batch_0")
    (output,) = [name for name in provider.files if name.endswith("output")]
    first, *rest = provider.files[output].splitlines()
    strange = HOSTILE_LINES[kind](json.loads(first)["custom_id"].encode())
    provider.files[output] = b"\n".join([strange, *rest]) + b"\n"
    ran = survey.run("refresh", "--json")
    assert ran.code in (0, 1), ran.err
    assert sorted(kinds(ran).values())[-2:] == ["new", "new"]
    assert "defect" not in ran.err
    assert len(books(survey)) == len({line["sha256"] for line in books(survey)})
    assert not list(survey.path.parent.glob("requirements*"))


@pytest.mark.parametrize("ending", ["expired", "cancelled"])
def test_part_of_a_batch_is_used_and_only_the_rest_asked_again(survey: Folder, provider: Provider, ending: str) -> None:
    """Two of three came: the third, and nothing else, goes into the next batch."""
    provider.ending, provider.skip = ending, lambda number: number == 1
    survey.ok("refresh", "--batch")
    ran = survey.ok("refresh", "--json", "--batch")
    assert sorted(kinds(ran).values()) == ["new", "new", "waiting"]
    assert "2 of 3 replies arrived; 1 did not, the first: it ran out of time" in ran.err
    provider.ending, provider.skip = "completed", lambda _: False
    assert sorted(kinds(survey.ok("refresh", "--json")).values()) == ["new", "unchanged", "unchanged"]
    assert len(provider.answered) == 4
    assert provider.direct == 0


def test_a_batch_that_fails_is_named_and_asked_again(survey: Folder, provider: Provider) -> None:
    """The provider refuses its file: no reply, no money, a note, and the questions are free again."""
    provider.ending = "failed"
    survey.ok("refresh", "--batch")
    ran = survey.ok("refresh", "--json")
    assert "the file is malformed" in ran.err
    assert set(kinds(ran).values()) == {"new"}
    assert provider.direct == 3


def test_a_lost_output_is_said_aloud(survey: Folder, provider: Provider) -> None:
    """The provider deleted what was paid for: the note says that it is paid again."""
    survey.ok("refresh", "--batch")
    provider._look("batch_0")
    provider.files = {name: data for name, data in provider.files.items() if not name.endswith("output")}
    ran = survey.ok("refresh", "--json")
    assert "its output is gone; its questions are asked again, and paid for again" in ran.err
    assert batches(survey)[0]["state"] == "lost"
    assert provider.direct == 3


def test_a_batch_whose_sending_broke_off_is_found_again(survey: Folder, provider: Provider) -> None:
    """It reached the provider, the answer did not reach us: the next run finds it by its mark and sends nothing twice."""

    def breaks(request: Request) -> Response | None:
        if request.method == "POST" and request.path == "/v1/batches":
            provider._create(request)
            return Response(200, b"{" * 100, cut=10)
        return None

    provider.fails = breaks
    sent = survey.ok("refresh", "--batch")
    assert "it may or may not have been sent" in sent.err
    provider.fails = lambda _: None
    assert "in_progress; 3 questions wait" in survey.ok("refresh").err
    assert set(kinds(survey.ok("refresh", "--json")).values()) == {"new"}
    assert (len(provider.batches), provider.direct) == (1, 0)


def test_a_batch_that_never_left_is_sent_again(survey: Folder, provider: Provider) -> None:
    """It broke off before the provider had it: its questions are free at once."""
    provider.fails = lambda request: (
        failure(500, "down") if request.path == "/v1/batches" and request.method == "POST" else None
    )
    survey.ok("refresh", "--batch")
    provider.fails = lambda _: None
    ran = survey.ok("refresh", "--json")
    assert "it was never sent" in ran.err
    assert provider.direct == 3


def test_a_provider_that_is_down_keeps_its_batch(survey: Folder, provider: Provider) -> None:
    """No answer is no reason to ask twice: the questions go on waiting."""
    survey.ok("refresh", "--batch")
    provider.fails = lambda request: failure(503, "down") if "/batches" in request.path else None
    ran = survey.ok("refresh", "--json")
    assert "could not be checked" in ran.err
    assert set(kinds(ran).values()) == {"waiting"}
    assert provider.direct == 0


def test_what_an_endpoint_refuses_is_left_out_of_the_next_batch(survey: Folder, provider: Provider) -> None:
    """A model that takes no temperature fails every line once, and none the second time."""
    model = provider.answer

    def picky(request: Request) -> Response:
        refused = "temperature" in json.loads(request.body)
        return failure(400, "Unsupported value", param="temperature") if refused else model(request)

    provider.answer = picky
    survey.ok("refresh", "--batch")
    survey.ok("refresh", "--batch")
    assert set(kinds(survey.ok("refresh", "--json", "--batch")).values()) == {"new"}
    assert provider.direct == 0


# --- files ----------------------------------------------------------------------------------------


@pytest.fixture
def by_hand(survey: Folder, world: World) -> Folder:
    """A survey without any key or endpoint."""
    survey.env["SURVEY_MODEL"] = "whoever"
    return survey


def answers_to(path: Path, *, model: str = "Ann, by hand") -> str:
    """What a person would write: the least that says who and what."""
    lines = []
    for line in path.read_text().splitlines():
        asked = json.loads(line)
        fields = asked["body"]["response_format"]["json_schema"]["schema"]["properties"]
        content = json.dumps({name: says(name) for name in fields})
        lines.append(
            {
                "custom_id": asked["custom_id"],
                "response": {"body": {"model": model, "choices": [{"message": {"content": content}}]}},
            }
        )
    return "".join(json.dumps(line) + "\n" for line in lines)


def test_questions_go_out_and_answers_come_in_by_file(by_hand: Folder, tmp_path: Path) -> None:
    """In the Batch API's own form, with no key; the named model is recorded, and nothing is asked again."""
    out = tmp_path / "requests.jsonl"
    ran = by_hand.ok("refresh", "--json", "--batch-file", str(out))
    assert set(kinds(ran).values()) == {"waiting"}
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [(line["method"], line["url"]) for line in lines] == [("POST", "/v1/chat/completions")] * 3
    assert all(line["body"]["model"] == "whoever" for line in lines)
    results = tmp_path / "results.jsonl"
    results.write_text(answers_to(out))
    done = by_hand.ok("refresh", "--json", "--collect", str(results))
    assert set(kinds(done).values()) == {"new"}
    assert "3 replies read in" in done.err
    assert {row["answered_by"] for row in by_hand.rows("SELECT DISTINCT answered_by FROM answers")} == {"Ann, by hand"}
    assert kinds(by_hand.ok("refresh", "--json")) == dict.fromkeys(kinds(done), "unchanged")


def test_a_reply_by_file_passes_the_same_checks(by_hand: Folder, tmp_path: Path) -> None:
    """One that does not fit leads to a repair, which goes out with the next file; the others are used."""
    out, results, second = (tmp_path / name for name in ("requests.jsonl", "results.jsonl", "second.jsonl"))
    by_hand.ok("refresh", "--batch-file", str(out))
    good = answers_to(out).splitlines()
    bad = json.loads(good[0])
    bad["response"]["body"]["choices"][0]["message"]["content"] = "I would rather not."
    results.write_text("\n".join([json.dumps(bad), *good[1:]]) + "\n")
    ran = by_hand.ok("refresh", "--json", "--collect", str(results), "--batch-file", str(second))
    assert sorted(kinds(ran).values()) == ["new", "new", "waiting"]
    (repair,) = second.read_text().splitlines()
    assert len(json.loads(repair)["body"]["messages"]) == 3


@pytest.mark.parametrize(
    ("line", "says_no"),
    [
        ("not json", ":2: not JSON"),
        ('{"response": {}}', ":2: not a batch result"),
        ('{"custom_id": "abc", "response": {"status_code": 200, "body": {"choices": 3}}}', "has no completion"),
        (
            '{"custom_id": "abc", "response": {"body": {"choices": [{"message": {"content": "x"}}]}}}',
            "does not name the model that answered",
        ),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_taken_in(by_hand: Folder, tmp_path: Path, line: str, says_no: str) -> None:
    """All lines are looked at before the first is kept."""
    out, results = tmp_path / "requests.jsonl", tmp_path / "results.jsonl"
    by_hand.ok("refresh", "--batch-file", str(out))
    good = answers_to(out).splitlines()
    results.write_text(f"{good[0]}\n{line}\n")
    ran = by_hand.run("refresh", "--collect", str(results))
    assert (ran.code, says_no in ran.err) == (2, True), ran.err
    assert not list((by_hand.path / "warehouse" / "cache").glob("replies/*/*"))


NAME = "a" * 64
GOOD_BODY = {"model": "Ann", "choices": [{"message": {"content": "{}"}}]}


def line_of(**changes: Any) -> bytes:
    return json.dumps({"custom_id": NAME, "response": {"body": GOOD_BODY}} | changes).encode()


BAD_FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "blank": (b"\n \n\n", "empty"),
    "a path for a name": (line_of(custom_id="../../requirements"), ":1: '../../requirements' is not one of our questions"),
    "an absolute path": (line_of(custom_id="/etc/cron.d/x"), "is not one of our questions"),
    "a name with NUL": (line_of(custom_id="a" * 63 + "\0"), "is not one of our questions"),
    "capitals": (line_of(custom_id="A" * 64), "is not one of our questions"),
    "line end in a name": (line_of(custom_id="a" * 64 + "\n"), "is not one of our questions"),
    "a long name": (line_of(custom_id="a" * 100_000), "is not one of our questions"),
    "a number for a name": (line_of(custom_id=7), "needs a custom_id"),
    "no object": (b'["x"]', ":1: not a batch result"),
    "a text": (b'"x"', ":1: not a batch result"),
    "no JSON": (b"Dear all,", ":1: not JSON"),
    "JSON over several lines": (json.dumps(GOOD_BODY, indent=1).encode(), ":1: not JSON"),
    "binary": (bytes(range(256)), ":1: no"),
    "no UTF-8": (b'{"custom_id": "\xff"}', ":1: not UTF-8"),
    "UTF-16": (line_of().decode().encode("utf-16"), ":1: not UTF-8"),
    "nested": (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
    "a nested body": (b'{"custom_id": "' + NAME.encode() + b'", "response": {"body": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}}", ":1: "),
    "a number of 5,000 digits": (line_of(response={"body": {"model": "Ann", "choices": 3}})[:-4] + b"9" * 5_000 + b"}}}", ":1: "),
    "response a text": (line_of(response="x"), "has no completion"),
    "response a list": (line_of(response=[1]), "has no completion"),
    "body a text": (line_of(response={"body": "x"}), "has no completion"),
    "choices a number": (line_of(response={"body": {"choices": 3}}), "has no completion"),
    "choices of texts": (line_of(response={"body": {"choices": ["x"], "model": "Ann"}}), "has no completion"),
    "model a number": (line_of(response={"body": GOOD_BODY | {"model": 3}}), "does not name the model that answered"),
    "answered twice": (line_of() + b"\n\n" + line_of(), ":3: aaaaaaaaaaaa… is already answered in line 1"),
    "a line without end": (b"x" * 9_000_000, "longer than 8 MB"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "says_no"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_refused_with_its_line(by_hand: Folder, tmp_path: Path, data: bytes, says_no: str) -> None:
    """Nothing is taken in, nothing is written anywhere, no run is on record; exit 2, and no traceback."""
    results = tmp_path / "results.jsonl"
    results.write_bytes(data)
    before = sorted(path for path in tmp_path.rglob("*") if path.name != ".lock")
    ran = by_hand.run("refresh", "--collect", str(results))
    assert (ran.code, says_no in ran.err) == (2, True), ran.err[:500]
    after = sorted(path for path in tmp_path.rglob("*") if path.name != ".lock")
    assert [path for path in after if path not in before and not path.is_dir()] == []


def test_what_is_no_file_is_refused(by_hand: Folder, tmp_path: Path) -> None:
    """A folder, a device, a pipe, a file that is not there."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path, Path("/dev/zero"), pipe, tmp_path / "gone"):
        ran = by_hand.run("refresh", "--collect", str(path))
        assert ran.code == 2, path
        assert "Traceback" not in ran.err


def test_what_was_not_answered_is_named_and_the_rest_taken_in(by_hand: Folder, tmp_path: Path) -> None:
    """A provider's own results hold lines that failed: each is named with its reason."""
    out, results = tmp_path / "requests.jsonl", tmp_path / "results.jsonl"
    by_hand.ok("refresh", "--batch-file", str(out))
    good = answers_to(out).splitlines()
    failed = json.loads(good[1]) | {
        "response": {"status_code": 400, "body": {"error": {"message": "too\x1b[31m long"}}}
    }
    results.write_text("\n".join([good[0], json.dumps(failed), good[2]]))
    ran = by_hand.ok("refresh", "--json", "--collect", str(results))
    assert sorted(kinds(ran).values()) == ["new", "new", "waiting"]
    assert "2 replies read in" in ran.err
    assert "results.jsonl:2: " in ran.err
    assert "was not answered: too[31m long" in ran.err


ERRORS: dict[str, tuple[dict[str, Any], str]] = {
    "a code alone": ({"response": None, "error": {"code": "batch_expired"}}, "batch_expired"),
    "an error as a text": ({"error": "batch_cancelled"}, "batch_cancelled"),
    "a status in words": ({"response": {"status_code": "429", "body": {"error": "slow down"}}}, "slow down"),
    "an error under 200": ({"response": {"status_code": 200, "body": {"error": {"message": "boom"}}}}, "boom"),
    "an error without a status": ({"response": {"body": {"error": {"code": 500}}}}, "500"),
    "a status alone": ({"response": {"status_code": 500}}, "status 500"),
}


def test_each_form_of_an_error_leaves_the_other_replies_to_be_taken_in(by_hand: Folder, tmp_path: Path) -> None:
    """Wherever a line says that its question was not answered, that is told in its words, and the file is read on."""
    out, results = tmp_path / "requests.jsonl", tmp_path / "results.jsonl"
    by_hand.ok("refresh", "--batch-file", str(out))
    good = answers_to(out).splitlines()
    name = json.loads(good[1])["custom_id"]
    lines = [json.dumps({"custom_id": f"{number:064x}"} | error) for number, (error, _) in enumerate(ERRORS.values())]
    results.write_text(
        "\n".join([good[0], json.dumps({"custom_id": name, "error": {"code": "batch_expired"}}), *lines, good[2]])
    )
    ran = by_hand.ok("refresh", "--json", "--collect", str(results))
    assert sorted(kinds(ran).values()) == ["new", "new", "waiting"]
    for kind, (_, said) in ERRORS.items():
        assert f"was not answered: {said}\n" in ran.err, kind


def test_a_file_does_not_replace_what_was_paid_for(survey: Folder, provider: Provider, tmp_path: Path) -> None:
    """A reply to a question that the endpoint has answered already changes nothing."""
    out, results = tmp_path / "requests.jsonl", tmp_path / "results.jsonl"
    survey.ok("refresh", "--batch-file", str(out))
    survey.ok("refresh")
    before = books(survey)
    results.write_text(answers_to(out))
    assert "3 of the replies were already here" in survey.ok("refresh", "--collect", str(results)).err
    assert books(survey) == before


def test_replies_to_other_questions_are_named(by_hand: Folder, world: World, tmp_path: Path) -> None:
    """The paper changed meanwhile: its reply answers nothing, and the run says so."""
    out, results = tmp_path / "requests.jsonl", tmp_path / "results.jsonl"
    by_hand.ok("refresh", "--batch-file", str(out))
    results.write_text(answers_to(out))
    world.page("/example.org/card.md", "# Card\n\n" + "The card describes another model by now. " * 30)
    ran = by_hand.ok("refresh", "--json", "--collect", str(results))
    assert "1 of the replies belong to no question of this run" in ran.err
    assert sorted(kinds(ran).values()) == ["new", "new", "waiting"]


def test_batch_and_files_exclude_each_other(by_hand: Folder, tmp_path: Path) -> None:
    """Questions leave in one way: --batch together with --batch-file is refused with exit code 2."""
    ran = by_hand.run("refresh", "--batch", "--batch-file", str(tmp_path / "x"))
    assert (ran.code, "choose one" in ran.err) == (2, True)


def test_ten_refusals_in_a_row_end_the_questions(survey: Folder, world: World) -> None:
    """A model that says "too many" ten times is left alone, and the run says until when."""
    for number in range(4):
        world.paper(f"2402.0000{number}", data=pdf(ORCHARD))
    survey.sources(*(f"2402.0000{number}" for number in range(4)))

    def busy(_: Request) -> Response:
        return failure(429, "slow down", retry_after_ms="1")

    with serving(busy) as server:
        use_model(survey, server)
        survey.env["SURVEY_CONCURRENCY"] = "1"
        ran = survey.run("refresh", "--json")
    assert ran.code == 1
    assert len(server.requests) == 10
    assert "refused 10 requests in a row" in ran.err
    assert "try again after" in ran.err


def test_the_paper_stands_first_for_the_providers_cache(survey: Folder, provider: Provider, world: World) -> None:
    """Cached tokens are reported in the summary and in SQL."""
    ran = survey.ok("refresh")
    assert "1,800 of them cached by the provider" in ran.err
    (row,) = survey.rows("SELECT sum(cached_tokens) AS cached FROM costs")
    assert row["cached"] == pytest.approx(1800)
