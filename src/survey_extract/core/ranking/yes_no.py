"""A yes-or-no field and a sentence go in; yes, no, or nothing comes out: yes only where the sentence says so, no only where it denies that very thing.

What is sought are the words that heading and instruction share. A sentence
says yes when a verb of having or being leads to them ("has a headphone
jack", "is weather-sealed"), and no when a negation is bound to them ("contains no
lactose", "lacks any weather-sealing"). Questions, conditions, hedges, other
subjects, doubled negations and what the words only stand beside ("a headphone
jack adapter") say neither: a wrong answer is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Literal

from survey_extract.core.fields import FieldSpec
from survey_extract.core.ranking.phrases import (
    BEHIND,
    DOUBTS,
    LEADS,
    NEAR,
    NEAR_PAIRS,
    NOT,
    PRONOUNS,
    SMALL,
    TOKEN,
    Word,
    clauses,
    in_one_spelling,
    is_many,
    is_of_another,
    is_others,
    is_whole,
    negations,
    place_of,
    sought_stems,
    words_of,
)
from survey_extract.core.ranking.stemming import stem
from survey_extract.core.tables.pairs import Pair

Said = Literal["yes", "no"]
_SENTENCE = re.compile(r"[^?.!]*")
_FINITE = re.compile(r"\b(?:is|are|was|were|has|have|had|can|cannot|may|does|do|did)\b", re.IGNORECASE)
_AND_THEN = re.compile(
    r", and (?!(?:is|are|was|were|has|have|had|can|cannot|may|does|do|did|not|also|then|now|so|therefore|thus|to)\b)"
    r"(?=(?:[\w-]+ ){1,4}(?:is|are|was|were|has|have|had|can|cannot|may|does|do|did)\b)",
    re.IGNORECASE,
)
"""An "and" behind which another subject and its verb follow."""
_CONTRAST = re.compile(r"^(?:unlike|in contrast to|as opposed to|compared (?:with|to))\s[^,]{1,120},", re.IGNORECASE)
_SUBORDINATE = re.compile(r"^((?:since|because|although|though|while) [^,]{1,120}), ", re.IGNORECASE)
"""A clause before the main one, which the comma ends."""
_BE = frozenset("is are was were be been being".split())
_HAVE = frozenset(
    "has have having contains contain containing includes include including features featuring uses use using supports support"
    " provides provide offers offer grants grant gives give keeps keep retains retain employs conducted ran performed comes".split()
)
_SAYING = frozenset(map(stem, "report discuss mention declare describe state disclose acknowledge explain".split()))
_DECLARING = frozenset(map(stem, ["declare", "disclose"]))
"""Those that say of a thing itself that there is none: "declares no conflict"."""
_WITH = frozenset("comes provided".split())
_HAVING = frozenset(map(stem, _HAVE - _WITH))
_HAD = frozenset(["has", "have", "having", "had"])
_PARTICIPLE = ("ed", "wn", "en", "ught")
"""Ends of words before which "has" is no having: "has shown"."""
_PAST = frozenset(["was", "were", "had", "did"])
_TAKEN_BACK = frozenset(
    "baseline baselines except unless if only optional optionally depending sometimes rarely".split()
)
"""The same behind it."""
_PLAIN = frozenset("have had do does did yet be been provided any very even".split())
_FAR = 6
"""Words between a negated verb, or a verb, and what is sought."""
_AUXILIARY = frozenset("do does did will shall can could would may might must had lacks lack ships".split())
_POINTING = frozenset("this its our".split())
_IS_THERE = frozenset("used included present provided granted supported available contained built".split())
_TO_COME = frozenset("will shall soon upcoming tomorrow intend intends going forthcoming".split())
"""Words of what is not yet so."""
_DEED = ("ed", "ing")
_MODALS = frozenset("may can".split())
_DO = frozenset("do does did".split())
_LET = frozenset("allowed permitted admitted welcome".split())
_BARRED = frozenset("banned forbidden prohibited barred excluded disallowed".split())
_IN_PART = frozenset(
    "if when whenever only until till unless except during in from since before after once where by per some sometimes often"
    " partly but for most many instead than between summer winter weekdays weekends".split()
)
"""Words behind a plain statement that make it true of a part alone, unless the question has them."""
_PLAINLY_DONE = frozenset("supports support grants grant provides provide offers offer".split())
"""Verbs of having that a question may also ask for by themselves."""
_ADVERBS = frozenset("also now still always".split())
_ITSELF = frozenset("she he".split())
_NOTHING_MORE = frozenset("to on it here there now still also and today any".split())
_NONE_OF = frozenset("a an the any all no".split())
_WORKS = frozenset("trial study experiment survey work analysis investigation project".split())
"""What a source tells of, by itself."""
_KINDS_OF_WORK = frozenset(
    "field clinical pilot controlled multicentre multicenter open prospective parallel crossover".split()
)
_JOINED = frozenset("- , and".split())
_RAN = frozenset("did ran conducted performed report present used carried designed made".split())
_NEEDING = frozenset(map(stem, ["need", "require", "demand"]))
_OF_OTHERS = frozenset("other others earlier previous".split())
_DOABLE = frozenset("possible feasible practicable attempted done performed undertaken used".split())
"""What a thing is denied by: "blinding was not possible"."""
_AT_PRESENT = frozenset("at present the moment now currently yet so far either all .".split())
_ANSWERS: dict[str, Said] = {"yes": "yes", "no": "no"}


@dataclass(frozen=True, slots=True)
class SoughtProperty:
    """What a field asks: ``core`` are its stems; ``question`` all of its words, small; ``done`` its verbs ("leavened")."""

    core: frozenset[str]
    question: frozenset[str]
    question_stems: frozenset[str]
    verb: str | None
    """The stem of what is done with it, where that is more than having it: "report", in "Does the paper report ...?"."""
    done: frozenset[str]
    is_being: bool
    """Whether it asks what something is, and not what it has."""
    is_past: bool
    is_of_it: bool
    """Whether it asks about "it", so that whatever a sentence is about may be meant."""
    heading: frozenset[str] = frozenset()
    deed: str | None = None
    """The verb of what it asks whether something does: "runs"."""
    is_subject: bool = False
    """Whether what is sought is itself said to be or do something: "whether a toll is charged"."""

    @classmethod
    def of(cls, spec: FieldSpec) -> SoughtProperty | None:
        """None where heading and instruction do not say it, or ask for the lack of something."""
        asked = (_SENTENCE.match(spec.ask.strip()) or [""])[0]
        words = [word.casefold() for word in TOKEN.findall(asked)]
        heading, question = sought_stems(spec.heading), sought_stems(asked)
        core = heading if heading <= question and heading else question
        if not core or NOT.intersection(words) or {"no", "without", "free", "lack", "non"}.intersection(words):
            return None
        subject, deed = _deed_in(words)
        if deed and core == question and len(core - subject) > 0:
            core -= subject
        done = frozenset(stem(in_one_spelling(word)) for word in words if word.endswith("ed")) - core
        said = frozenset(words[:1]) | frozenset(words[:6]) & _BE
        return cls(
            core,
            frozenset(words),
            question,
            _said_by(words),
            done,
            bool(said & _BE) and words[0] != "does",
            bool(said & _PAST),
            words[1:2] in (["it"], ["there"]),
            heading,
            deed,
            bool(subject) and core <= subject,
        )


def _deed_in(words: Sequence[str]) -> tuple[frozenset[str], str | None]:
    """The stems of a question's subject, and its verb where that is more than being, having or a word of grammar."""
    rest = list(words[words[:1] == ["whether"] :])
    is_turned = rest[:1] != [] and (rest[0] in _DO or rest[0] in _BE or rest[0] in _MODALS)
    rest = rest[1:] if is_turned else rest
    size = next((at for at in range(1, len(rest)) if at and rest[at] in _BE | _MODALS | _HAVE | _DO), None)
    if size is None:
        has_article = rest[:1] != [] and rest[0] in SMALL - {"it"}
        size = 2 if has_article else 1
    subject = sought_stems(" ".join(rest[:size]))
    verb = rest[size] if size < len(rest) else ""
    is_deed = verb.isalpha() and verb not in _BE | _MODALS | _DO | _HAVE - _PLAINLY_DONE and words[:1] != ["is"]
    return subject, verb if is_deed and verb not in SMALL | LEADS | BEHIND and not verb.endswith(_DEED) else None


