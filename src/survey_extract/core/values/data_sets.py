"""A text goes in, the data sets that it names come out: the engine without a model answers with them.

A data set is one that everybody knows by name, one that the text itself calls
a data set, or one that is in a list with such: "on three corpora, i.e. A,
B and C". Capitals, hyphens and spaces do not tell names apart where the name
has a digit or a capital inside, which no word of English has. The patterns are
literals, or take all they can at once: they go over text of strangers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from survey_extract.core.words.lexicon import FURTHER_DATA_SETS, KNOWN_DATA_SETS, LANGUAGES, OPENINGS, ORDINARY

_BY_NAME = frozenset((*KNOWN_DATA_SETS, *FURTHER_DATA_SETS))
"""What everybody knows to be a data set."""

_CALLED = re.compile(r" (?:data ?sets?|corpus|corpora|benchmarks?)\b")
_NAMED = re.compile(r"\b(?:data ?set|corpus|benchmark) (?:called |named )?(?P<name>[A-Z][\w+-]*+(?!\.\d))")
_NOUN = re.compile(r"(?:data|data-?sets?|sets|corpus|corpora|benchmarks?|test-?sets?)")
_SURE_NOUN = re.compile(r"(?:data-?sets?|sets|corpus|corpora|benchmarks?|test-?sets?)")
_INNER = re.compile(r"[\w+-]*+")
_VERSION = re.compile(r"-\d+\.\d")
_CITED = frozenset("0123456789, ")
_WINDOW = 160
"""Characters before "data set" in which its name is looked for."""
_ARTICLES = frozenset(
    "A An And As At But By For From If In Into It Its No Of On Or Our So That The Their These They This Those To Two"
    " Three We When Where Which While With Each Both Also However First Second Third Finally Then Thus Here".split()
)
_NO_DATA_SET = frozenset(
    "AI API CNN CPU GPU GPUs ID LLM LLMs LM LMs LMM LMMs ML MLLM MLLMs MLP NLP OCR QA RNN SOTA SoTA TPU URL VLM VLMs"
    " VQA VL VLP Fig Figs Figure Figures Tab Table Tables Sec Section Sections Eq Equation Appendix Web-based English"
    " Chinese Internet".split()
)


def data_sets(text: str) -> tuple[str, ...]:
    """Data sets that a text speaks of as used, each once: of its ``mentions`` those that are no model, task or language.

    What it leaves out by its own words ("we omit A and B") is not among them.
    """
    kept = _kept(text)
    further = _further(kept)
    mentioned = (
        (*further, *_found(kept, is_sure=True)) if further or mentions(kept) else ()
    )  # most sentences mention none, and that is known already
    mentioned = tuple(name for name in mentioned if not any(other.startswith(f"{name} ") for other in further))
    benches = (name for name in _BENCH.findall(kept) if not any(name in other.split() for other in mentioned))
    named = (*mentioned, *benches)
    found = list(_unique(_without_opening(name, kept) for name in named if _is_data_set(name, kept)))
    if not any(name in _BY_NAME or any(map(_has_inner, name.split())) for name in found):
        found = [name for name in found if _is_called(name, kept)]
    return tuple(name for name in found if name in _BY_NAME or not _is_spelt_out(name, kept, found))


@lru_cache(4096)
def mentions(text: str) -> tuple[str, ...]:
    """What may be a data set in a text, each once: the known ones, and what the text itself calls a data set.

    The learned weights count these (``traits``), and choose the sentences of a
    question by them: what is found here stays, and ``data_sets`` is stricter.
    """
    return _found(text, is_sure=False)


def _found(text: str, *, is_sure: bool) -> tuple[str, ...]:
    """The known names, the called, and those of lists, or of lists that surely are of data sets."""
    known = [match[0] for match in _known().finditer(text)]
    called = [_without_article(name) for match in _CALLED.finditer(text) if (name := _name_before(text, match.start()))]
    named = [match["name"] for match in _NAMED.finditer(text) if _has_inner(match["name"])]
    found = [name for name in (*known, *called, *named, *_listed(text, is_sure=is_sure)) if name and _may_be(name)]
    parts = {word for name in found for word in name.split() if " " in name}
    return _unique(name for name in found if name in KNOWN_DATA_SETS or name not in parts)


def _may_be(name: str) -> bool:
    return name not in _NO_DATA_SET and not _VERSION.search(name)


# --- what is none after all -----------------------------------------------------------------------

_LEAVES_OUT = re.compile(r"\b(?:omit|omitted|omitting|omits|exclude|excluded|excluding|excludes)\b", re.IGNORECASE)
_ALSO_MODELS = frozenset(["ALIGN", "LLaVAR"])
"""Known names that a model bears, too: they count where the text says what they are."""
_NO_NAMES = (
    _NO_DATA_SET
    | LANGUAGES
    | frozenset("Benchmark Benchmarks Evaluation Metric Metrics Model Models NLG NLU Task Tasks".split())
)
_BENCH = re.compile(r"(?<![\w-])(?=[A-Z])[\w-]*+(?<=[Bb]ench)")
"""A name that says itself what it is."""
_OPENS = OPENINGS | ORDINARY
"""Words that have a capital only where they begin a sentence: "Generate"."""
_VARIABLE = re.compile(r"[A-Za-z]\d*")
"""A letter with a number behind it."""
_MANNERS = ("-style", " style", "-like")
"""What says behind a name that something else is made in its manner."""
_BRACKETS = r"(?: \([^()]{1,40}+\)| \[[^\[\]]{1,40}+\])?"
_NUMBERS = r"(?: ?\[[\d, ]{1,20}+\])?"
_OF_OTHERS = re.compile(
    _NUMBERS
    + r"(?:,? (?:and|or) [\w+-]{1,30}+"
    + _NUMBERS
    + r"){0,2}[ -](?:style|models?|encoders?|decoders?|architectures?"
    r"|networks?|backbones?|baselines?|metrics?|scores?|loss(?:es)?|optimi[sz]ers?|(?:pre-?)?trained|fine-?tuned)\b",
    re.IGNORECASE,
)
"""What is said after a name, or after it and one or two more, of something else than data; citations stand between."""


def _kept(text: str) -> str:
    """A text up to where it begins to say what is left out."""
    found = _LEAVES_OUT.search(text)
    return text[: found.start()] if found else text


def _is_data_set(name: str, text: str) -> bool:
    words = re.split(r"[ -]", name)
    if all(word in _NO_NAMES for word in words) or _is_kind(name) or _is_variable(name) or _is_manner(name, text):
        return False
    if name in _ALSO_MODELS:
        return _is_called(name, text)
    at = text.find(name)  # -1 where a citation stands within it
    return name in _BY_NAME or at < 0 or not _OF_OTHERS.match(text, at + len(name))


def _is_kind(name: str) -> bool:
    """Whether words say of what task data sets are, and no name: "three Medical VQA data sets"."""
    *before, last = name.split()
    return bool(before) and last in _NO_NAMES and name not in _BY_NAME and not any(map(_has_inner, before))


def _is_variable(name: str) -> bool:
    """Whether a name is one letter with a number: "data sets x1 and x2"."""
    return name not in _BY_NAME and _VARIABLE.fullmatch(name) is not None


def _is_manner(name: str, text: str) -> bool:
    """Whether a name only says in whose manner something is: "Winograd-style tasks"."""
    ends = [match.end() for match in re.finditer(re.escape(name), text)]
    return bool(ends) and all(text.startswith(_MANNERS, end) for end in ends)


def _without_opening(name: str, text: str) -> str:
    """A name without the word that has its capital from the beginning of the sentence: "Generate" of "Generate ShipQA"."""
    first, _, rest = name.partition(" ")
    opens = text.startswith(name) and (first.lower() in _OPENS or first.endswith(("ing", "ed")))
    return rest if opens and _has_inner(rest) and name not in _BY_NAME else name


def _is_called(name: str, text: str) -> bool:
    """Whether the word "data set" follows a name, or what stands behind it in brackets."""
    return bool(re.search(re.escape(name) + _BRACKETS + _CALLED.pattern, text))


def _is_spelt_out(name: str, text: str, found: Sequence[str]) -> bool:
    """Whether a name is what the one behind it in brackets is short for: one data set has one name."""
    return " " in name and any(f"{name} ({short}" in text for short in found)


# --- what the text calls a data set ---------------------------------------------------------------


def _name_before(text: str, end: int) -> str:
    """The capitalised words that end at a place, up to three; marks of a citation or an abbreviation are passed over."""
    words = _without_tail(text[max(0, end - _WINDOW) : end]).split(" ")[-3:]
    words[0] = _from_last_mark(words[0])
    for count in range(len(words), 1, -1):
        name = words[-count:]
        name[0] = _from_last_mark(name[0])
        if all(word[:1].isascii() and word[:1].isupper() and len(word) > 1 and _INNER.fullmatch(word) for word in name):
            return " ".join(name)
    last = _from_last_mark(words[-1])
    return last if _INNER.fullmatch(last) and last[:1].isascii() and last[:1].isupper() and _has_inner(last) else ""


def _without_tail(window: str) -> str:
    for opening, closing in ((" (", ")"), (" [", "]")):
        begin = window.rfind(opening) if window.endswith(closing) else -1
        inner = window[begin + 2 : -1] if begin > 0 else ""
        if inner and ")" not in inner and (set(inner) <= _CITED if closing == "]" else len(inner) <= 40):
            return window[:begin]
    return window


def _from_last_mark(word: str) -> str:
    """What follows the last character that can stand in no name."""
    for at in range(len(word) - 1, -1, -1):
        if not (word[at].isalnum() or word[at] in "_+-"):
            return word[at + 1 :]
    return word


def _has_inner(name: str) -> bool:
    return any("A" <= char <= "Z" or "0" <= char <= "9" for char in name[1:])


def _without_article(name: str) -> str:
    """The name after an article; nothing when ordinary words stand inside it."""
    words = name.split()
    while words and words[0] in _ARTICLES:
        words.pop(0)
    is_plain = len(words) == 1 and not any(char.isupper() or char.isdigit() for char in words[0][1:])
    return "" if is_plain or _ARTICLES & set(words) else " ".join(words)


# --- lists ----------------------------------------------------------------------------------------

_CITATION = re.compile(
    r"\s?\[[^\[\]]{1,80}+\]|\s?\([^()]{0,160}?\b(?:19|20)\d\d[a-z]?[^()]{0,40}+\)|\s?\([A-Z][\w-]{0,12}+\)"
)
_PIECE = re.compile(r"[^\s,;:()/&]++|[,;:()/&]")
_GLUE = frozenset([",", ";", "and", "or", "&", "/", "as", "well", "("])
_LEADS = frozenset(
    [
        ":",
        ",",
        "(",
        "including",
        "include",
        "includes",
        "namely",
        "i.e",
        "i.e.",
        "e.g",
        "e.g.",
        "such",
        "as",
        "like",
        "are",
        "is",
        "from",
        "of",
        "the",
        "on",
    ]
)
_NOT_LISTED = frozenset(word.capitalize() for word in ORDINARY | OPENINGS)
FEW = 2
"""Names that make a list, where it is said to be of data sets; where it is not, one more, with a third of them known."""
SHORT = 3
"""Letters of the longest name that could be any abbreviation."""
REACH = 4
"""Words between "data sets" and the list that says which."""


@dataclass(slots=True)
class _List:
    """Names that only commas and the like part, with the pieces of text before and after them."""

    names: list[str]
    first: int
    last: int


def _listed(text: str, *, is_sure: bool) -> Iterator[str]:
    """The names of each list that is one of data sets.

    It is surely one where more than "data" stands before it, or its names are known, or written like such: "data from
    Harvard and MIT" names none.
    """
    pieces = _PIECE.findall(_CITATION.sub("", text))
    for found in _lists(pieces):
        known = sum(bool(_known().fullmatch(name)) for name in found.names)
        is_named = known or all(len(name) > SHORT and _has_inner(name) for name in found.names)
        said = _is_said(pieces, found, _NOUN if is_named or not is_sure else _SURE_NOUN)
        if (len(found.names) >= FEW and said) or (len(found.names) > FEW and 3 * known >= len(found.names)):
            yield from found.names


def _lists(pieces: Sequence[str]) -> Iterator[_List]:
    """Runs of names; what cannot be in one ends it."""
    found, words = _List([], 0, 0), list[str]()
    for index, piece in enumerate((*pieces, "")):
        if _is_name(piece, is_first=index == 0) or (words and _is_size(piece)):
            if not found.names and not words:
                found.first = index
            words.append(piece.rstrip("."))
            found.last = index
            continue
        if words:
            found.names.append(" ".join(words))
            words = []
        if piece not in _GLUE:
            if found.names:
                yield found
            found = _List([], 0, 0)


def _is_name(piece: str, *, is_first: bool) -> bool:
    """Whether a word may be part of a name: it begins with a capital, or has one or a digit inside."""
    bare = piece.rstrip(".")
    if len(bare) < 2 or bare in _ARTICLES or bare in _NO_DATA_SET or not _INNER.fullmatch(bare.replace(".", "")):
        return False
    if _has_inner(bare) and bare[0].isalpha():
        return True
    return bare[0].isupper() and not is_first and bare not in _NOT_LISTED


def _is_size(piece: str) -> bool:
    """Whether a word can only end a name: "12M"."""
    return piece[:1].isdigit() and piece[-1:].isupper()


def _is_said(pieces: Sequence[str], found: _List, noun: re.Pattern[str]) -> bool:
    """Whether the text says that a list is one of data sets: right after it, or shortly before, with nothing but a lead between."""
    after = [piece.rstrip(".").lower() for piece in pieces[found.last + 1 : found.last + 3]]
    if after and (_NOUN.fullmatch(after[0]) or after[:2] in (["data", "sets"], ["data", "set"])):
        return True
    for piece in reversed(pieces[max(0, found.first - REACH) : found.first]):
        if noun.fullmatch(piece.lower()):
            return True
        if piece.lower() not in _LEADS:
            return False
    return False


# --- what everybody knows -------------------------------------------------------------------------


@cache
def _known() -> re.Pattern[str]:
    longest_first = sorted(KNOWN_DATA_SETS, key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(_spelt, longest_first)) + r")(?![\w+]|-\w)")


_CAMPAIGN = re.compile(
    r"(?<![\w-])(?:WMT|IWSLT|SemEval|CoNLL|TREC|DUC|TAC|ILSVRC|CHiME|ACE)(?:[ '\u2019-]{0,2}(?:19|20)\d\d|\d\d)"
    r"(?: (?:English|German|French|Chinese|Czech|Russian|Romanian|Finnish|Turkish|Japanese)(?:-to)?[-\u2013](?:English|German|French|Chinese|Czech|Russian|Romanian|Finnish|Turkish|Japanese)\b)?(?![\w-])"
)
"""Yearly ones, each year a data set of its own, and of translations each pair of languages."""
_SPLIT = r"(?:-(?:test-dev|test-std|test|dev|val|validation|train|std|minival|middle|high)(?![\w-])|[ -]?(?:v|V)?\d(?:\.\d)?(?![\w.-]|\.\d))?"
"""What is said of a data set's part or version behind its name."""
_CITE = (
    r" (?:\((?:[^()]{0,80}, )?(?:19|20)\d\d[a-z]?\)|\([^()]{1,60} et al\.,? (?:19|20)\d\d[a-z]?\)|\[[\w+, ]{1,30}\])"
)
_EVALUATED = re.compile(
    rf"\b(?:evaluat(?:e|ed|ing|ion)|test(?:ed)?|benchmarked)\b[^.;:()]{{0,60}} on (?:the )?(?P<name>[A-Z][\w-]{{2,30}}){_CITE}"
)
"""A name that is cited right behind "evaluate ... on"."""
_SORTED = re.compile(
    r"(?<![\w-])(?P<name>[A-Z][\w-]{2,30})(?P<words>(?: [a-z][a-z-]{1,20}){1,3}) (?:benchmark|corpus|test set|challenge|leaderboard)\b"
)
"""A name with what it is about between it and the noun: "the RACE reading comprehension benchmark"."""
_NOT_BETWEEN = frozenset(
    "a an the and or on of for to from in with by as is are was model models training pre-training pretraining trained based"
    " fine-tuned finetuned style our this that these we new own large not than using at it its their which can test dev".split()
)


