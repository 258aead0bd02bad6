"""The sentences that people chose go in; how often the engine without a model ranks one of them first comes out.

    python benchmarks/ranking.py trials ../shared
    python benchmarks/ranking.py prose ../shared

Beside it, in the same run, plain BM25 with the same words. Papers that the
ranking was trained on and papers that it was not (HELD_OUT in ``judged.py``)
are counted apart; how it does on the former when it has not seen them is said
by ``benchmarks/ranker.py``. Shares come with Wilson's 95 % interval.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

from judged import Question, chosen, gold_cells, in_one_sentence, prose, trials, without_cues

from survey_extract.adapters.extractive_engine import ExtractiveEngine
from survey_extract.core.evaluation.aliases import Aliases
from survey_extract.core.evaluation.judging import Marks, Measure, WantedName, names_marks
from survey_extract.core.evaluation.wilson import Share
from survey_extract.core.paper_text import PaperText
from survey_extract.core.ranking.relevance import Relevance

Ranking = Callable[[Question], Sequence[int]]
"""From a question to numbers of sentences, best first."""


@cache
def _relevance(text: PaperText) -> Relevance:
    return Relevance(text)


def ours(question: Question) -> list[int]:
    """The package's ranking by all that the field says."""
    return [item.sentence.number for item in _relevance(question.text).rank_field(question.spec)]


def shown(question: Question) -> Sequence[int]:
    """The sentences that the engine answers with."""
    return ExtractiveEngine().ask("benchmark", question.text, [question.spec]).said[0].numbers


def bm25(question: Question) -> list[int]:
    """Okapi BM25 with all words of the question (k1 1.2, b 0.75), small letters, nothing cut and nothing left out."""
    sentences = question.text.citable()
    counts = [Counter(_words(question.text.quote(sentence))) for sentence in sentences]
    lengths = [sum(count.values()) for count in counts]
    mean = sum(lengths) / max(1, len(lengths))
    scores = [0.0] * len(sentences)
    for word in dict.fromkeys(_words(f"{question.spec.heading} {question.spec.ask} {question.spec.query.words}")):
        holding = sum(word in count for count in counts)
        idf = math.log(1 + (len(counts) - holding + 0.5) / (holding + 0.5))
        for index, count in enumerate(counts):
            scores[index] += idf * count[word] * 2.2 / (count[word] + 1.2 * (0.25 + 0.75 * lengths[index] / mean))
    order = sorted(range(len(sentences)), key=lambda index: (-scores[index], index))
    return [sentences[index].number for index in order]


def _words(text: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in text.lower()).split()


def table(
    name: str, questions: Sequence[Question], rankings: Iterable[tuple[str, Ranking]], among: Sequence[int]
) -> None:
    """A row for each ranking and part."""
    print(f"{name:44}", *(f"{f'among {count}':>24}" for count in among))
    for part in (False, True):
        asked = [one for one in questions if one.is_held_out is part]
        for label, ranking in rankings:
            found = [_hits(one, ranking(one)) for one in asked]
            shares = (Share(sum(any(hits[:count]) for hits in found), len(found)) for count in among)
            print(f"{'held out' if part else 'trained on':12}{label:32}", *(f"{_told(share):>24}" for share in shares))


def _hits(question: Question, ranked: Sequence[int]) -> list[bool]:
    """Of each sentence, whether it is right; where nothing is reported, silence is."""
    if not question.is_reported:
        return [not ranked]
    return [number in question.right for number in ranked]


def _told(share: Share) -> str:
    low, high = share.interval
    return f"{share.hits:.0f}/{share.of:.0f} {100 * (share.value or 0):.0f} % ({100 * low:.0f}-{100 * high:.0f})"


def names_table(shared: Path) -> None:
    """Precision and recall of the data sets that the engine names, capitals, hyphens and plurals aside."""
    wanted = {cell.paper: cell.names for cell in gold_cells(shared) if cell.names}
    counted: defaultdict[bool, list[Marks]] = defaultdict(list)
    for one in chosen(shared):
        if one.spec.type == "names":
            said = ExtractiveEngine().ask("benchmark", one.text, [one.spec]).said[0].value or ()
            names = [WantedName(name.name, name.aliases, name.optional) for name in wanted[one.paper]]
            counted[one.is_held_out].append(names_marks(tuple(said), names, Aliases()))
    for part, marks in sorted(counted.items()):
        label = f"{'held out' if part else 'tuned on':12}{f'data sets of {len(marks)} papers':32}"
        print(label, *(f"{measure} {_told(_sum(marks, measure))}" for measure in NAMES))


NAMES: tuple[Measure, ...] = ("precision", "recall")


def _sum(marks: Sequence[Marks], measure: Measure) -> Share:
    return Share(sum(one[measure].hits for one in marks), sum(one[measure].of for one in marks))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", choices=("trials", "prose"))
    parser.add_argument("shared", nargs="?", default="../shared", type=Path)
    options = parser.parse_args()
    if options.which == "trials":
        asked = trials(options.shared)
        table("questions on trials", asked, (("BM25", bm25), ("ranking", ours)), (1, 2, 5, 12))
        worded = [in_one_sentence(one) for one in asked]
        table("the same as a heap of words", worded, (("BM25", bm25), ("ranking", ours)), (1, 2, 5, 12))
        return
    cells = prose(options.shared)
    table("cells that are shown (at most two)", cells, (("the engine", shown),), (1, 2))
    reported = [one for one in cells if one.right]
    table("cells with something right", reported, (("BM25", bm25), ("ranking", ours)), (1, 2, 5))
    bare = [without_cues(one) for one in reported]
    table("the same without cues", bare, (("BM25", bm25), ("ranking", ours)), (1, 2, 5))
    names_table(options.shared)


if __name__ == "__main__":
    main()
