"""What stands, by the rules and nothing else."""

from __future__ import annotations

import pytest

from survey_extract.core.records import Answer, Cell, Check, Decision, State, Verdict
from survey_extract.core.review import Publish, cell_state, is_published, latest_answer, standing_decision, stands


def answer(value: str = "a") -> Answer:
    return Answer(
        "f",
        "x",
        "openai",
        "m",
        "d",
        None,
        "t",
        "r",
        value,
        False,
        value,
        (),
        (),
        Check(),
        0,
        None,
        "run",
        "2026-01-01T00:00:00Z",
    )


def decision(verdict: Verdict, judged: str | None = "a", at: str = "2026-01-01T00:00:00Z") -> Decision:
    return Decision("x", verdict, judged, "v", False, (), None, "Ada", at)


@pytest.mark.parametrize(
    ("given", "decided", "state"),
    [
        (None, None, None),
        (answer("a"), None, "proposed"),
        (None, decision("imported", None), "imported"),
        (None, decision("accepted"), "accepted"),
        (answer("a"), decision("accepted"), "accepted"),
        (answer("a"), decision("edited"), "edited"),
        (answer("a"), decision("rejected"), "rejected"),
        (answer("a"), decision("not_reported"), "not_reported"),
        (answer("b"), decision("accepted"), "changed"),
        (answer("b"), decision("edited"), "changed"),
        (answer("b"), decision("rejected"), "changed"),
        (answer("b"), decision("not_reported"), "changed"),
        (answer("a"), decision("imported", None), "imported"),
    ],
)
def test_truth_table(given: Answer | None, decided: Decision | None, state: State | None) -> None:
    """A decided value that comes back stays decided; another one queues as changed."""
    assert cell_state(given, decided) == state


def test_the_last_answer_and_the_latest_decision_count() -> None:
    """Answers count by their line, decisions by their time and then by their line."""
    first, second = answer("a"), answer("b")
    assert latest_answer([first, second]) is second
    early, late = decision("accepted", at="2026-01-01T00:00:00Z"), decision("rejected", at="2026-01-02T00:00:00Z")
    assert standing_decision([late, early]) is late
    tie = decision("edited", at="2026-01-02T00:00:00Z")
    assert standing_decision([late, tie]) is tie
    assert standing_decision([]) is None


@pytest.mark.parametrize(
    ("decided", "publish", "published"),
    [
        ([None, None], "reviewed", False), ([None, None], "any", True), (["accepted", "not_reported"], "reviewed", True),
        (["accepted", None], "reviewed", False), (["imported", "edited"], "reviewed", True), (["accepted", "rejected"], "reviewed", False),
    ],
)  # fmt: skip
def test_a_row_is_published_when_every_cell_stands(
    decided: list[Verdict | None], publish: Publish, published: bool
) -> None:
    """``reviewed`` wants a decision in every cell, ``any`` does not."""
    cells = [
        Cell("k", str(i), "proposed", answer(), decision(verdict) if verdict else None)
        for i, verdict in enumerate(decided)
    ]
    assert is_published(cells, publish) is published


def test_nothing_known_is_never_published() -> None:
    """A source that was never answered has no row, whatever the rule."""
    assert not is_published([Cell("k", "x", None, None, None)], "any")
    assert not is_published([], "reviewed")
    assert not stands(None)
