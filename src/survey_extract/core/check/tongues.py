"""Words of a language go in; whether they deny, leave open or put off comes out: the one table of that besides English.

Letters are folded, as everywhere: "não" is "nao" here. English has finer tables
(``contraries``), made with more sentences in view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from survey_extract.core.check.clauses import Parsed
from survey_extract.core.words.tokens import fold

_DENYING = {
    "de": "nicht kein keine keinen keinem keiner keines nie niemals niemand nichts keinerlei keineswegs weder",
    "fr": "ne n pas aucun aucune jamais rien personne ni nul nulle",
    "es": "no ningun ninguno ninguna ningunos ningunas nunca jamas nadie nada ni tampoco",
    "it": "non nessun nessuno nessuna mai niente nulla ne",
    "pt": "nao nenhum nenhuma nenhuns nunca jamais ninguem nada nem tampouco",
    "nl": "niet geen nooit niemand niets noch",
}
_NO_DENYING = {
    "de": "nur allein zuletzt unbedingt weniger mehr minder immer alle",
    "fr": "seulement que plus uniquement toujours tous moins",
    "es": "solo solamente obstante mas menos siempre todos",
    "it": "solo soltanto piu meno sempre tutti solamente",
    "pt": "so apenas somente mais menos sempre todos obstante",
    "nl": "alleen slechts meer minder altijd alle",
}
"""Words near a negation that make it something else: "nicht nur", "ne ... que", "no obstante"."""
_LACKING = {
    "de": "ohne ausser statt anstatt kaum selten",
    "fr": "sans sauf excepte guere rarement",
    "es": "sin salvo excepto apenas rara",
    "it": "senza tranne salvo eccetto raramente",
    "pt": "sem salvo exceto raramente",
    "nl": "zonder behalve nauwelijks zelden",
}
"""Words that deny a part of what is said, or nearly all of it: who has them is neither denied nor affirmed here."""
_OPEN = {
    "de": "konnte konnten durfte durften moglicherweise vielleicht vermutlich wahrscheinlich eventuell soll sollen sollte sollten"
    " geplant vorgesehen kunftig zukunftig beabsichtigt plant planen mochte mochten",
    "fr": "pourrait pourraient pourra pourront sera seront serait seraient sera aura auront devrait devraient peut-etre probablement prevu prevue prevus"
    " prevues envisage envisagee planifie projet futur future futurs futures prochain prochaine",
    "es": "podria podrian podra podran sera seran seria serian tendra tendran debera deberan quiza quizas probablemente posiblemente previsto prevista previstos"
    " previstas planea planean futuro futura futuros futuras proximo proxima",
    "it": "potrebbe potrebbero potra potranno sara saranno sarebbe sarebbero avra avranno dovrebbe dovrebbero forse probabilmente previsto prevista"
    " previsti previste futuro futura futuri future prossimo prossima",
    "pt": "poderia poderiam podera poderao sera serao seria seriam tera terao devera deverao talvez provavelmente possivelmente previsto prevista"
    " previstos previstas futuro futura futuros futuras proximo proxima",
    "nl": "zou zouden zal zullen misschien mogelijk waarschijnlijk gepland toekomstig toekomstige",
}
"""Words by which something may be so, or is to be: no words of ability ("kann", "peut"), which most state a fact."""
_PARTING = {
    "de": "und oder aber sondern wahrend wobei sowie jedoch hingegen dagegen gegenuber gegen weil denn dass obwohl wenn als",
    "fr": "et ou mais tandis alors contre contrairement car parce que qui dont lorsque si puis",
    "es": "y e o pero sino mientras frente contra porque que aunque cuando si",
    "it": "e ed o ma mentre contro rispetto perche che sebbene quando se",
    "pt": "e ou mas enquanto contra porque que embora quando se",
    "nl": "en of maar terwijl tegen tegenover omdat dat hoewel als",
}
"""Words that begin another part of a sentence."""

_DENYING_SIGNS = ("未", "没有", "沒有", "没", "不", "无", "無", "ない", "なかった", "ません", "なし", "ず、", "ずに")
_NO_DENYING_SIGNS = ("不仅", "不僅", "不只", "不同", "不断", "不少", "不过", "无论", "不得不", "だけでなく", "のみならず", "しかない", "に過ぎない", "未来", "无线", "無線", "違いない")
_OPEN_SIGNS = (
    "可能", "或许", "也许", "计划", "計劃", "打算", "拟", "将来", "将会", "将于", "将在", "将支持", "未来", "尚待", "今后", "今後",
    "予定", "だろう", "かもしれ", "つもり", "計画", "期待", "検討",
)  # fmt: skip
_SIGNS_OF_PARTS = ",,。;;、:: "

Polarity = Literal["affirmed", "denied"]


@dataclass(frozen=True, slots=True)
class Tongue:
    """The words of one language, folded."""

    denying: frozenset[str]
    no_denying: frozenset[str]
    lacking: frozenset[str]
    open: frozenset[str]
    parting: frozenset[str]


@cache
def tongue(code: str) -> Tongue | None:
    """The words of a language that has a table here."""
    if code not in _DENYING:
        return None
    tables = (_DENYING, _NO_DENYING, _LACKING, _OPEN, _PARTING)
    return Tongue(*(frozenset(table[code].split()) for table in tables))


_ENGLISH_NONE = frozenset("no not none never neither nor zero nobody without nothing".split())


def denies_something(said: Parsed) -> bool:
    """Whether a sentence says of anything that there is none, in whatever language of these."""
    words = {fold(token.text) for token in said.found}
    code = said.reading.language
    known = tongue(code)
    if words & (known.denying | known.lacking if known else _ENGLISH_NONE):
        return True
    text = "".join(token.text for token in said.found if token.kind == "ideogram")
    return any(sign in text for sign in _DENYING_SIGNS)
