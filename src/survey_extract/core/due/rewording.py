"""A sentence as it was and what stands in its place go in; whether the change may matter to what it says comes out.

A person decided on the words of one version. In the next they may be typeset
otherwise, spelt otherwise, in another order, in two sentences: that is the same
statement. It may also be another: denied, left open, of something else, with
another figure. What a change means cannot be known without reading it, so it is
harmless only where it can be nothing else: no word of meaning is missing, none
came in that could narrow or turn what is said, and all are said of the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations, islice, pairwise

from survey_extract.core.check.clauses import Clause, Parsed, Sentences
from survey_extract.core.check.contraries import BOUNDS, NEGATORS, denies, hedges, sides_of
from survey_extract.core.check.others import others_work
from survey_extract.core.check.otherwise import turned
from survey_extract.core.check.tongues import KNOWN, tongue
from survey_extract.core.ranking.stemming import GRAMMAR, stem
from survey_extract.core.words.lexicon import NUMBER_WORDS
from survey_extract.core.words.tokens import Token, fold, without_citations

_POINTERS = re.compile(
    r"\(?\b(?:as )?(?:(?:shown|seen|listed|given|described|discussed|reported|illustrated|presented|depicted|summarised|summarized) )?"
    r"(?:(?:in|by|from|see|cf\.?) )?(?:the )?\b(?:fig(?:ure)?s?|tab(?:le)?s?|sec(?:tion)?s?|eqs?|equations?|app(?:endix)?|chapters?)\b\.? ?"
    r"\(?(?:\d+(?:\.\d+)*[a-z]?|[A-Z])\)?(?: ?(?:,|and|to|[-\u2013]) ?\d+(?:\.\d+)*[a-z]?)*\)?",
    re.IGNORECASE,
)
"""Where else in the document something stands: "as shown in Fig. 3", "(see Section 4.2)"."""
_ASIDES = re.compile(
    r"\b(?:as (?:can be|is) (?:seen|shown)|it (?:can be|is|was) (?:seen|noted|found|observed|shown) that|it should be noted that"
    r"|it is worth (?:noting|mentioning) that|note that|we (?:note|find|found|observe|observed) that|to (?:the best of )?our knowledge|as expected"
    r"|as (?:mentioned|noted|described|discussed|stated) (?:above|below|earlier)|in (?:the )?(?:present|this|our) (?:paper|work|study|article|report)"
    r"|in other words|on the other hand|in (?:total|all|addition|particular|fact|detail)|for (?:example|instance)|e\.g\.|i\.e\.|that is"
    r"|of course|it is (?:clear|evident) that|at the same time|(?:^|(?<=\. ))(?:first|second|third|next|last|then)(?=,)|by (?:the|these|our) authors?)\b,?",
    re.IGNORECASE,
)
"""What an author says beside the matter."""
_PLAIN = str.maketrans({"\u00ad": "", "\u200b": "", "\ufeff": "", "\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2212": "-", "\u2010": "-", "\u2011": "-"})  # fmt: skip
_PERCENT = re.compile(r"\bper ?cent\b", re.IGNORECASE)
_CONTRACTED = re.compile(r"\b(can|ca|do|does|did|is|are|was|were|has|have|had|could|would|should|wo)n(?:'t|ot)\b", re.IGNORECASE)  # fmt: skip
_MONTH = re.compile(r"(?<=[^\s.!?] )May\b|\bMay(?= \d)")
"""The month, which leaves nothing open."""
_JOINED = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
_THOUSANDS = re.compile(r"(?<=\d)[, ](?=\d{3}(?!\d))")
_SIGNED = re.compile(r"(?:(?<=[\s(\[=])|^)(?:-|minus )(?=\d)", re.IGNORECASE)

_EMPTY = frozenset(
    map(
        stem,
        "author paper study work article manuscript here herein however moreover furthermore additionally also thus therefore hence"
        " finally firstly secondly lastly overall altogether namely indeed note follow next now again already still both"
        " respective corresponding aforementioned current present while whereas although though because since upon per"
        " out available fact order way well several various unfortunately unsurprisingly undoubtedly nonetheless nevertheless".split(),
    )
)
"""Words that add nothing to a statement, besides those of grammar."""
_SAME = (
    "use utilize utilise employ apply, show demonstrate illustrate reveal indicate report, perform conduct execute carry undertake make,"
    " investigate examine study explore, observe see find detect notice, obtain get gain, begin start commence, end finish, big large,"
    " approximately about around roughly circa ca, method approach technique, quick fast rapid, show display exhibit,"
    " help aid, buy purchase, build construct, need require, choose select pick, contain comprise, test trial, image picture, assess evaluate,"
    " behaviour behavior, colour color, fibre fiber, metre meter, litre liter, centre center, grey gray, aluminium aluminum,"
    " sulphate sulfate, labour labor, programme program, licence license, defence defense, offence offense, practise practice, catalogue catalog, tyre tire, plough plow, mould mold, analyse analyze,"
    " percent pct, dataset datasets, specimen sample, entire whole, complete full, reach attain, amount quantity"
)
"""Words that say one thing in the sentences of papers; of each group the first stands for all."""
_PARTIAL = frozenset(
    map(
        stem,
        "some most mostly mainly largely partly partially partial nearly almost sometimes occasionally occasional often usually typically"
        " generally slightly slight marginally marginal half few only except unless if somewhat seldom rarely hardly barely little"
        " virtually once former latter other others remaining rest reference control baseline previous previously earlier first second third"
        " initially temporarily originally supposedly allegedly reportedly apparently seemingly until attempt try aim goal"
        " no-one claim claimed believe assume assumed intend unsuccessful unsuccessfully".split(),
    )
)
"""Words that narrow what is said, or leave open how far it holds: one more or one less is another statement."""
_ENGLISH_TOO = frozenset("no n nul si bis possible possibles future".split())
_FOREIGN = (
    frozenset(
        word
        for code in sorted(KNOWN - {"en"})
        if (known := tongue(code))
        for word in known.denying | known.lacking | known.open
    ).union(
        "konnte kann peut puede può pode inte ingen inget inga utan aldrig ikke ikkje uten uden aldri nie bez не нет без".split()
    )
    - _ENGLISH_TOO
)
"""Words of other languages that deny or leave open, and mean nothing else in English; of some languages these alone are known."""
_ALL = frozenset("all every each any always entire both".split())
"""Words that say it of all: who adds a word beside them says it of fewer."""
_OPPOSED = tuple(
    tuple(pair.split())
    for pair in (
        "above below,over under,before after,more less,more fewer,most least,inside outside,into from,up down,and or,both either,both neither,"
        "same different,same another,same other,for against,since until,within outside,during after,during before,"
        "he she,his her,we they,our their,here there,this another,if though,because although,from to"
    ).split(",")
)
"""Words of grammar of which one in place of the other is another statement."""
_DENIED_IN_ONE = frozenset("\u4e0d\u6ca1\u6c92\u7121\u65e0\u672a\u975e\u5426")
"""Characters that deny."""
BESIDE = 0.34
"""Share of a sentence's words of meaning that may be said beside a figure or a name."""
LONGEST = 4_000
"""Characters of a sentence that is looked into: longer ones are the same only word for word."""
MOST = 60
"""Words of meaning of a sentence of which the order is compared."""
BOUND = 0.6
"""Share of a clause that is denied, or left open, which must be denied or left open still."""