def _further(text: str) -> tuple[str, ...]:
    """Names of further data sets, of yearly ones, and those that the text says it evaluates on."""
    campaigns = (match[0] for match in _CAMPAIGN.finditer(text))
    known = (match["name"] for match in _further_known().finditer(text))
    evaluated = (match["name"] for match in _EVALUATED.finditer(text))
    sorts = (match["name"] for match in _SORTED.finditer(text) if not _NOT_BETWEEN & set(match["words"].split()))
    formed = (name for name in (*evaluated, *sorts) if sum(map(str.isupper, name)) > 1 and _may_be(name))
    return _unique((*campaigns, *known, *formed))


@cache
def _further_known() -> re.Pattern[str]:
    """Further names, and with what follows of parts and versions the known ones, too."""
    longest_first = sorted(_BY_NAME, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?P<name>{'|'.join(map(_spelt, longest_first))}){_SPLIT}(?![\w+]|-\w)")


def is_known(name: str) -> bool:
    """Whether everybody knows a name as a data set's."""
    return _further_known().fullmatch(name) is not None


def _spelt(name: str) -> str:
    """A name as it may be written: where it is no plain word and not in capitals alone, in any case and with or without hyphens."""
    if name.isupper() or len(name) < 5 or not any(map(_has_inner, name.split())):
        return re.escape(name)
    first, rest = name[0], "[ -]?".join(map(re.escape, re.split(r"[ -]", name[1:])))
    return f"[{first.upper()}{first.lower() if first.islower() else ''}](?i:{rest})"


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
