"""Made values, true and untrue, go in; how many of each kind the check flags comes out.

    python benchmarks/statements.py [--all] [worked.txt ...]

The sets (``tests/statements``): those that the rules were made with, true ones that are hard to tell from untrue ones, other
forms and languages, and those that were held out. ``--all`` lists what was missed, and what was flagged wrongly.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from survey_extract.core.evaluation.wilson import Share
from survey_extract.core.evidence import as_text
from tests.statements import Judged, judged

SETS = {
    "worked.txt": "worked with",
    "reworded.txt": "worked with: hard, but true",
    "forms.txt": "worked with: other forms and languages",
    "quantities.txt": "worked with: quantities, and what is planned, quoted or others'",
    "held_out.txt": "held out before version 5",
    "forms_held_out.txt": "held out before version 7",
    "quantities_held_out.txt": "held out before version 8",
    "claims.txt": "worked with in version 9",
    "true.txt": "true values alone, worked with in version 9",
    "mixed_held_out.txt": "held out after version 8",
    "claims_held_out.txt": "held out before version 9",
    "true_held_out.txt": "true values alone, held out before their flags were mended",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--all", action="store_true", help="list what was missed and what was flagged wrongly")
    parser.add_argument("sets", nargs="*", default=list(SETS), help="the files whose values are judged: all")
    options = parser.parse_args()
    for name in options.sets:
        found = list(judged(name))
        print(f"{SETS[name]} ({name})")
        for is_true in (False, True):
            _table([one for one in found if one.case.is_true is is_true], "true" if is_true else "untrue")
        if options.all:
            _misses(found)
        print()


def _table(found: Sequence[Judged], word: str) -> None:
    kinds = dict.fromkeys(sorted(one.case.kind for one in found))
    for kind in (*kinds, None) if found else ():
        here = [one for one in found if kind in (None, one.case.kind)]
        flagged = sum(one.is_flagged for one in here)
        print(
            f"  {word:6} {kind or 'all':34} {flagged:4} of {len(here):4} flagged{_within(flagged, len(here)) if kind is None else ''}"
        )


def _within(flagged: int, total: int) -> str:
    low, high = Share(flagged, total).interval
    return f" ({100 * flagged / total:.1f} %, 95 % interval {100 * low:.1f} to {100 * high:.1f})"


def _misses(found: Sequence[Judged]) -> None:
    for one in found:
        if one.is_flagged is one.case.is_true:
            places = ", ".join(f"{t.text}: {t.place}" for t in one.check.terms if t.place != "in evidence")
            print(
                f"  {'flagged wrongly' if one.case.is_true else 'missed'} | {one.case.subject} | {one.case.kind} | {as_text(one.case.value)} | {places}"
            )


if __name__ == "__main__":
    main()
