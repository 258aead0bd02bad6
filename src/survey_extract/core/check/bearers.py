"""A figure of a value, what its field asks and the sentences cited for it go in; that they say it of another comes out: "A has 3, B has 5".

A sentence with several figures of a kind is cut between them, so that each has a
stretch of its own. A figure is of another where its stretch has a year, a number,
a name or a thing for which another stretch has the one that is asked for; and
where its own stretch has anything of what is asked, in that place, it is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from survey_extract.core.check.figures import PrintedFigures, language_of, looks_like_year
from survey_extract.core.check.polarity import is_like
from survey_extract.core.check.tongues import PREPOSITIONS, tongue
from survey_extract.core.ranking.stemming import GRAMMAR
from survey_extract.core.words.languages import frequent
from survey_extract.core.words.numerals import Number
from survey_extract.core.words.proper_names import is_formed
from survey_extract.core.words.tokens import Token, fold

MOST = 12
"""Figures of a kind in a sentence that are told apart, at most."""
REACH = 80
"""Tokens on either side of a figure that may be its own."""
PHRASE = 3
"""Words behind a preposition that are of one thing."""
_CUTS = frozenset(
    [",", ";", ":", ".", "(", ")", *"and or but whereas while than versus vs to against compared".split()]
)
_WHOLE_CUTS = frozenset([";", ".", ":"])
_OF = frozenset("of de von di da do out / sur su".split())
_OWN_WORDS = frozenset("it its our we ours this".split())
_JOINING = frozenset("and or to - – & und oder bis et ou y e o a".split())
_OTHERS = frozenset(
    "baseline baselines competitor competitors best other others previous prior earlier rival rivals compared comparison comparator"
    " reference art control state against than versus strongest second next".split()
)
"""Words of a field that asks about others than the source's own system."""
_POSSESSING = frozenset(["of", "for", "by", "from", *PREPOSITIONS["of"], *PREPOSITIONS["for"]])
_LEADING = frozenset(word for group in PREPOSITIONS.values() for word in group)
_SMALL = frozenset("the a an that those der die das dem den le la les el los il lo o os um uma un una".split())


class Matter(NamedTuple):
    """What a figure must be about: the words of the field, or of the value around it, and the source's own names."""

    found: tuple[Token, ...]
    own: frozenset[str] = frozenset()
    more: frozenset[str] = frozenset()
    """Further words that may name what is asked: of the field's instruction, and of the rest of the value."""
    is_field: bool = True

    @property
    def words(self) -> frozenset[str]:
        return frozenset(fold(token.text) for token in self.found)


class Another(NamedTuple):
    """What a sentence says a figure of, and what the cell is about instead, in names and figures of theirs."""

    said_of: str
    asked: str

    @property
    def words(self) -> str:
        if self.said_of and self.asked:
            return f"the sentence says this of {self.said_of}, the cell is about {self.asked}"
        return (
            f"the sentence says this of something else; of what the cell is about it says {self.asked or self.said_of}"
        )


@dataclass(frozen=True)
class _Stretch:
    """The tokens of a sentence that are nearest to one figure, from ``low`` to before ``high``."""

    found: Sequence[Token]
    low: int
    high: int
    first: int
    behind: int
    code: str

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        return (*self.found[self.low : self.first], *self.found[self.behind : self.high])

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(fold(token.text) for token in self.tokens)

    @cached_property
    def years(self) -> frozenset[str]:
        return frozenset(token.text for token in self.tokens if _is_year(token))

    @cached_property
    def settings(self) -> frozenset[tuple[str, str]]:
        return frozenset(_settings(self.tokens))

    @cached_property
    def sorts(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (
                *_sorts(self.found[self.low : self.first], self.code),
                *_sorts(self.found[self.behind : self.high], self.code),
            )
        )

    def names(self, known: frozenset[str]) -> frozenset[str]:
        return frozenset(
            fold(token.text)
            for at, token in enumerate(self.tokens)
            if _is_name(token, at + self.low == 0, self.code, known)
        )

    def bearer(self, known: frozenset[str]) -> str | None:
        """The name that stands as the one of which the figure is said: no "on" or "at" before it."""
        for at in range(self.low, self.high):
            token = self.found[at]
            if self.first <= at < self.behind or not _is_name(token, at == 0, self.code, known):
                continue
            before = at - 1
            while before >= 0 and fold(self.found[before].text) in _SMALL:
                before -= 1
            led = fold(self.found[before].text) if before >= 0 else ""
            is_right_behind = at <= self.behind + 3
            if led in _POSSESSING and (at < self.first or is_right_behind):
                return token.text
            if at < self.first and led not in _LEADING and not self._is_joined(at):
                return token.text
        return None

    def _is_joined(self, at: int) -> bool:
        """Whether a name is written together with what is behind it: a compound may be anything of it."""
        behind = self.found[at + 1] if at + 1 < len(self.found) else None
        return behind is not None and behind.text in "-/" and behind.start == self.found[at].end

    @cached_property
    def phrases(self) -> dict[str, frozenset[str]]:
        """What stands behind its prepositions, by each."""
        found: dict[str, set[str]] = {}
        for group, listed in PREPOSITIONS.items():
            for at, token in enumerate(self.tokens):
                if fold(token.text) in listed:
                    found.setdefault(group, set()).update(self._phrase(at + 1))
        return {group: frozenset(words) for group, words in found.items()}

    def _phrase(self, at: int) -> Iterator[str]:
        left = PHRASE
        for token in self.tokens[at:]:
            word = fold(token.text)
            if not left or word in _CUTS or word in _LEADING:
                return
            if _means(token, self.code):
                yield word
                left -= 1

    @cached_property
    def behind_it(self) -> frozenset[str]:
        return frozenset(fold(token.text) for token in self.found[self.behind : self.high] if _means(token, self.code))

    @cached_property
    def about(self) -> frozenset[str]:
        return frozenset(fold(token.text) for token in self.tokens if _means(token, self.code))