@lru_cache(maxsize=1)
def _one_for_all() -> dict[str, str]:
    groups = [group.split() for group in _SAME.split(",")]
    return {stem(word): stem(group[0]) for group in reversed(groups) for word in group}


_AMERICAN = (("isation", "ization"), ("ise", "ize"), ("ised", "ized"), ("ising", "izing"), ("ises", "izes"), ("yse", "yze"), ("ysed", "yzed"),
             ("our", "or"), ("ours", "ors"), ("oured", "ored"), ("elled", "eled"), ("elling", "eling"), ("re", "er"), ("ae", "e"))  # fmt: skip


@lru_cache(8192)
def _root(word: str) -> str:
    """The stem that stands for a small-letter word, in one spelling."""
    for ending, other in _AMERICAN:
        if len(word) > len(ending) + 2 and word.endswith(ending):
            word = word[: -len(ending)] + other
            break
    root = stem(word.replace("haem", "hem").replace("paed", "ped"))
    return _one_for_all().get(stem(word), _one_for_all().get(root, root))


@dataclass(frozen=True)
class _Wording:
    """A sentence, or several, without what is beside the matter."""

    text: str

    @classmethod
    def of(cls, words: str) -> _Wording:
        text = " ".join(unicodedata.normalize("NFKC", words.translate(_PLAIN)).split())
        text = _CONTRACTED.sub(r"\1 not", _PERCENT.sub("%", _THOUSANDS.sub("", text)))
        text = _ASIDES.sub(" ", _POINTERS.sub(" ", without_citations(_MONTH.sub("Maymonth", text))))
        return cls(_JOINED.sub(" ", text))

    @cached_property
    def parsed(self) -> Parsed:
        return Parsed.of(self.text)

    @cached_property
    def signed(self) -> frozenset[int]:
        """Where a number begins that has a minus."""
        return frozenset(match.end() for match in _SIGNED.finditer(self.text))

    @cached_property
    def content(self) -> tuple[str, ...]:
        """Stems of the words of meaning and the numbers, in order."""
        return tuple(root for token in self.parsed.found if (root := self._content(token)))

    def _content(self, token: Token) -> str | None:
        word = fold(token.text)
        if token.kind == "number" or (word in NUMBER_WORDS and word != "one"):
            return f"{'-' if token.start in self.signed else ''}{_number(word)}"
        if token.text in "%\u2030":
            return "%"
        if token.kind == "ideogram":
            return word
        if token.kind != "word" or word in GRAMMAR or word in NEGATORS:
            return None
        if len(word) == 1:
            is_unit = token.start in self.behind_numbers
            return token.text if is_unit or (token.text.isupper() and token.start) else None
        root = _root(word)
        return None if root in _EMPTY else root

    @cached_property
    def behind_numbers(self) -> frozenset[int]:
        """Where a word begins that stands right behind a number."""
        return frozenset(word.start for number, word in pairwise(self.parsed.found) if number.kind == "number")

    @cached_property
    def small(self) -> tuple[str, ...]:
        """All its words, in small letters."""
        return tuple(fold(token.text) for token in self.parsed.found if token.kind == "word")

    @cached_property
    def bounds(self) -> Counter[int]:
        """The directions in which its figures are bounds."""
        line = " ".join(fold(token.text) for token in self.parsed.found)
        return Counter(
            direction for phrase, direction in BOUNDS.items() for _ in re.finditer(rf"(?<!\w){re.escape(phrase)} (?=\d)", line)
        )  # fmt: skip

    def about(self, clause: Clause) -> frozenset[str]:
        return frozenset(root for token in clause.found if (root := self._content(token)))

    @cached_property
    def clauses(self) -> tuple[tuple[frozenset[str], Clause], ...]:
        return tuple((self.about(clause), clause) for clause in self.parsed.clauses)


