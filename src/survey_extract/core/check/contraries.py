"""A word goes in, what it can deny comes out: opposites, negations, hedges, and words that bound a figure.

The lists are closed and hold plain English words alone. A word that is missing
makes the check silent, never wrong; one with several common meanings ("fine",
"light", "common") is left out for that reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from survey_extract.core.ranking.stemming import stem

_OF_WORDNET = (
    "increase rise rose risen raise grow grew grown | decrease reduce fall fell fallen lowered drop decline shrink shrank,"
    " higher | lower, larger greater bigger | smaller, longer | shorter, faster | slower, older | newer younger, stronger | weaker,"
    " better | worse, more | less fewer, best | worst, maximum maximal | minimum minimal, left | right, top | bottom,"
    " upward | downward, north | south, northern | southern, east | west, eastern | western, include | exclude, enable | disable,"
    " permit | forbid, accept | reject refuse, presence | absence, present | absent, open | closed, public | private,"
    " horizontal | vertical, ascending | descending, synchronous | asynchronous, supervised | unsupervised, optional | obligatory,"
    " legal | illegal, active | inactive passive, import | export, wet | dry, warm hot | cold cool, male | female,"
    " cheap | expensive, sufficient | insufficient, dependent | independent, direct | indirect, explicit | implicit, known | unknown,"
    " stable | unstable, manual | automatic, natural | artificial, simple | complex, inside | outside, indoor | outdoor,"
    " deep | shallow, wide | narrow, thick | thin, succeed | fail, correct | incorrect, agree | disagree, approve | disapprove,"
    " lengthen | shorten, strengthen | weaken, accelerate | decelerate, minimize | maximize, abundant | scarce,"
    " reversible | irreversible, significant | insignificant, visible | invisible, urban | rural, domestic | foreign,"
    " voluntary | involuntary, lend | borrow, upstream | downstream, innocent | guilty, homogeneous | heterogeneous,"
    " symmetrical | asymmetrical, linear | nonlinear, proximal | distal, anterior | posterior, acute | chronic, benign | malignant,"
    " aerobic | anaerobic, inpatient | outpatient, diurnal | nocturnal, inward | outward, overestimate | underestimate, complete | incomplete,"
    " frequent | infrequent, majority | minority, inclusion | exclusion, lossless | lossy, minor | major, centralized | decentralized"
)
"""Direct antonyms of WordNet 3.0 (Princeton University, 2006), with their forms, and words of the same synonym sets."""

_OF_PAPERS = (
    "improve | worsen deteriorate, frozen freeze froze | trained train trainable unfrozen unfreeze finetune tuned learnable,"
    " mandatory compulsory required | optional, allow | prohibit ban, add | remove, upper | lower, summer | winter,"
    " spring | autumn, permanent | temporary, paired | unpaired, symmetric | asymmetric, minimise | maximise, encrypt | decrypt,"
    " labeled labelled | unlabeled unlabelled, treated | untreated, online | offline, before | after,"
    " mean average | median, mean average | best champion, dark darkness | light lit, double doubled doubling | halve halved halving,"
    " all every everyone everybody both | none neither nobody"
)
"""Pairs that WordNet does not list and papers use: ours."""
_AXES = tuple(pair.split("|") for pair in (*_OF_WORDNET.split(","), *_OF_PAPERS.split(",")))

NEGATORS = frozenset("not no never without nor neither none cannot".split())
"""What denies the word behind it."""
NO_DENIALS = frozenset(
    "only just merely simply more less later fewer earlier older all every always necessarily until matter longer loss doubt"
    " further yet significantly".split()
)
"""Words behind a negation that make it something else: "not only", "no later than", "without loss of generality"."""
_DENYING = (
    "lack absent absence missing fail exclude exclusion exempt exemption except exception free unable omit avoid refuse prohibit"
    " forbid disable unless only little few hardly barely rarely seldom scarcely instead rather unlike zero remove removal skip"
    " drop discard stop ban deny reject prevent limit limitation struggle difficult hard weak weakness poor challenge problem"
    " issue risk impossible unclear unknown unaffected unchanged untreated unrelated opposite contrary against despite minus"
    " nothing nobody nowhere otherwise eliminate without bypass ignore ineligible independent replace frozen freeze out contrast"
)
HEDGES = frozenset("may might could".split())
_HEDGING = (
    "may might could can would should will shall if possible possibly potential potentially perhaps probable probably likely"
    " expected expect planned plan future hope hypothesize suggest seem appear intend aim propose whether maybe risk allow"
)
_PLANNING = "plan intend schedule envisage expect foresee foreseen"
"""What is to be, where it is said with "is", "was" or "to"."""
PAST = frozenset(["was", "were", "had", "did"])
COMPARATIVES = frozenset(
    "longer shorter higher lower larger smaller greater bigger faster slower older younger newer better worse more less fewer sooner"
    " earlier farther further harder easier stronger weaker warmer hotter colder cooler heavier deeper shallower wider narrower"
    " thicker thinner richer poorer cheaper safer quicker closer nearer denser rarer taller louder quieter cleaner drier wetter"
    " brighter darker steeper rougher smoother".split()
)
"""Words that compare, and can be denied of a verb: "did not sleep longer"."""
LIGHT = frozenset(
    "a an the any its our their this that these those be been being is are was were have has had also yet ever very even on in"
    " at to of for with by from as both either such other using use used do does did so".split()
)
"""Words between a negation or a hedge and the word that it is about."""

BOUNDS = {
    **dict.fromkeys(
        ("at least", "no less than", "not less than", "no fewer than", "not fewer than", "more than", "greater than", "larger than",
         "higher than", "longer than", "older than", "above", "exceeding", "exceeds", "exceed", "minimum of", "a minimum",
         "≥", ">", "no earlier than", "not below", "no younger than"),
        1,
    ),
    **dict.fromkeys(
        ("at most", "up to", "no more than", "not more than", "less than", "fewer than", "smaller than", "lower than", "shorter than",
         "younger than", "newer than", "below", "under", "within", "maximum of", "a maximum", "limited to", "capped at", "not exceeding",
         "not exceed", "≤", "<", "no later than", "not later than", "not above", "no older than", "no longer than"),
        -1,
    ),
}  # fmt: skip
"""Words before a figure that make it a lower (1) or an upper bound (-1). "over" is none: "over eight weeks" lasts eight."""
BOUNDS_BEHIND = {
    **dict.fromkeys("more older later above higher longer greater larger over newer".split(), 1),
    **dict.fromkeys("less fewer younger earlier below lower shorter smaller under".split(), -1),
}
"""Words behind a figure that make it a bound after "or" and "and", and a difference without."""
_WAYS = {
    **dict.fromkeys(
        "more over above exceed exceeds exceeding least minimum longer larger greater higher older later".split(), 1
    ),
    **dict.fromkeys("less fewer under below most maximum within up shorter smaller lower younger earlier".split(), -1),
}
TIMES = {"after": 1, "before": -1}
"""Words behind a span of time, or before a version or a year, by which it lies later or earlier."""


@lru_cache(maxsize=1)
def _sides() -> dict[str, frozenset[tuple[int, int]]]:
    found: dict[str, set[tuple[int, int]]] = {}
    for axis, pair in enumerate(_AXES):
        for side, words in enumerate(pair):
            for word in words.split():
                found.setdefault(stem(word), set()).add((axis, side))
    return {word: frozenset(sides) for word, sides in found.items()}


def sides_of(root: str) -> frozenset[tuple[int, int]]:
    """The pairs of opposites that a stem is in, each with its side, 0 or 1."""
    return _sides().get(root, frozenset())


@lru_cache(maxsize=1)
def _stems_of_planning() -> frozenset[str]:
    return frozenset(map(stem, _PLANNING.split()))


def plans(word: str) -> bool:
    """Whether a word, small, says that something is to be done."""
    return stem(word) in _stems_of_planning()


@lru_cache(maxsize=1)
def _stems_of_denying() -> frozenset[str]:
    return frozenset(map(stem, _DENYING.split()))


@lru_cache(maxsize=1)
def _stems_of_hedging() -> frozenset[str]:
    return frozenset(map(stem, _HEDGING.split()))


def ways(words: Iterable[str]) -> frozenset[int]:
    """The directions that small words of a text have: 1 for "more", -1 for "up to"."""
    return frozenset(_WAYS[word] for word in words if word in _WAYS)


def denies(word: str) -> bool:
    """Whether a word, small, says or may say that something is not so."""
    if word in NEGATORS or (word.startswith(("un", "non")) and len(word) > 6):
        return True
    return (word.endswith("less") and len(word) > 6) or stem(word) in _stems_of_denying()


def hedges(word: str) -> bool:
    """Whether a word, small, leaves open whether something is so."""
    return stem(word) in _stems_of_hedging()