def _said_by(words: Sequence[str]) -> str | None:
    """The question's verb of telling; "the report" is none."""
    found = (stem(word) for before, word in pairwise(words) if before not in SMALL)
    return next((verb for verb in found if verb in _SAYING), None)


def says(
    sought: SoughtProperty, sentence: str, names: frozenset[str] = frozenset(), known: frozenset[str] | None = None
) -> Said | None:
    """What a sentence says of what is sought; ``names`` are the source's own, ``known`` the words it writes small."""
    if "?" in sentence or is_others(sentence):
        return None
    text = _SUBORDINATE.sub(r"\1; ", _CONTRAST.sub("", sentence))
    words = list(words_of(text))
    if _TAKEN_BACK.intersection(_behind(words, sought)) or not sought.core <= {word.stem for word in words}:
        return None
    own = names | sought.question
    said = {
        _of_clause(sought, list(words_of(part)), own, known if at == 0 else None)
        for at, part in enumerate(part for clause in clauses(text) for part in _coordinated(clause))
    }
    said.discard(None)
    return said.pop() if len(said) == 1 else None


def says_pair(sought: SoughtProperty, pair: Pair) -> Said | None:
    """What a pair of name and value says: "Headphone jack | Yes"."""
    label = sought_stems(pair.label)
    if label != sought.heading and (not sought.core <= label or len(label - sought.question_stems) > 0):
        return None
    return _ANSWERS.get(pair.value.strip(" .").casefold())