def _number(word: str) -> str:
    """One spelling of a number: "3" for "three", "0.5" for ".50"."""
    digits = str(NUMBER_WORDS.get(word, word)) if word in NUMBER_WORDS else word
    try:
        return f"{float(digits):g}" if digits.count(",") == 0 else digits
    except ValueError:
        return digits


def may_matter(before: str, after: str, value: Sequence[str] | None = None) -> bool:
    """Whether a sentence may say something else now.

    ``value`` are the words of a value whose figures and names stand in what came ``after``: of such a value, words that
    are left out and that it does not have itself were said beside it. None where every word counts.
    """
    if max(len(before), len(after)) > LONGEST:
        return before.split() != after.split()
    old, new = _Wording.of(before), _Wording.of(after)
    if old.content == new.content and old.small == new.small and old.bounds == new.bounds:
        return False
    lost, gained = _differing(old.content, new.content), _differing(new.content, old.content)
    is_beside = value is not None and not gained and len(lost) <= BESIDE * len(old.content) and _is_beside(lost, value)
    if lost and not is_beside:
        return True
    return (
        _narrows(old, new, lost, gained)
        or old.bounds != new.bounds
        or _moved(old, new, _is_denied)
        or _hedges(old.clauses) != _hedges(_old_part(old, new))
        or _moved(old, new, _is_open)
        or _exchanges(old, new)
        or (others_work(new.text) is not None) != (others_work(old.text) is not None)
        or any(True for _ in islice(turned(old.parsed, Sentences([new.parsed])), 1))
    )


def is_part(before: str, after: str) -> bool:
    """Whether all that is said now was said in the sentence before, so that its rest may stand beside it."""
    if max(len(before), len(after)) > LONGEST:
        return False
    return not _differing(_Wording.of(after).content, _Wording.of(before).content)


def roots_of_value(value: str) -> tuple[str, ...]:
    """The words of meaning of a value, as those of sentences are compared."""
    return _Wording.of(value).content


