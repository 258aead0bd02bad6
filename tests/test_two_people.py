"""Two people decide in two clones, one of them after a reread, and Git merges: every word of both is kept, and what disagrees is told."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from survey_extract.adapters.archive.folder import FileArchive
from survey_extract.core.fingerprint import sha256_of
from tests.conftest import Folder
from tests.papers.make import Paper, pdf, prose
from tests.review.desk import desk_of
from tests.test_merged import committed, git

KEY, ANY = "file-papers-ponds.pdf", {"SURVEY_PUBLISH": "any"}
FIELDS = '[ponds]\nask = "How many ponds there were."\n[method]\nask = "How they were sampled."\n[site]\nask = "Where they lie."\n'
SAYS = [
    "In all, 24 ponds were surveyed in June.",
    "Each pond was sampled with a dip net at dawn.",
    "They lie to the north of Oldham.",
]


def decided(survey: Folder, field: str, verdict: str, words: str, value: str | None = None, by: str = "Ada") -> None:
    """A verdict on a cell, on the sentence with these words."""
    with desk_of(survey, by) as desk:
        view = desk.cell(KEY, field)
        assert view.text is not None
        numbers = [s.number for s in view.text.citable() if words in view.text.quote(s)]
        desk.decide(KEY, field, verdict, view.judged, value=value, numbers=numbers, standing=view.stood)  # type: ignore[arg-type]


def of_field(survey: Folder, field: str) -> list[tuple[str, str]]:
    archive = FileArchive(survey.path, warn=pytest.fail)
    return [(one.verdict, str(one.value)) for one in archive.decisions(KEY) if one.field == field]


def test_what_two_people_decided_is_all_there_after_a_merge(survey: Folder, tmp_path: Path) -> None:
    """On other cells, on the same cell, and on one whose sentence the other's reader reads otherwise: pointed anew there, edited here."""
    survey.write("fields.toml", FIELDS)
    survey.write("papers/ponds.pdf", pdf(Paper("Ponds", prose(4), [("The ponds", [*SAYS, prose(8, 10)])])))
    survey.sources("./papers/ponds.pdf,Ponds")
    survey.ok("refresh", **ANY)
    archive = FileArchive(survey.path, warn=pytest.fail)
    document = archive.documents()[KEY][-1].sha256
    new = archive.text_of(document)
    assert new is not None
    older = replace(new, reader="pdf-1", pages=tuple(page.replace("dip net", "d1p nct") for page in new.pages))
    archive.keep_text(document, replace(older, sha256=sha256_of(older)))
    decided(survey, "method", "edited", "d1p nct", "A sample at dawn.")
    survey.write(".gitignore", "warehouse/cache/\nwarehouse/survey.duckdb*\nwarehouse/.*\n")
    git(survey.path, "init", "--quiet", "--initial-branch=main")
    committed(survey, "together")
    bob = Folder(tmp_path / "bob", dict(survey.env))
    shutil.copytree(survey.path, bob.path)
    decided(survey, "ponds", "edited", "24 ponds", "24 ponds")
    decided(survey, "site", "edited", "north of Oldham", "In the north.")
    survey.ok("refresh", **ANY)
    committed(survey, "Ada's")
    bob.ok("refresh", "--reread", **ANY)
    assert bob.rows("SELECT field FROM cells WHERE in_newest = 'unplaced'") == [{"field": "method"}]
    decided(bob, "method", "confirmed", "dip net", by="Bob")
    decided(bob, "site", "edited", "north of Oldham", "Oldham's north.", by="Bob")
    bob.ok("refresh", **ANY)
    committed(bob, "Bob's")
    git(survey.path, "pull", "--quiet", "--no-rebase", "--no-edit", str(bob.path), "main", ok=False)
    for name in git(survey.path, "diff", "--name-only", "--diff-filter=U").split():
        assert name == "README.md" or name.endswith((".jsonl", ".json")), name
    told = survey.run("refresh", **ANY)
    assert told.code in (0, 2), told.err
    if told.code == 2:
        assert "conflict" in told.err or "<<<<<<<" in told.err
    git(survey.path, "checkout", "--quiet", "--theirs", "README.md")
    survey.ok("render", "--force", **ANY)
    assert not survey.rows("SELECT field FROM cells WHERE in_newest IS NOT NULL")
    survey.ok("refresh", "--reread", **ANY)
    assert not survey.rows("SELECT field FROM cells WHERE in_newest IS NOT NULL")
    (cell,) = survey.rows("SELECT value, decided_by, evidence_count FROM cells WHERE field = 'method'")
    assert cell == {"value": "A sample at dawn.", "decided_by": "Ada", "evidence_count": 1}
    survey.ok("verify")
    assert of_field(survey, "ponds") == [("edited", "24 ponds")]
    assert sorted(of_field(survey, "site")) == [("edited", "In the north."), ("edited", "Oldham's north.")]
    (conflict,) = survey.ok("status", "--json").json()["conflicts"]
    assert (conflict["field"], sorted(conflict["people"])) == ("site", ["Ada", "Bob"])
    assert of_field(survey, "method") == [("edited", "A sample at dawn."), ("pointed", "None")]