def _coordinated(clause: str) -> Iterator[str]:
    """The main clauses that "and" joins, each with its own subject and verb: "no drug was used, and nobody was blinded"."""
    begins = 0
    for match in _AND_THEN.finditer(clause):
        if _FINITE.search(clause, begins, match.start()):
            yield clause[begins : match.start()]
            begins = match.end()
    yield clause[begins:]


def _behind(words: Sequence[Word], sought: SoughtProperty) -> set[str]:
    """The words behind the last of what is sought."""
    places = [at for at, word in enumerate(words) if word.stem in sought.core]
    return {word.text for word in words[places[-1] + 1 :]} if places else set()


def _may_speak(
    sought: SoughtProperty,
    before: Sequence[Word],
    inside: Sequence[Word],
    own: frozenset[str],
    known: frozenset[str] | None,
) -> bool:
    """Whether a clause speaks of the field's subject, without a doubt, and of what is sought and not of a deed like it."""
    if any(word.text in DOUBTS for word in before) or negations(inside) or is_of_another(before, own, known):
        return False
    if not _is_same_form(inside, sought) or (sought.verb and not _is_told(sought.verb, before)):
        return False
    return _is_of_one(before, own) if sought.is_of_it else _is_of_subject(before, sought, own)


def _of_clause(
    sought: SoughtProperty, words: Sequence[Word], own: frozenset[str], known: frozenset[str] | None
) -> Said | None:
    place = place_of(sought.core, words)
    if place is None:
        return None
    start, end = place
    before = words[:start]
    said = _of_work(sought, before, words[start:end], words[end:]) or _of_nobody(sought, before)
    said = (
        said
        or _of_part(sought, before, words[start:end], words[end:])
        or _of_itself(sought, before, words[start:end], words[end:])
    )
    said = said or (_done(sought, before, words[start:], own, known) if sought.deed else None)
    if said:
        return said
    if not _may_speak(sought, before, words[start:end], own, known):
        return None
    follower = next((word.text for word in words[end:] if word.text != "-"), "")
    if follower == "free":
        return "no" if _is_being(before, sought) and not negations(before) else None
    if not is_whole(follower, sought.question_stems):
        return None
    return _denied(sought, before) if negations(before) else _affirmed(sought, before, words[end:])


def _of_work(
    sought: SoughtProperty, before: Sequence[Word], inside: Sequence[Word], behind: Sequence[Word]
) -> Said | None:
    """Yes, where a work itself is called so: "this double-blind trial", "we ran a randomised experiment"."""
    texts, ahead = [word.text for word in before], [word.text for word in behind]
    at = max((at for at, text in enumerate(texts) if text in ("this", "our", "a", "an")), default=-1)
    noun = next((at for at, text in enumerate(ahead[:3]) if text in _WORKS), None)
    if at < 0 or noun is None or len(texts) - at > _FAR or not set(ahead[:noun]) <= _JOINED | _KINDS_OF_WORK:
        return None
    if (DOUBTS | _TO_COME | LEADS - {"in", "from", "with"}) & {*texts} or negations((*before, *inside)):
        return None
    if any(text in _BE or text in _HAVE for text in texts[at:]) or sought.verb:
        return None
    if texts[at] in ("a", "an"):
        is_own = texts[:1] == ["we"] and at <= 3 and not {*texts[1:at]}.isdisjoint(_RAN)
        follower = next((text for text in ahead[noun + 1 :] if text != ","), "")
        is_intro = texts[:at] == ["in"] and follower == "we"
        return "yes" if is_own or is_intro else None
    return "yes" if set(texts[:at]) <= {"in", "from", "with", ","} else None


