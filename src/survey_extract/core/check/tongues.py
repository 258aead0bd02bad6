"""A language's code goes in; its words that deny, leave open, put off or part come out: the one table of that besides English.

Words are written as they are printed, in small letters: "könnte" leaves open what "konnte" states. English has finer tables
(``contraries``), made with more sentences in view. Chinese and Japanese are read by signs, without words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

_DENYING = {
    "en": "not no never none neither nor cannot t nobody nothing",
    "de": "nicht kein keine keinen keinem keiner keines nie niemals niemand nichts keinerlei weder",
    "fr": "ne n pas aucun aucune jamais rien ni nul nulle",
    "es": "no ningún ninguno ninguna ningunos ningunas nunca jamás nadie nada ni tampoco",
    "it": "non nessun nessuno nessuna mai niente nulla né",
    "pt": "não nenhum nenhuma nenhuns nunca jamais ninguém nada nem tampouco",
    "nl": "niet geen nooit niemand niets",
}
KNOWN = frozenset(_DENYING)
"""Languages that have a table here."""
_ONE_AT_A_TIME = frozenset(["de", "nl"])
"""Languages in which a second negation takes back the first."""
_NO_DENYING = {
    "en": "only just merely simply more less later fewer earlier all every always necessarily until matter longer loss doubt further"
    " significantly significant different exceed least most",
    "de": "nur allein zuletzt unbedingt weniger mehr minder immer alle wenige selten unüblich ohne unter über",
    "fr": "seulement que plus uniquement toujours tous moins uniquement simplement",
    "es": "solo sólo solamente obstante más menos siempre todos todas únicamente",
    "it": "solo soltanto più meno sempre tutti tutte solamente",
    "pt": "só apenas somente mais menos sempre todos todas obstante",
    "nl": "alleen slechts meer minder altijd alle",
}
"""Words near a negation that make it something else: "nicht nur", "ne ... que", "no obstante"."""
_FAR = {"fr": frozenset(["que", "qu"])}
"""The same at any distance: "n'ont reçu que"."""
_LACKING = {
    "en": "without except unless hardly barely rarely seldom scarcely only little few instead rather lack lacks lacking absent fail fails failed excluded unlike",
    "de": "nur lediglich ausschließlich ohne außer statt anstatt kaum selten fehlt fehlen fehlte fehlten bis",
    "fr": "uniquement seulement sans sauf excepté guère rarement",
    "es": "sólo solo solamente únicamente sin salvo excepto apenas rara",
    "it": "solo soltanto solamente senza tranne salvo eccetto raramente",
    "pt": "só apenas somente sem salvo exceto raramente",
    "nl": "alleen slechts enkel zonder behalve nauwelijks zelden",
}
"""Words that deny a part of what is said, or nearly all of it: who has them is neither denied nor affirmed here."""
_OPEN = {
    "en": "may might could would will shall planned plans plan intend intends intended perhaps possibly probably likely future whether if should expected"
    " proposed hope hopes aim aims considering considered developed",
    "de": "ob offen unklar unbekannt möglich mögliche möglicher mögliches denkbar könnte könnten dürfte dürften möglicherweise vielleicht vermutlich wahrscheinlich eventuell soll sollen sollte sollten"
    " geplant vorgesehen künftig zukünftig beabsichtigt plant planen möchte möchten",
    "fr": "si incertain incertaine possible possibles éventuel éventuelle pourrait pourraient pourra pourront sera seront serait seraient aura auront devrait devraient probablement prévu prévue prévus"
    " prévues envisagé envisagée planifié planifiée futur future futurs futures peut-être",
    "es": "si incierto incierta posible posibles podría podrían podrá podrán será serán sería serían tendrá tendrán deberá deberán quizá quizás probablemente posiblemente previsto"
    " prevista previstos previstas planea planean",
    "it": "incerto incerta possibile possibili potrebbe potrebbero potrà potranno sarà saranno sarebbe sarebbero avrà avranno dovrebbe dovrebbero forse probabilmente previsto"
    " prevista previsti previste",
    "pt": "incerto incerta possível possíveis poderia poderiam poderá poderão será serão seria seriam terá terão deverá deverão talvez provavelmente possivelmente previsto prevista"
    " previstos previstas",
    "nl": "onduidelijk onbekend mogelijke zou zouden zal zullen misschien mogelijk waarschijnlijk gepland",
}
"""Words by which something may be so, or is to be: no words of ability ("kann", "peut"), which mostly state a fact."""
_PARTING = {
    "en": "but and or whereas while although though however which who whom whose because since unless than versus that",
    "de": "und oder aber sondern während wobei sowie gegenüber gegen weil denn dass obwohl wenn als",
    "fr": "et ou mais tandis alors contre contrairement car parce qui dont lorsque si puis",
    "es": "y e o pero sino mientras frente contra porque aunque cuando si",
    "it": "e ed o ma mentre contro rispetto perché sebbene quando se",
    "pt": "e ou mas enquanto contra porque embora quando se",
    "nl": "en of maar terwijl tegen tegenover omdat hoewel als",
}
"""Words that begin another part of a sentence."""
_STATING = {
    "en": "is are was were has have had",
    "de": "ist sind war waren wurde wurden wird werden hat haben hatte hatten kann können",
    "fr": "est sont était étaient a ont fut furent été avait avaient peut peuvent",
    "es": "es son fue fueron era eran está están ha han se puede pueden había",
    "it": "è sono era erano fu furono ha hanno viene vengono stato stata stati state può possono",
    "pt": "é são foi foram era eram está estão tem têm se pode podem",
    "nl": "is zijn was waren werd werden wordt heeft hebben kan kunnen",
}
"""Words by which a part is a statement, and no name of a thing."""
ABOUT_PLANS = (
    "plan", "future", "outlook", "next", "zukunft", "ausblick", "geplant", "vorhaben", "futur", "perspectiv", "projet", "prévu", "plane",
    "previst", "prossim", "próxim", "toekomst", "计划", "未来", "展望", "今後", "予定", "計画",
)  # fmt: skip
"""Parts of headings of fields that ask for what is to be."""
PREPOSITIONS = {
    "in": frozenset("in im dans en em nel nella nei no na nos nas at bei inside".split()),
    "with": frozenset("with mit avec con com".split()),
    "of": frozenset("of von de di do da dos das del della dei des du d".split()),
    "for": frozenset("for fur pour para per".split()),
    "among": frozenset("among unter parmi entre tra fra".split()),
    "on": frozenset("on auf sur sobre su sul".split()),
    "after": frozenset("after nach apres tras despues dopo apos".split()),
    "by": frozenset("by durch par por".split()),
}
"""Words before a thing, folded, by what they say in any of the languages: two things behind the same one are told apart."""
_FILLING = {
    "en": "also yet still being been",
    "de": "hingegen jedoch dagegen allerdings auch noch sein worden werden geworden wegen daher deshalb",
    "fr": "cependant toutefois aussi encore être donc",
    "es": "embargo también aún ser sido",
    "it": "tuttavia anche ancora essere invece",
    "pt": "entanto também ainda ser sido já",
    "nl": "echter ook nog worden zijn daarom",
}
"""Words that say nothing of what a part is about, besides the most frequent ones."""

DENYING_SIGNS = ("没有", "沒有", "未", "没", "不", "无", "無", "なかった", "ない", "ません", "なし")
HARMLESS_SIGNS = (
    "不同", "不断", "不少", "不过", "不足", "未来", "未知", "无线", "無線", "无人", "無人", "没收", "違いない", "かもしれない", "少ない",
)  # fmt: skip
"""Words that hold a sign of denying, and deny nothing."""
NO_DENYING_SIGNS = ("不仅", "不僅", "不只", "无论", "不得不", "だけでなく", "のみならず", "しかない")
"""Words that hold one and make it something else."""
OPEN_SIGNS = (
    "可能", "或许", "也许", "计划", "計劃", "打算", "拟", "将来", "将会", "将于", "将在", "未来", "今后", "今後", "予定", "だろう", "かもしれ",
    "つもり", "計画",
)  # fmt: skip
EMPTY_SIGNS = frozenset("的了已也并並但而且尚且和与及是在我们還还则就都")
"""Signs of grammar: what is left of a Chinese sentence without them says what it is about, as do the signs of a Japanese one that are not hiragana."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """The words of one language."""

    denying: frozenset[str]
    no_denying: frozenset[str]
    lacking: frozenset[str]
    open: frozenset[str]
    parting: frozenset[str]
    filling: frozenset[str]
    stating: frozenset[str]
    far: frozenset[str]
    is_one_at_a_time: bool
    to_come: tuple[frozenset[str], ...]

    @property
    def words(self) -> frozenset[str]:
        return self.denying | self.no_denying | self.lacking | self.open | self.parting | self.filling


@cache
def tongue(code: str) -> Tongue | None:
    """The words of a language that has a table here."""
    if code not in _DENYING:
        return None

    def words(table: Mapping[str, str]) -> frozenset[str]:
        return frozenset(table[code].split())

    return Tongue(
        denying=words(_DENYING),
        no_denying=words(_NO_DENYING),
        lacking=words(_LACKING),
        open=words(_OPEN),
        parting=words(_PARTING),
        filling=words(_FILLING),
        stating=words(_STATING),
        far=_FAR.get(code, frozenset()),
        is_one_at_a_time=code in _ONE_AT_A_TIME,
        to_come=(frozenset(["wird", "werden"]),) if code == "de" else (),
    )
