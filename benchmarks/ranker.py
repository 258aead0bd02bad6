"""The sentences that people chose go in; the weights of ``core/ranking/weights.py`` come out, and how often they are right.

    python benchmarks/ranker.py ../shared            # cross-validated: each paper by what the others taught
    python benchmarks/ranker.py ../shared --train answers     # writes those weights, learned on all that is not held out
    python benchmarks/ranker.py ../shared --train all         # writes all, and makes new questions to a model of them

Two sets of sets. Of what chooses the sentences that a model is shown: "known" for
the fields whose words were learned, "compared" for those that ask what came of
something, "described" for all others; an answer is found by the question that
it was given to, and new ones would ask, and charge, existing surveys again. Of
what finds an answer without a model: the same "known", whose scores the limits
of the engine are made for, "described", and for questions that compare "aimed"
where they say what was measured, "worded" where they do not. The loss compares each right sentence with all wrong ones of its
paper (a softmax over each such list), with a penalty on the squares of the
weights, in units of their features' spread; it is convex, so that the same
data give the same weights. At the end a line is laid through the sums, so that
a score is about the share of sentences of that score that are right.

Of a field whose words are learned, those words come from other papers than the
one that is ranked, in training as in validation. A stranger's field is none
that was learned from: "fields out" leaves out the field with the paper.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from judged import Question, as_words, chosen, in_one_sentence, in_other_words, trials, with_heading, without_cues

from survey_extract.core.ranking import weights as learned
from survey_extract.core.ranking.relevance import Query, Relevance, cues_key
from survey_extract.core.ranking.stemming import stems

Array = npt.NDArray[np.float64]
PENALTY = 3.0
"""For the squares of the weights, against a loss of 1 for each question."""
CAREFUL = 30.0
"""The same for fields that are not those which were learned from: the further from these, the less what they taught holds."""
LEAST_SPREAD = 0.1
"""Spread that each of their features counts as having at least, of shares from 0 to 1: what hardly varies here, as what is covered of
instructions as long as ours, would get a weight that is too large elsewhere."""
FINDING_PENALTY = 10.0
"""The same for findings; by cross-validation, 3 to 20 are about as good."""
FOLDS = 7
"""Parts that the trials are divided into, by paper, to be ranked by what the others taught."""
PAPERS = 2
"""Papers that must use a word in right sentences before it counts as learned, so that no paper's own names are."""
WRONG = 12
"""Wrong sentences that must use a word before it counts against an answer."""
SMOOTH = 2.0
"""Sentences that a word is taken to have been seen in beforehand, as often as anywhere."""

FORMER = {
    "0d27ce49faf7": "architecture_overview",
    "a7078abdf649": "architecture_components",
    "a9713359a47b": "training_methods",
    "9a3b7e7055dc": "alignment_techniques",
    "1e82e16ddbb4": "alignment_fusion_methods",
    "99fe570e3c15": "datasets_used",
    "7fb9b84f176e": "datasets_purpose",
}
"""The cues that these fields had first, and still have in a fields.toml of that time."""


@dataclass(frozen=True)
class Rows:
    """A question as features: a row for each sentence that may answer."""

    question: Question
    features: Array
    right: npt.NDArray[np.bool_]


# --- the words of a field -------------------------------------------------------------------------


def learned_words(questions: Iterable[Question], without: frozenset[str]) -> dict[str, float]:
    """What each word says of a sentence that holds it: the log of how much commoner it is in right sentences than in wrong ones."""
    right, wrong = Counter[str](), Counter[str]()
    papers: dict[str, set[str]] = {}
    rights = wrongs = 0
    for question in questions:
        if question.paper in without:
            continue
        for sentence in question.text.citable():
            words = set(stems(question.text.quote(sentence)))
            if sentence.number in question.right:
                right.update(words)
                rights += 1
                for word in words:
                    papers.setdefault(word, set()).add(question.paper)
            elif sentence.number not in question.partly:
                wrong.update(words)
                wrongs += 1
    return {
        word: _log_ratio(right[word], rights, wrong[word], wrongs)
        for word in sorted(right.keys() | wrong.keys())
        if len(papers.get(word, ())) >= PAPERS or wrong[word] >= WRONG
    }