def _of_nobody(sought: SoughtProperty, before: Sequence[Word]) -> Said | None:
    """No, where nobody is or was so: "nobody was blinded", "neither patients nor doctors were blinded"."""
    texts = [word.text for word in before if word.text not in _ADVERBS]
    if len(texts) < 2 or texts[-1] not in _BE or (texts[-1] in _PAST and not sought.is_past):
        return None
    subject = texts[:-1]
    if subject in (["nobody"], ["no", "one"]):
        return "no"
    is_neither = subject[0] == "neither" and "nor" in subject and not any(text in _OF_OTHERS for text in subject)
    asked = all(text in ("neither", "nor", "the") or text in sought.question for text in subject)
    return "no" if is_neither and asked else None


def _of_part(
    sought: SoughtProperty, before: Sequence[Word], inside: Sequence[Word], behind: Sequence[Word]
) -> Said | None:
    """What is said of the thing that is asked to be so: of a graphical interface, "its interface is graphical"."""
    texts = [word.text for word in before]
    ahead = list(takewhile(lambda text: text != "and", (word.text for word in behind)))
    is_not = texts[-1:] == ["not"]
    texts = texts[:-1] if is_not else texts
    if len(texts) != 3 or texts[0] not in ("its", "the", "our") or texts[2] not in ("is", "are"):
        return None
    noun = stem(in_one_spelling(texts[1]))
    is_it = texts[1] in sought.question and noun not in sought.core and (texts[0] == "its" or not sought.is_of_it)
    is_it = is_it and all(word.stem in sought.core for word in inside)
    if not is_it or sought.verb or _is_in_part(ahead, sought) or ahead[:1] not in ([], ["."], [","]):
        return None
    return "no" if is_not else "yes"


def _of_itself(
    sought: SoughtProperty, before: Sequence[Word], inside: Sequence[Word], behind: Sequence[Word]
) -> Said | None:
    """What a clause says that begins with what is sought: "a toll is charged", "no toll is charged", "cyclists may cross"."""
    texts = [word.text for word in behind if word.text not in ("also", "now", "still", "always")]
    if any(word.text not in _NONE_OF for word in before) or negations(inside) or len(texts) < 1:
        return None
    is_none = any(word.text == "no" for word in before)
    is_not = texts[1:2] in (["not"], ["never"])
    verb, rest = texts[0], texts[2 if is_not else 1 :]
    is_else = sum(text in NOT or text in NEAR or text.endswith("n't") for text in texts) > is_not
    is_others_too = any(word.is_name and word.text not in sought.question for word in behind)
    if _is_in_part(rest, sought) or is_else or is_others_too or (is_none and is_not):
        return None
    if not sought.is_subject or (verb in _BE and _is_undoable(rest, is_none=is_none, is_not=is_not)):
        return _of_being_there(verb, rest, is_none=is_none, is_not=is_not)
    if verb in _BE and (verb not in _PAST or sought.is_past):
        return _of_being(rest, sought, is_denied=is_none or is_not)
    is_able = bool(_MODALS & sought.question) and verb in _MODALS | {"cannot"}
    if is_able and (verb == "cannot" or rest[:1] != []):
        does = verb == "cannot" or stem(rest[0]) in sought.question_stems
        return ("no" if is_none or is_not or verb == "cannot" else "yes") if does else None
    is_done = bool(_MODALS & sought.question) and verb in sought.question and verb not in SMALL | LEADS
    return ("no" if is_none else "yes") if is_done and not is_not else None


def _is_undoable(rest: Sequence[str], *, is_none: bool, is_not: bool) -> bool:
    return not is_none and (rest[:1] == ["impossible"] or (is_not and rest[:1] != [] and rest[0] in _DOABLE))


def _of_being_there(verb: str, rest: Sequence[str], *, is_none: bool, is_not: bool) -> Said | None:
    """What "is included", with nothing behind it but that it is so now, says of what is sought; no, of what was not possible."""
    if verb in _BE and _is_undoable(rest, is_none=is_none, is_not=is_not):
        return "no"
    said = [text for at, text in enumerate(rest) if at == 0 or text not in _AT_PRESENT]
    is_there = verb in ("is", "are") and len(said) == 1 and said[0] in _IS_THERE
    return ("no" if is_none or is_not else "yes") if is_there else None


