"""What a run costs, and that it never costs more than it may: prices, budgets, batches, over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from survey_extract.core.money import Price, dollars
from survey_extract.core.records import Usage
from tests.conftest import Folder, kinds, outcomes, use_model
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
    usage = Usage(prompt=1_000_000, cached=400_000, completion=100_000, reasoning=60_000)
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


@pytest.mark.parametrize(
    ("prices", "says_no"),
    [
        ("{", "SURVEY_PRICES: must be JSON"),
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
    assert "left undone by the budget: arxiv-2401.00001, arxiv-2401.00002, web-example.org-card.md" in none.err
    bounds = sorted(upper(survey, key) for key in kinds(none))
    budget = 2 * ONE_REPLY + bounds[0] * 1.001
    some = survey.run("refresh", "--json", "--budget", str(budget))
    spent = sum(reply["cost"] for reply in some.json()["replies"])
    assert spent <= budget
    assert provider.direct >= 1
    before = provider.direct
    rest = survey.ok("refresh", "--json", "--budget", "1")
    assert provider.direct == 3
    assert len(rest.json()["replies"]) == 3 - before


def upper(survey: Folder, key: str) -> float:
    """The upper estimate of a source's question, in USD."""
    from survey_extract.adapters.archive import FileArchive
    from survey_extract.adapters.openai_chat import Chat
    from survey_extract.adapters.openai_engine import OpenAIEngine
    from survey_extract.core.schema import asked_fields
    from survey_extract.settings import load_settings
    from survey_extract.wiring import Post, _endpoint, load_prompt

    settings = load_settings(survey.path, survey.env)
    archive = FileArchive(survey.path, warn=print)
    chat = Chat(_endpoint(settings, Post()), archive, None)  # type: ignore[arg-type]
    engine = OpenAIEngine(chat, load_prompt(survey.path))
    text = archive.text_of(archive.documents()[key][-1].sha256)
    assert text is not None
    question = load_prompt(survey.path).question(text, text.citable(), asked_fields())
    return chat.upper(engine.body([{"role": "user", "content": question}], asked_fields(), engine.reply_tokens))


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


@pytest.mark.parametrize("ending", ["expired", "cancelled"])
def test_part_of_a_batch_is_used_and_only_the_rest_asked_again(survey: Folder, provider: Provider, ending: str) -> None:
    """Two of three came: the third, and nothing else, goes into the next batch."""
    provider.ending, provider.skip = ending, lambda number: number == 1
    survey.ok("refresh", "--batch")
    ran = survey.ok("refresh", "--json", "--batch")
    assert sorted(kinds(ran).values()) == ["new", "new", "waiting"]
    assert "2 of 3 replies came; 1 not, the first: it ran out of time" in ran.err
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
    assert "its output is gone; its questions are asked again, and paid again" in ran.err
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
    assert "whether it was sent is not known" in sent.err
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
    assert "could not be looked at" in ran.err
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
    assert "3 replies taken in" in done.err
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
        ("not json", ":2: no JSON"),
        ('{"response": {}}', ":2: no result of a batch"),
        ('{"custom_id": "abc", "response": {"status_code": 200, "body": {"choices": 3}}}', "holds no completion"),
        ('{"custom_id": "abc", "response": {"body": {"choices": [{"message": {"content": "x"}}]}}}', "who answered?"),
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