def _log_ratio(right: int, rights: int, wrong: int, wrongs: int) -> float:
    base = SMOOTH * (right + wrong + 0.5) / (rights + wrongs)
    return math.log((right + base) / (rights + SMOOTH)) - math.log((wrong + base) / (wrongs + SMOOTH))


# --- features -------------------------------------------------------------------------------------


@cache
def _relevance(text: object) -> Relevance:
    return Relevance(text)  # type: ignore[arg-type] # cached by the text itself


Features = Callable[[Relevance, Query], Sequence[Sequence[float]]]


def rows(question: Question, features: Features, words: Mapping[str, float] | None = None) -> Rows:
    """The features of one question, by learned words or by none."""
    ranking = _relevance(question.text)
    query = replace(Query.of(question.spec), learned=words or {})
    may = np.array(list(ranking.may_answer(query)))
    right = np.array([sentence.number in question.right for sentence in ranking.sentences])
    return Rows(question, np.array(features(ranking, query))[may], right[may])


def _finding_features(ranking: Relevance, query: Query) -> Sequence[Sequence[float]]:
    return ranking.finding_features(query.aimed())


# --- fitting --------------------------------------------------------------------------------------


def fitted(lists: Sequence[Rows], penalty: float) -> Array:
    """The weights that put right sentences before wrong ones, best."""
    usable = [one for one in lists if one.right.any()]
    least = LEAST_SPREAD if penalty >= CAREFUL else 1e-3
    spread: Array = np.maximum(np.std(np.vstack([one.features for one in usable]), axis=0), least)
    stacked = _Stacked.all(usable, spread)
    found: Array = _minimised(lambda weights: _loss(weights, stacked, penalty), np.zeros(len(spread))) / spread
    return found


@dataclass(frozen=True)
class _Stacked:
    """All questions' rows in one table; ``of`` is each row's question, ``starts`` where each begins."""

    features: Array
    right: npt.NDArray[np.bool_]
    of: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]

    @classmethod
    def all(cls, lists: Sequence[Rows], spread: Array) -> _Stacked:
        lengths = [len(one.right) for one in lists]
        table: Array = np.vstack([one.features for one in lists]) / spread
        right = np.concatenate([one.right for one in lists])
        return cls(table, right, np.repeat(np.arange(len(lists)), lengths), np.cumsum([0, *lengths[:-1]]))


def _loss(weights: Array, lists: _Stacked, penalty: float) -> tuple[float, Array]:
    """The mean over right sentences of the softmax loss against all wrong ones, summed over questions; and its slope."""
    sums, right, of = lists.features @ weights, lists.right, lists.of
    wrong = np.where(right, -np.inf, sums)
    odds = np.exp(wrong - np.maximum.reduceat(wrong, lists.starts)[of])
    all_odds = np.add.reduceat(odds, lists.starts)
    all_wrong = np.maximum.reduceat(wrong, lists.starts) + np.log(all_odds)
    each: Array = 1 / np.add.reduceat(right.astype(float), lists.starts)[of[right]]
    loss = np.logaddexp(0, all_wrong[of[right]] - sums[right])
    share = (1 - np.exp(-loss)) * each
    pull = odds / all_odds[of] * np.bincount(of[right], share, len(all_odds))[of]
    pull[right] -= share
    slope: Array = 2 * penalty * weights + lists.features.T @ pull
    return float(loss @ each) + penalty * float(weights @ weights), slope