def _of_being(said: Sequence[str], sought: SoughtProperty, *, is_denied: bool) -> Said | None:
    """What "is", with this and nothing of its own behind it, says of what is sought."""
    if not said or any(text.isalnum() and text not in sought.question | _NOTHING_MORE for text in said[1:]):
        return None
    may = bool(_MODALS & sought.question)
    if said[0] in _BARRED and may and not is_denied:
        return "no"
    if stem(said[0]) in sought.done or said[0] in _IS_THERE or (may and said[0] in _LET):
        return "no" if is_denied else "yes"
    return None


def _is_in_part(rest: Sequence[str], sought: SoughtProperty) -> bool:
    """Whether words behind a statement make it true of some cases alone: "on Sundays", "if it rains"."""
    return any((text in _IN_PART and text not in sought.question) or text.endswith(("day", "days")) for text in rest)


def _done(
    sought: SoughtProperty,
    before: Sequence[Word],
    there: Sequence[Word],
    own: frozenset[str],
    known: frozenset[str] | None,
) -> Said | None:
    """What a clause says whose verb is the question's own: "it runs at night", "it grants no patent licence"."""
    deed = sought.deed or ""
    forms = {deed, f"{deed}s", deed.removesuffix("s")}
    texts = [word.text for word in there]
    subject = [word for word in before if word.text not in _ADVERBS]
    if deed not in sought.question or not texts or stem(deed) not in sought.core:
        return None
    if texts[0] not in forms or not subject or _is_in_part(texts, sought):
        return None
    if is_of_another(before, own, known) or not all(
        word.text in SMALL | PRONOUNS | _ITSELF | own or word.stem in sought.question_stems for word in subject
    ):
        return None
    if is_many(subject, sought.question) or {word.text for word in before} & DOUBTS or negations(before):
        return None
    if negations(there) == 0:
        return "yes"
    return "no" if texts[1] == "no" and negations(there) == 1 else None


def _is_of_subject(before: Sequence[Word], sought: SoughtProperty, own: frozenset[str]) -> bool:
    """Whether what stands before its first verb is what the question is about: by its words, or by "it" or "we"."""
    subject: list[Word] = []
    for word in before:
        if word.text in _BE or word.text in _HAVE or word.text in NOT or word.text in _AUXILIARY:
            break
        subject.append(word)
    about = sought.question_stems - sought.core
    if is_many(subject, sought.question):
        return False
    if len(subject) > 1 and {word.text for word in subject[:-1]} & _POINTING:
        return any(word.stem in about for word in subject)  # "this code" is not "this"
    return any(word.text in PRONOUNS or word.stem in about or word.text in own - sought.question for word in subject)


def _is_of_one(before: Sequence[Word], own: frozenset[str]) -> bool:
    """Whether "it" may be what a clause is about: it begins with a name of the source's own or a word that points at one thing."""
    return not before or before[0].text in SMALL | PRONOUNS | _BE | _HAVE | own


def _is_told(verb: str, before: Sequence[Word]) -> bool:
    """Whether a verb of telling leads to what is sought: not "reports that there were", nor "reports no", which tells of it."""
    at = next((at for at, word in enumerate(before) if word.stem == verb), None)
    if at is None:
        return False
    between = [word.text for word in before[at + 1 :]]
    is_of_none = bool(negations(before[at + 1 :])) and verb not in _DECLARING
    return not (is_of_none or "that" in between or _BE.intersection(between) or _HAVE.intersection(between))


def _is_same_form(words: Sequence[Word], sought: SoughtProperty) -> bool:
    """Whether no word is sought as a thing and said as a deed: "limited" for "limitations"."""
    return all(
        _are_alike(word.text, [form for form in sought.question if stem(in_one_spelling(form)) == word.stem])
        for word in words
    )


def _are_alike(word: str, forms: Sequence[str]) -> bool:
    return not forms or not word.endswith(_DEED) or any(form.endswith(_DEED) or word.startswith(form) for form in forms)


