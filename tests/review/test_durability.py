"""Nothing that the page confirmed is lost, and nothing is doubled: the server is killed between and during actions."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import threading
import urllib.parse
from collections import Counter

import pytest

from tests.conftest import Folder
from tests.review.conftest import Reviewing, reviewing

KILLS = int(os.environ.get("TEST_KILLS", "5"))


def stored(folder: Folder) -> list[str]:
    """The reasons of all decisions on disk: each of our verdicts carries one of its own."""
    found: list[str] = []
    for path in sorted((folder.path / "warehouse" / "decisions").glob("*.jsonl")):
        for line in path.read_bytes().splitlines():
            try:
                found.append(json.loads(line)["reason"])
            except ValueError:
                continue  # a torn line, which the archive passes over aloud
    return found


def post(review: Reviewing, cell: str, verdict: str, reason: str) -> bool:
    """Post a verdict as the page would; True when the server confirmed it by sending us on."""
    try:
        text = review.get(cell)
        form = {"token": "", "judged": "", "evidence": ""}
        form |= dict(re.findall(r'<input type="hidden" name="(token|judged|evidence)" value="([^"]*)"', text))
        form |= {"verdict": verdict, "value": "trained in two stages", "reason": reason}
        with review.open(cell, urllib.parse.urlencode(form).encode()) as answer:
            return bool(answer.url != review.url + cell)
    except (OSError, http.client.HTTPException):
        return False


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_again_and_again_no_confirmed_decision_is_lost_and_none_is_doubled(demo: Folder, seed: int) -> None:
    """Kill -9 at 2 x 25 random moments (fewer in a hurry), some of them in the middle of a post: every confirmed decision is there, once."""
    chance = random.Random(seed)
    fields = [row["field"] for row in demo.rows("SELECT field FROM cells WHERE key = 'file-papers-harbor.pdf'")]
    confirmed: list[str] = []
    sent: list[str] = []
    for turn in range(KILLS):
        with reviewing(demo) as review:
            for step in range(chance.randint(1, 2)):
                cell = f"/cell/file-papers-harbor.pdf/{chance.choice(fields)}"
                reason = f"turn {turn} step {step}"
                sent.append(reason)
                if post(review, cell, chance.choice("aern"), reason):
                    confirmed.append(reason)
            killer = threading.Timer(chance.uniform(0.0, 0.03), review.kill)
            killer.start()
            cell, reason = f"/cell/file-papers-harbor.pdf/{chance.choice(fields)}", f"turn {turn} in flight"
            sent.append(reason)
            if post(review, cell, "r", reason):
                confirmed.append(reason)
            killer.join()
    held = Counter(stored(demo))
    assert len(confirmed) > KILLS
    assert [reason for reason in confirmed if held[reason] != 1] == []
    assert [reason for reason, count in held.items() if count > 1] == []
    assert set(held) <= set(sent)
    demo.ok("status")


def test_a_second_reviewer_and_a_run_write_beside_each_other(demo: Folder) -> None:
    """Two servers and a refresh at once: all decisions are kept, each by its name; the later one stands."""
    with reviewing(demo, by="Ada") as ada, reviewing(demo, by="Bob") as bob:
        run = threading.Thread(target=lambda: demo.run("refresh"))
        run.start()
        cell = "/cell/file-papers-orchard.pdf/training_methods"
        assert post(ada, cell, "a", "first")
        assert post(bob, cell, "n", "second")
        run.join()
        assert "second" in ada.get(cell)
    rows = demo.rows("SELECT decided_by, verdict, standing FROM decisions ORDER BY decided_at")
    assert rows == [
        {"decided_by": "Ada", "verdict": "accepted", "standing": False},
        {"decided_by": "Bob", "verdict": "not_reported", "standing": True},
    ]


def test_a_decision_that_overrules_another_persons_is_reported(demo: Folder) -> None:
    """Merged by concatenation, be it of the same second, it is said aloud, and shown in the cell's history."""
    with reviewing(demo) as review:
        assert post(review, "/cell/file-papers-orchard.pdf/training_methods", "a", "mine")
    path = demo.path / "warehouse" / "decisions" / "file-papers-orchard.pdf.jsonl"
    mine = json.loads(path.read_text())
    theirs = mine | {"verdict": "rejected", "value": None, "quoted": False, "by": "Bob"}
    path.write_text(f"{json.dumps(mine)}\n{json.dumps(theirs)}\n")
    status = demo.ok("status", "--json").json()
    assert status["conflicts"] == [
        {"key": "file-papers-orchard.pdf", "field": "training_methods", "people": ["Ada", "Bob"], "by": "Bob"}
    ]
    assert "OVERRULED  training_methods of file-papers-orchard.pdf: Bob overrules Ada" in demo.ok("status").out


def test_the_terminal_decides_by_single_keys(demo: Folder) -> None:
    """The same verdicts on the terminal: accept, reject, not reported, undo, next, leave."""
    demo.env["SURVEY_REVIEWER"] = "Ada"
    ran = demo.ok("review", "--terminal", typed="naujrjjq")
    assert "Lantern: Alignment.Techniques" in ran.out
    assert "p. 1" in ran.out
    rows = demo.rows("SELECT verdict FROM decisions ORDER BY decided_at")
    assert [row["verdict"] for row in rows] == ["not_reported", "accepted", "undone", "rejected"]


def test_a_fresh_clone_fetches_the_document_it_shows(demo: Folder) -> None:
    """Without a cache, the cell that is looked at fetches its own document, and its quotes are back."""
    import shutil

    shutil.rmtree(demo.path / "warehouse" / "cache")
    with reviewing(demo) as review:
        text = review.get("/cell/file-papers-harbor.pdf/training_methods")
        assert "In the first stage we train only the linear projection" in text
        assert "whose words are not available" not in text
        (demo.path / "papers" / "orchard.pdf").unlink()
        gone = review.get("/cell/file-papers-orchard.pdf/training_methods")
    assert "the document cannot be shown" in gone