def _differing(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """The words of one that the other does not have, be they written together there or apart."""
    there, joined = set(other), {a + b for a, b in pairwise(other)}
    here_joined = {stem(a + b) for a, b in pairwise(one)} | {a + b for a, b in pairwise(one)}
    left = [word for word in one if word not in there and word not in joined]
    compounds = [word for word in there if word in here_joined]
    return tuple(word for word in left if not any(word in compound and word != compound for compound in compounds))


def _is_beside(lost: Sequence[str], value: Sequence[str]) -> bool:
    """Whether none of the words that were left out is one of the value, a figure, or a word that turns a sentence."""
    return not any(word in value or word in _PARTIAL or _is_figure(word) or denies(word) or hedges(word) or sides_of(word) for word in lost)  # fmt: skip


def _is_figure(root: str) -> bool:
    return root.lstrip("-")[:1].isdigit()


def _narrows(old: _Wording, new: _Wording, lost: Sequence[str], gained: Sequence[str]) -> bool:
    """Whether a word came, or went, by which more or less is said, or nothing any more."""
    if _partial(old) != _partial(new) or _foreign(old) != _foreign(new):
        return True
    one, other = Counter(old.small), Counter(new.small)
    for left, right in _OPPOSED:
        for here, there in ((left, right), (right, left)):
            if one[here] > other[here] and other[there] > one[there]:
                return True
    if one["one"] > other["one"] and any(map(_is_figure, gained)):
        return True
    axes = {axis for root in old.content for axis, _ in sides_of(root)}
    if any(denies(root) or axes & {axis for axis, _ in sides_of(root)} for root in gained):
        return True
    strict = [about for about, clause in old.clauses if clause.negations or _ALL & set(clause.words)]
    added = {root for root in gained if not _is_adverb(root, new)}
    return (
        any(
            about & there and added & there
            for about in strict
            for there, clause in new.clauses
            if clause.negations or _ALL & set(clause.words)
        )
        and not lost
    )


def _is_adverb(root: str, wording: _Wording) -> bool:
    return any(word.endswith("ly") and _root(word) == root for word in wording.small)


def _partial(wording: _Wording) -> Counter[str]:
    return Counter(root for word in wording.small if (root := stem(word)) in _PARTIAL)


def _foreign(wording: _Wording) -> Counter[str]:
    return Counter(word for word in (*wording.small, *wording.text) if word in _FOREIGN or word in _DENIED_IN_ONE)


def _is_denied(clause: Clause) -> bool:
    return bool(clause.negations)


def _is_open(clause: Clause) -> bool:
    return clause.is_open or clause.is_planned


def _moved(old: _Wording, new: _Wording, has: Callable[[Clause], bool]) -> bool:
    """Whether what is denied, or left open, is so no longer, or is not the same."""
    mine = [about for about, clause in old.clauses if has(clause)]
    known = frozenset(old.content)
    theirs = [about & known for about, clause in _old_part(old, new) if has(clause)]
    return len(theirs) > len(mine) or not (_are_met(mine, theirs) and _are_met(theirs, mine))


def _old_part(old: _Wording, new: _Wording) -> Sequence[tuple[frozenset[str], Clause]]:
    """The new clauses without those that are added behind all that was said before, and are about something else."""
    known = frozenset(old.content)
    last = max((at for at, (about, _) in enumerate(new.clauses) if about & known), default=len(new.clauses))
    return new.clauses[: last + 1]


def _hedges(clauses: Sequence[tuple[frozenset[str], Clause]]) -> Counter[str]:
    """The words that leave open what is so: another one, or one more, is another statement."""
    return Counter(stem(word) for _, clause in clauses for word in clause.words if hedges(word))


def _are_met(these: Sequence[frozenset[str]], those: Sequence[frozenset[str]]) -> bool:
    """Whether each of some clauses has one among others that is about the same."""
    return all(any(len(one & other) >= BOUND * len(one) for other in those) if one else bool(those) for one in these)


def _exchanges(old: _Wording, new: _Wording) -> bool:
    """Whether two things stand in each other's place: "A replaced B" for "B replaced A", "from 3 to 4" for "from 4 to 3"."""
    once = {word for word, count in Counter(old.content).items() if count == 1 and new.content.count(word) == 1}
    here = [word for word in old.content if word in once][:MOST]
    place = {word: at for at, word in enumerate(new.content) if word in once}
    order = [place[word] for word in here]
    if order == sorted(order):
        return False
    if "respectively" in old.small and "respectively" in new.small:
        return True
    if any(_change_places(one, other, old, new) for one, other in _inverted(here, place)):
        return True
    is_turned_voice = ("by" in old.small) != ("by" in new.small)
    return not is_turned_voice and _is_reversed(here, place, old)


def _inverted(here: Sequence[str], place: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Pairs of figures that stand the other way round."""
    figures = [word for word in here if _is_figure(word)]
    return ((one, other) for one, other in combinations(figures, 2) if place[one] > place[other])


def _change_places(one: str, other: str, old: _Wording, new: _Wording) -> bool:
    """Whether two figures that are inverted have the same unit, and something else before them than they had."""
    alike = _behind(one, old) == _behind(other, old) or _behind(one, old) != _behind(one, new)
    return alike and _before(one, old) != _before(one, new)


def _before(word: str, wording: _Wording) -> str | None:
    at = wording.content.index(word)
    return wording.content[at - 1] if at else None


def _behind(word: str, wording: _Wording) -> str | None:
    return next(iter(wording.content[wording.content.index(word) + 1 :]), None)


def _is_reversed(here: Sequence[str], place: dict[str, int], old: _Wording) -> bool:
    """Whether two words stand on the other side of one that is between them, and the three are no list."""
    lists = {word for about, clause in old.clauses if len(about) == 1 for word in about}
    order = [place[word] for word in here if word not in lists]
    return any(max(order[:at]) > order[at] > min(order[at + 1 :]) for at in range(1, len(order) - 1))