def _denied(sought: SoughtProperty, before: Sequence[Word]) -> Said | None:
    """No, where the only negation is bound to what is sought; else nothing."""
    texts = [word.text for word in before]
    if negations(before) == 2 and _is_listed(texts):
        before, texts = before[texts.index("no") + 1 :], texts[texts.index("no") + 1 :]
    is_needed = any(stem(text) in _NEEDING - sought.question_stems for text in texts)  # what needs none may have one
    is_no_denial = texts[-1:] in (["the"], ["and"]) or {"only", "merely", "just"}.intersection(texts)
    if negations(before) != 1 or is_needed or is_no_denial:
        return None
    for at in range(len(texts) - 1, -1, -1):
        between = texts[at + 1 :]
        if texts[at] in NEAR and between[:1] != ["longer"]:
            if texts[at] == "without" and any(stem(text) in _HAVING for text in texts[:at]):
                return None  # what is had is without it
            return (
                "no"
                if len(between) <= NEAR[texts[at]] and "and" not in between and not _leads_away(between, sought)
                else None
            )
        if at and (reach := NEAR_PAIRS.get((texts[at - 1], texts[at]))) is not None:
            return "no" if len(between) <= reach else None
        if texts[at] in NOT or texts[at] in NEAR or texts[at].endswith("n't"):
            return (
                "no"
                if len(between) <= _FAR and _is_plain(between, sought) and not _leads_away(between, sought)
                else None
            )
    return None


def _is_listed(texts: Sequence[str]) -> bool:
    """Whether two things are denied alike: "there was no control group and no placebo"."""
    last = len(texts) - 1 - list(reversed(texts)).index("no") if "no" in texts else 0
    return texts.count("no") == 2 and texts[last - 1] in ("and", "or") and len(texts) - last <= 2


def _is_plain(between: Sequence[str], sought: SoughtProperty) -> bool:
    """Whether a negation reaches over these words: over having and being, not over another verb ("do not stop tuning")."""
    may = _HAVE | _BE | SMALL | LEADS | _PLAIN | sought.question | {form for form in between if form.endswith("ly")}
    return all(text in may or stem(text) in sought.question_stems | sought.done for text in between)


def _affirmed(sought: SoughtProperty, before: Sequence[Word], behind: Sequence[Word]) -> Said | None:
    """Yes, where a verb leads to what is sought, or says that it is there."""
    if _TO_COME.intersection(word.text for word in (*before, *behind)):
        return None
    if _is_being(before, sought) or _is_had(before, sought) or _is_there(before, behind):
        return "yes"
    return None


def _is_being(before: Sequence[Word], sought: SoughtProperty) -> bool:
    """Whether "is" leads to it: "is fully ...", "is a randomised ...", "is leavened with ..."."""
    if not sought.is_being:
        return False
    texts = [word.text for word in before][-_FAR - 1 :]
    at = max((at for at, text in enumerate(texts) if text in _BE), default=-1)
    if at < 0 or (texts[at] in _PAST and not sought.is_past):
        return False
    between = [text for text in texts[at + 1 :] if text not in SMALL and text != "," and not text.endswith("ly")]
    after_article = texts[at + 1 : at + 2] in (["a"], ["an"])
    known = [text for text in between if stem(text) in sought.question_stems or text in sought.question]
    return not _leads_away(between, sought) and (len(between) == len(known) or (after_article and len(between) <= 2))


def _is_had(before: Sequence[Word], sought: SoughtProperty) -> bool:
    """Whether "has", "contains" or the question's own verb leads to it; "comes with" does."""
    texts = [word.text for word in before][-_FAR - 1 :]
    verbs = [at for at, text in enumerate(texts) if text in _HAVE or stem(text) in sought.done or _is_given(texts, at)]
    if not verbs:
        return False
    between = texts[max(verbs) + 1 :]
    if between[:1] == ["with"] and texts[max(verbs)] in _WITH:
        between = between[1:]
    if texts[max(verbs)] in _HAVE and "of" in between and any(text.isdigit() for text in between):
        between.remove("of")  # so much of it
    is_helping = texts[max(verbs)] in _HAD and between[:1] != [] and between[0].endswith(_PARTICIPLE)
    return not is_helping and "that" not in between and not _leads_away(between, sought)


def _is_given(texts: Sequence[str], at: int) -> bool:
    """Whether "there is" ends here."""
    return at > 0 and texts[at] in ("is", "are") and texts[at - 1] == "there"


def _is_there(before: Sequence[Word], behind: Sequence[Word]) -> bool:
    """Whether it is said at the beginning of a clause, and then that it is there: "A headphone jack is included"."""
    texts = [word.text for word in behind[:2]]
    starts = all(word.text in SMALL for word in before)
    return starts and len(texts) == 2 and texts[0] in ("is", "are") and texts[1] in _IS_THERE


def _leads_away(between: Sequence[str], sought: SoughtProperty) -> bool:
    """Whether what is sought is only beside the matter: "is about sourdough"; one provides for a thing, though."""
    pairs = zip(("", *between), between, strict=False)
    return any(
        text in LEADS and text not in sought.question and not before.startswith("provid") for before, text in pairs
    )
