"""A yes-or-no field that asks whether data or code are open and a sentence go in; yes, no, or nothing comes out.

Papers say it in their own words, hardly ever in the question's: "are archived
at https://...", "can be downloaded freely", "cannot be shared". Yes needs
the thing itself as the subject, and a place or a word that makes it open to
everybody; "on request", "after publication" and "some of the data" are neither
yes nor no.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from survey_extract.core.fields import FieldSpec
from survey_extract.core.ranking.phrases import is_others
from survey_extract.core.ranking.yes_no import Said

_THINGS = (
    r"data|datasets?|data sets?|raw data|data files?",
    r"code|source code|scripts?|software|program(?:me)?s?|implementations?",
    r"materials?|protocols?|questionnaires?",
    r"weights|models?|checkpoints?",
)
"""What may be open, each with its other names."""
_OPEN = re.compile(
    r"\b(?:open(?:ly)?|public(?:ly)?|available|accessible|shared?|archived|deposited|free(?:ly)?|released)\b", re.I
)
_ASKED = re.compile(r"[^?.!]*")
_MORE = re.compile(
    r"\b(?:request|licen[cs]e|source|access fee|registration|not|no|lack|restricted|closed|charge)\b", re.I
)
"""Words of a question that ask for something else, or for the lack of it."""
_DETERMINED = r"(?:(?:all|the|our|these|both|its|of) ){0,3}"
_GIVEN = (
    r"available|accessible|archived|deposited|published|shared|released|hosted|posted|provided|open|public|downloaded|downloadable"
    r"|accessed|found|stored|uploaded|kept|obtained"
)
_FREELY = r"(?:openly|publicly|freely|fully|now|also|all|permanently|made|open|public|in full)"
_EVERYBODY = re.compile(
    r"\b(?:openly|publicly|freely|open|public)\b|https?://|\bdoi\b|\b(?:zenodo|dryad|figshare|osf|github|gitlab|gbif|pangaea|genbank"
    r"|dataverse|hugging ?face|kaggle|bitbucket|codeberg|sourceforge)\b",
    re.IGNORECASE,
)
_ON_TERMS = re.compile(
    r"\b(?:request(?:ed|s)?|authors?|after|upon|once|will|if|unless|until|except|only|restricted|parts?|partly|partially|some|most|subset"
    r"|summary|summaries|aggregated|embargo(?:ed)?|subscribers|members|fee|may|should|would|could|planned|soon|formerly|previously|not|no"
    r"|cannot|other|others|another)\b|n't\b",
    re.IGNORECASE,
)
"""Words that make it neither: not for everybody, not yet, or not all of it."""
_CLAUSE = re.compile(
    r"[;]|,? (?:but|although|though|while|whereas|since|because|so that|which|and (?=(?:the|our|its|it|we|all) ))|, ",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Available:
    """What is asked about, as patterns of a clause that says yes, and of one that says no."""

    yes: re.Pattern[str]
    no: re.Pattern[str]

    @classmethod
    def of(cls, spec: FieldSpec) -> Available | None:
        """None where something else is asked, or about several things that need not go together."""
        asked = f"{spec.heading} {(_ASKED.match(spec.ask.strip()) or [''])[0]}"
        named = [thing for thing in _THINGS if re.search(rf"\b(?:{thing})\b", asked, re.IGNORECASE)]
        if len(named) != 1 or not _OPEN.search(asked) or _MORE.search(asked):
            return None
        others = "|".join(_THINGS)
        subject = (
            rf"{_DETERMINED}(?:(?:[\w-]+ ){{0,2}}(?:{others})(?:,? and |, ))?(?:the )?(?:[\w-]+ ){{0,2}}(?:{named[0]})"
        )
        also = rf"(?:,? and (?:the )?(?:[\w-]+ ){{0,2}}(?:{others}|results|analys[ei]s))?(?: (?:of|from|for|behind|used in) (?:this|the|our) [\w-]+)?"
        return cls(
            re.compile(
                rf"{subject}{also} (?:are|is|have been|has been|were|was|can be) (?:{_FREELY} ){{0,3}}(?:{_GIVEN})\b.*",
                re.I,
            ),
            re.compile(
                rf"{subject}{also} (?:(?:are|is|have|has) not (?:been )?(?:{_FREELY} ){{0,3}}(?:{_GIVEN})"
                rf"|(?:cannot|can not|could not|may not) be (?:{_FREELY} ){{0,3}}(?:{_GIVEN}))\b.*",
                re.I,
            ),
        )


def tells(asked: Available, sentence: str) -> Said | None:
    """Yes where a sentence says that all of it is open to everybody, no where it denies that."""
    text = " ".join(sentence.split())
    if "?" in text or is_others(text):
        return None
    said: set[Said] = set()
    for clause in (part.strip(" .") for part in _CLAUSE.split(text) if part):
        if asked.no.fullmatch(clause) and not re.search(r"\bonly\b|\bexcept\b|\bunless\b", text, re.IGNORECASE):
            said.add("no")
        elif (
            asked.yes.fullmatch(clause) and _EVERYBODY.search(clause) and not _ON_TERMS.search(_without_addresses(text))
        ):
            said.add("yes")
    return said.pop() if len(said) == 1 else None


def _without_addresses(text: str) -> str:
    return re.sub(r"https?://\S+", " ", text)