def _minimised(function: Callable[[Array], tuple[float, Array]], at: Array) -> Array:
    """The minimum of a smooth convex function (BFGS with halved steps: Nocedal and Wright, "Numerical Optimization", 6.1)."""
    inverse, (value, slope) = np.eye(len(at)) * 0.1, function(at)
    for _ in range(400):
        if np.linalg.norm(slope) < 1e-6:
            break
        step = -inverse @ slope
        length = 1.0
        while length > 1e-12 and (tried := function(at + length * step))[0] > value + 1e-4 * length * float(
            slope @ step
        ):
            length /= 2
        moved, change = length * step, tried[1] - slope
        at, (value, slope) = at + moved, tried
        if (curve := float(moved @ change)) > 1e-14:
            turn = np.eye(len(at)) - np.outer(moved, change) / curve
            inverse = turn @ inverse @ turn.T + np.outer(moved, moved) / curve
    return at


def line(sums: Array, right: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and rest of the logistic curve that turns sums into shares of right sentences (Platt, 1999)."""
    table: Array = np.column_stack([sums, np.ones_like(sums)])

    def loss(at: Array) -> tuple[float, Array]:
        share = 1 / (1 + np.exp(-np.clip(table @ at, -30, 30)))
        return -float(np.mean(np.where(right, np.log(share), np.log(1 - share)))), table.T @ (share - right) / len(sums)

    slope, rest = _minimised(loss, np.array([1.0, 0.0]))
    return float(slope), float(rest)


# --- cross-validation -----------------------------------------------------------------------------


def folds(questions: Sequence[Question]) -> list[frozenset[str]]:
    """Papers that are ranked by what the others taught: each of ours alone, trials by parts."""
    papers = sorted({question.paper for question in questions})
    ours = [frozenset([paper]) for paper in papers if not paper.startswith("PMC")]
    theirs = [paper for paper in papers if paper.startswith("PMC")]
    return ours + [frozenset(theirs[part::FOLDS]) for part in range(FOLDS) if theirs[part::FOLDS]]


Made = Callable[[Question, frozenset[str]], Rows]
"""Features of a question, with nothing learned from these papers."""


def known(questions: Sequence[Question], features: Features) -> Made:
    """Features with words that were learned from other papers than the question's own."""

    @cache
    def words(name: str, without: frozenset[str]) -> dict[str, float]:
        return learned_words((one for one in questions if one.spec.name == name), without)

    return lambda question, without: rows(question, features, words(question.spec.name, without | {question.paper}))


def plain(features: Features) -> Made:
    """Features without learned words."""

    @cache
    def made(question: Question) -> Rows:
        return rows(question, features)

    return lambda question, _: made(question)


def validated(
    questions: Sequence[Question], made: Made, penalty: float = PENALTY, asked: Sequence[Question] | None = None
) -> list[tuple[Rows, Array]]:
    """Each question, or each of others that are asked instead, with the sums of its sentences, by weights that its paper taught nothing."""
    found: list[tuple[Rows, Array]] = []
    for left_out in folds(questions):
        weights = fitted([made(one, left_out) for one in questions if one.paper not in left_out], penalty)
        found += [
            (row, row.features @ weights)
            for row in (made(one, left_out) for one in asked or questions if one.paper in left_out)
        ]
    return found


def fields_out(
    trained_on: Sequence[Question], asked: Sequence[Question], made: Made, penalty: float
) -> list[tuple[Rows, Array]]:
    """Each question asked, by weights that neither its paper nor its field taught anything: a stranger's field."""
    found: list[tuple[Rows, Array]] = []
    for one in asked:
        others = [
            made(other, frozenset())
            for other in trained_on
            if one.paper != other.paper and one.spec.name != other.spec.name
        ]
        row = made(one, frozenset())
        found.append((row, row.features @ fitted(others, penalty)))
    return found


def trained(
    questions: Sequence[Question], made: Made, sums: Sequence[tuple[Rows, Array]], penalty: float = PENALTY
) -> tuple[list[float], float]:
    """The weights by all questions, and the rest: their scores are shares, by the sums of the validation."""
    slope, rest = line(np.concatenate([found for _, found in sums]), np.concatenate([one.right for one, _ in sums]))
    weights = fitted([made(one, frozenset()) for one in questions], penalty)
    return [round(slope * float(weight), 4) for weight in weights], round(rest, 4)


def told(name: str, found: Sequence[tuple[Rows, Array]], among: Sequence[int]) -> str:
    """How often a right sentence is among the first so many."""
    ranks = [one.right[np.argsort(-sums, kind="stable")] for one, sums in found]
    shares = (f"{k}: {sum(bool(rank[:k].any()) for rank in ranks)}/{len(ranks)}" for k in among)
    return f"{name:32} {'   '.join(shares)}"


# --- the module of weights ------------------------------------------------------------------------

_HEAD = '''"""Nothing goes in, what was learned for ranking comes out: numbers, and single words with what they speak for.

Written by ``benchmarks/ranker.py --train``; change that, not this. A row of
``WEIGHTS`` is for ``relevance.FEATURES``, and the rest that is added; of
``ANSWER_WEIGHTS`` for these, too, or for ``relevance.FINDING_FEATURES``. ``LEARNED_WORDS``
are stems, each before its weight, by field; ``LEARNED_FOR`` finds the field by
the hash of its cues, as they are and as they were.
"""

from __future__ import annotations

'''


Weights = Mapping[str, tuple[Sequence[float], float]]


Learned = tuple[Weights, Mapping[str, str], Mapping[str, str]]
"""The weights that also choose what a model is shown, the fields by their cues, and the fields' words."""


def written(answers: Weights, others: Learned) -> str:
    """The module, as source."""
    weights, keys, words = others
    parts = [_HEAD, *_table("WEIGHTS", weights), *_table("ANSWER_WEIGHTS", answers)]
    parts.append("LEARNED_FOR: dict[str, str] = {\n")
    parts += [f'    "{key}": "{name}",\n' for key, name in sorted(keys.items(), key=lambda pair: (pair[1], pair[0]))]
    parts.append("}\n\nLEARNED_WORDS: dict[str, str] = {\n")
    for key, found in words.items():
        pieces = found.split()
        parts += [
            f'    "{key}": (\n',
            *(f'        "{" ".join(pieces[at : at + 16])} "\n' for at in range(0, len(pieces), 16)),
            "    ),\n",
        ]
    return "".join((*parts, "}\n"))


def _table(name: str, weights: Weights) -> Iterator[str]:
    yield f"{name}: dict[str, tuple[tuple[float, ...], float]] = {{\n"
    for kind, (found, rest) in weights.items():
        rows = (", ".join(map(str, found[at : at + 13])) for at in range(0, len(found), 13))
        yield "\n        ".join((f'    "{kind}": ((', *(f"{row}," for row in rows))) + f"\n    ), {rest}),\n"
    yield "}  # fmt: skip\n\n"


def _words(found: Mapping[str, float]) -> str:
    return " ".join(f"{word} {weight:.2f}" for word, weight in found.items() if abs(weight) >= LEAST_WEIGHT)


LEAST_WEIGHT = 0.1
"""Below it a word speaks for nothing."""


def of_answers(ours: Sequence[Question], medical: Sequence[Question]) -> Weights:
    """What finds an answer without a model, with how often it is right."""
    answered, bare = _answered(ours)
    by_words, by_itself = known(ours, Relevance.answer_features), plain(Relevance.answer_features)
    known_sums = validated(answered, by_words)
    print(told("prose, learned words", known_sums, (1, 2, 5)))
    both = validated([*answered, *bare], by_itself, CAREFUL)
    for called, asked in (("prose, cues alone", answered), ("prose, heading and instruction", bare)):
        print(told(called, _of(asked, both), (1, 2, 5)))
        print(told(f"{called}, fields out", fields_out([*answered, *bare], asked, by_itself, CAREFUL), (1, 2, 5)))
    weights = {"described": trained([*answered, *bare], by_itself, both, CAREFUL)}
    print(told("trials, by what papers taught", _by(weights["described"], medical, by_itself), AMONG))
    return {**weights, **_of_findings(medical)}


def _of_findings(medical: Sequence[Question]) -> Weights:
    """The weights for questions that compare; those that say of what also rank the same in other forms."""
    made, weights = plain(_finding_features), dict[str, tuple[list[float], float]]()
    for kind, questions in (("aimed", medical), ("worded", [as_words(one) for one in medical])):
        sums = validated(questions, made, FINDING_PENALTY)
        print(told(f"findings, {kind}", sums, AMONG))
        weights[kind] = trained(questions, made, sums, FINDING_PENALTY)
    effect = [with_heading(one, "Effect") for one in medical]
    for called, asked in (
        ("one sentence", [in_one_sentence(one) for one in medical]),
        ('under "Effect"', effect),
        ("in other words", [in_other_words(one) for one in medical]),
    ):
        print(told(f"findings, {called}", validated(medical, made, FINDING_PENALTY, asked), AMONG))
    return weights


AMONG = (1, 2, 5, 12)


def _answered(ours: Sequence[Question]) -> tuple[list[Question], list[Question]]:
    """The prose cells with something right, with their cues and without; lists of names teach their words alone."""
    answered = [one for one in ours if one.right and one.spec.type == "text"]
    return answered, [without_cues(one) for one in answered]


def _of(asked: Sequence[Question], sums: Sequence[tuple[Rows, Array]]) -> list[tuple[Rows, Array]]:
    return [pair for pair in sums if any(pair[0].question is one for one in asked)]


def _by(weights: tuple[Sequence[float], float], asked: Sequence[Question], made: Made) -> list[tuple[Rows, Array]]:
    """Questions ranked by weights that others taught."""
    return [(row, row.features @ np.array(weights[0])) for row in (made(one, frozenset()) for one in asked)]


def of_all(ours: Sequence[Question], medical: Sequence[Question]) -> Learned:
    """What was learned to choose what a model is shown, with how often it is right."""
    answered, bare = _answered(ours)
    by_words, by_itself = known(ours, Relevance.features), plain(Relevance.features)
    known_sums, bare_sums = validated(answered, by_words), validated(bare, by_itself, CAREFUL)
    worded = [in_one_sentence(one) for one in medical]
    other_sums, medical_sums = validated(answered, by_itself, CAREFUL), validated([*medical, *worded], by_itself)
    print(told("shown: prose, learned words", known_sums, (1, 2, 5)))
    print(told("shown: prose, heading and instruction", bare_sums, (1, 2, 5)))
    for called, part in (("shown: trials", medical), ("shown: trials, in one sentence", worded)):
        print(told(called, _of(part, medical_sums), AMONG))
    weights = {
        "known": trained(answered, by_words, known_sums),
        "described": trained([*answered, *bare], by_itself, [*other_sums, *bare_sums], CAREFUL),
        "compared": trained([*medical, *worded], by_itself, medical_sums),
    }
    specs = {one.spec.name: one.spec for one in ours}
    words = {name: learned_words((one for one in ours if one.spec.name == name), frozenset()) for name in specs}
    keys = FORMER | {cues_key(spec.query): name for name, spec in specs.items()}
    return weights, keys, {name: _words(found) for name, found in words.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", nargs="?", default="../shared", type=Path)
    parser.add_argument("--train", choices=("answers", "all"), help="write weights; those of all make new questions")
    options = parser.parse_args()
    medical = [one for one in trials(options.shared) if not one.is_held_out]
    ours = [one for one in chosen(options.shared) if not one.is_held_out]
    answers = of_answers(ours, medical)
    kept: Learned = learned.WEIGHTS, learned.LEARNED_FOR, learned.LEARNED_WORDS
    if options.train != "answers":
        made = of_all(ours, medical)
        kept = made if options.train else kept
    if options.train:
        Path(learned.__file__).write_text(written(answers, kept), encoding="utf-8")


if __name__ == "__main__":
    main()