def _means(token: Token, code: str) -> bool:
    word = fold(token.text)
    return token.kind == "word" and len(word) > 1 and word not in GRAMMAR and word not in frequent(code)


def _is_year(token: Token) -> bool:
    return token.kind == "number" and len(token.text) == 4 and token.text[:2] in ("17", "18", "19", "20")


def _settings(found: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Numbers that stand for a setting, with the word behind them: "16-channel", "500 cycles"."""
    for at, token in enumerate(found[:-1]):
        behind = at + 2 if found[at + 1].text == "-" else at + 1
        if token.kind == "number" and not _is_year(token) and behind < len(found) and found[behind].kind == "word":
            yield token.text, fold(found[behind].text)[:5]


def _is_name(token: Token, opens: bool, code: str, known: frozenset[str]) -> bool:
    if token.kind != "word" or len(token.text) < 2:
        return False
    if is_formed(token.text) or (fold(token.text) in known and not token.text.islower()):
        return (
            True  # in small letters, a source's name is what it is made of: "basalt fibres" in "Basalt fibre concrete"
        )
    return (
        token.text.istitle() and not opens and code != "de" and len(token.text) > 2 and fold(token.text) not in _SMALL
    )


def _stretches(amounts: PrintedFigures, at: int) -> tuple[int, list[_Stretch]]:
    """The stretch of a figure, as its place among those of all figures of its kind in the sentence."""
    found, code = amounts.found, language_of(amounts)
    places = [one for one in _alike(amounts, at) if one == at or not _is_whole(amounts, one)]
    here = places.index(at)
    start = max(0, here - MOST // 2)
    places, here = places[start : start + MOST], here - start
    known = tongue(code)
    cuts = _CUTS | known.parting if known else _CUTS
    lows = [0]
    for one, two in pairwise(places):
        cut = _cut(found, amounts.figures[one].behind, amounts.figures[two].first, cuts)
        if cut is None:
            return 0, []
        lows.append(cut)
    made = [
        _Stretch(
            found,
            max(low, amounts.figures[place].first - REACH),
            min(high, amounts.figures[place].behind + REACH),
            amounts.figures[place].first,
            max(amounts.figures[place].behind, amounts.measures[place].behind),
            code,
        )
        for place, low, high in zip(places, lows, [*lows[1:], len(found)], strict=True)
    ]
    return here, made


def _cut(found: Sequence[Token], first: int, behind: int, cuts: frozenset[str]) -> int | None:
    """Where two stretches part: at the last mark or word that parts; of a figure in brackets what stands before them is its own."""
    places = [at for at in range(first, behind) if fold(found[at].text) in cuts]
    if places and found[places[-1]].text == "(" and len(places) > 1:
        places.pop()
    return places[-1] if places else None


def _alike(amounts: PrintedFigures, at: int) -> list[int]:
    """Figures of its kind, and bare ones, which may be of any."""
    kind = amounts.kind(at)
    return [
        other
        for other, figure in enumerate(amounts.figures)
        if other == at
        or (
            not figure.is_rank
            and not looks_like_year(amounts.found, figure)
            and len(figure.sides) == 1
            and (
                amounts.kind(other) == kind
                or (
                    not amounts.measures[other].units
                    and not amounts.measures[at].units
                    and "" in (kind, amounts.kind(other))
                )
            )
        )
    ]


def _is_whole(amounts: PrintedFigures, place: int) -> bool:
    """The 410 of "23 of 410": the whole of which another figure is a part."""
    first = amounts.figures[place].first
    words = [fold(token.text) for token in amounts.found[max(0, first - 2) : first]]
    is_led = words[-1:] and (words[-1] in _OF or (words[-1] in _SMALL and words[:1] and words[0] in _OF))
    before = first - (1 if words[-1:] and words[-1] in _OF else 2)
    return bool(is_led) and before > 0 and amounts.found[before - 1].kind == "number"


def another(number: Number, asked: Matter, cited: Sequence[PrintedFigures]) -> Another | None:
    """Whom or what else the one sentence with a figure says it of."""
    held = [(amounts, at) for amounts in cited for at in amounts.places.get(number, ())]
    if len(held) != 1 or held[0][0].figures[held[0][1]].is_rank:
        return None
    here, made = _stretches(*held[0])
    if len(made) < 2:
        return None
    mine = made[here]
    others = [one for at, one in enumerate(made) if at != here and not _are_joined(mine, one)]
    return (
        _of_other_year(mine, others, asked)
        or _of_other_setting(mine, others, asked)
        or _of_other_name(mine, others, asked, held[0][0])
        or _of_other_sort(mine, others, asked)
        or (_of_other_thing(mine, others, asked) if asked.is_field else None)
    )


def _are_joined(one: _Stretch, two: _Stretch) -> bool:
    """Whether two figures have no more than an "and" between them: "60 and 90 min", "3 to 4 h" are said of one thing."""
    between = [fold(token.text) for token in one.found[min(one.behind, two.behind) : max(one.first, two.first)]]
    return not between or (len(between) == 1 and between[0] in _JOINING)


def _of_other_year(mine: _Stretch, others: Sequence[_Stretch], asked: Matter) -> Another | None:
    years = frozenset(token.text for token in asked.found if _is_year(token))
    theirs = [year for year in sorted(years) if any(year in one.years for one in others)]
    if len(years) != 1 or not theirs or not mine.years or years & mine.years:
        return None
    return Another(min(mine.years), theirs[0])


def _of_other_setting(mine: _Stretch, others: Sequence[_Stretch], asked: Matter) -> Another | None:
    for number, word in _settings(asked.found):
        instead = [known for known, other in mine.settings if other == word]
        if instead and (number, word) not in mine.settings and any((number, word) in one.settings for one in others):
            return Another(instead[0], number)
    return None


def _of_other_name(
    mine: _Stretch, others: Sequence[_Stretch], asked: Matter, amounts: PrintedFigures
) -> Another | None:
    everywhere = asked.words | asked.more
    named = frozenset(
        fold(token.text) for at, token in enumerate(amounts.found) if _is_name(token, at == 0, mine.code, asked.own)
    )
    bearers = {fold(name) for one in others if (name := one.bearer(asked.own))}
    wanted = asked.words & named & bearers | asked.words & asked.own
    is_own = not wanted and asked.is_field and not everywhere & _OTHERS
    wanted = asked.own if is_own else wanted
    bearer = mine.bearer(asked.own)
    if not wanted or bearer is None or fold(bearer) in everywhere | wanted or mine.words & wanted:
        return None
    said = amounts.said
    has_wanted = any((one.names(asked.own) if is_own else one.words) & wanted for one in others)
    has_pronoun = any(one.words & _OWN_WORDS for one in others) and any(
        fold(token.text) in wanted for token in said.found
    )
    if not has_wanted and not has_pronoun:
        return None
    token = next((one.text for one in (*asked.found, *said.found) if fold(one.text) in wanted), "the source's own")
    return Another(bearer, token)


def _of_other_sort(mine: _Stretch, others: Sequence[_Stretch], asked: Matter) -> Another | None:
    """ "Open surgery" for "keyhole surgery": a word of which the stretches name two sorts."""
    own = mine.sorts
    for sort in _sorts(asked.found, mine.code):
        for other in others:
            if sort in own or sort not in other.sorts:
                continue
            instead = [
                one
                for one in own
                if (one[0] == sort[0]) != (one[1] == sort[1]) and not set(one) - set(sort) & asked.words
            ]
            if any(one not in other.sorts for one in instead):
                figure = " ".join(token.text for token in other.found[other.first : other.behind])
                return Another("", figure)
    return None


def _sorts(found: Sequence[Token], code: str) -> Iterator[tuple[str, str]]:
    """Two words side by side that mean something: a thing and its sort, in either order."""
    for one, two in pairwise(found):
        if all(_means(token, code) or (len(token.text) == 1 and token.text.isupper()) for token in (one, two)):
            yield fold(one.text), fold(two.text)


def _of_other_thing(mine: _Stretch, others: Sequence[_Stretch], asked: Matter) -> Another | None:
    """ "Of the placebo group" for "of those vaccinated": the same preposition, another thing."""
    wanted = frozenset(fold(token.text) for token in asked.found if _means(token, mine.code))
    told = mine.behind_it if mine.low == 0 else mine.about  # what stands before the first figure is said of all
    if mine.words & _OWN_WORDS:
        return None
    for other in (one for one in others if not _has_any(wanted, told - one.about)):
        for group, phrase in other.phrases.items():
            theirs, own = phrase - mine.about, mine.phrases.get(group, frozenset()) - other.about
            if theirs and own and _has_any(wanted, theirs):
                figure = " ".join(token.text for token in other.found[other.first : other.behind])
                return Another("", figure)
    return None


def _has_any(wanted: frozenset[str], words: frozenset[str]) -> bool:
    return any(is_like(one, two) for one in wanted for two in words)
