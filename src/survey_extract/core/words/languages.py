"""The sentences of a document go in, how its numbers and units are read comes out: "2,4 Punkte" is 2.4 points, "zwölf Wochen" 12 weeks.

A language is told by its most frequent words. Numbers are read as the document
itself writes them: who prints "0,5" means 1204 by "1.204", who prints "0.5" does
not, and where a document shows neither, "1.204" stays open, as two readings.
What is read so has the length and the places of what was printed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from survey_extract.core.words.lexicon import NUMBER_WORDS, ORDINALS, UNITS
from survey_extract.core.words.tokens import Token, fold, tokens

_FREQUENT = {
    "en": "the of and to in is that for it as was with be by on not are this from or were which at we have has had their been who an than"
    " its but also these no all between they there each our into during when where after more both while most other will can",
    "de": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei"
    " einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man wurde wurden waren pro eines"
    " zwischen gegen unter nach keine kein sowie wir diese dieser dieses beim je beiden jeweils alle ohne seit während",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec ou été aux ont cette mais était"
    " être comme nous leur ses après chez entre sans ces fait deux dont soit étaient avait tous pendant ans lors elle chaque",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha este si sobre entre cuando ser son"
    " también fue había era desde todos nos durante uno ni contra otros fueron eso ante ellos esta estos hasta donde quien cada tras",
    "it": "di e il la che in un a per è una del della le con i si dei non da al sono come nel alla più gli delle lo ha anche ma nella su stato"
    " dal o dopo tra ai hanno essere fra dalla degli alle era stati stata sono durante ogni questo questa questi erano",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser quando muito nos"
    " já está também só pelo pela até isso entre era depois sem mesmo aos foram durante após cada dois são estudo",
    "nl": "de van het een en in is dat op te zijn met voor niet aan er die als ook bij door om was naar uit maar nog worden wordt over deze"
    " werd werden tot dan of hun per na heeft hebben meer kan geen tussen tegen onder waren wij elke dit gedurende zonder alle",
}  # fmt: skip
"""The most frequent words of prose in each language; without the English "a", which is a word in many others."""

_UNITS = {
    "de": "week:woche,wochen month:monat,monate,monaten year:jahr,jahre,jahren day:tag,tage,tagen hour:stunde,stunden minute:minute,minuten"
    " second:sekunde,sekunden percent:prozent,prozentigen point:punkt,punkte,punkten euro:euro dollar:dollar patient:patient,patienten,patientin,patientinnen"
    " participant:teilnehmer,teilnehmern,teilnehmerin,teilnehmerinnen,teilnehmende,teilnehmenden,probanden,probandinnen person:person,personen"
    " degree:grad language:sprache,sprachen image:bild,bilder,bildern question:frage,fragen word:wort,wörter,wörtern task:aufgabe,aufgaben"
    " kilometre:kilometer,kilometern metre:meter,metern centimetre:zentimeter millimetre:millimeter kilogram:kilogramm gram:gramm"
    " tonne:tonne,tonnen litre:liter milligram:milligramm millilitre:milliliter page:seite,seiten layer:schicht,schichten",
    "fr": "week:semaine,semaines month:mois year:an,ans,année,années day:jour,jours hour:heure,heures minute:minute,minutes second:seconde,secondes"
    " percent:pourcent point:point,points euro:euro,euros dollar:dollar,dollars patient:patient,patients,patiente,patientes"
    " participant:participant,participants,participante,participantes,sujets person:personne,personnes degree:degré,degrés language:langue,langues"
    " image:image,images question:question,questions word:mot,mots task:tâche,tâches kilometre:kilomètre,kilomètres metre:mètre,mètres"
    " centimetre:centimètre,centimètres millimetre:millimètre,millimètres kilogram:kilogramme,kilogrammes gram:gramme,grammes"
    " tonne:tonne,tonnes litre:litre,litres milligram:milligramme,milligrammes millilitre:millilitre,millilitres layer:couche,couches",
    "es": "week:semana,semanas month:mes,meses year:año,años day:día,días hour:hora,horas minute:minuto,minutos second:segundo,segundos"
    " point:punto,puntos euro:euro,euros dollar:dólar,dólares patient:paciente,pacientes"
    " participant:participante,participantes,sujetos person:persona,personas degree:grado,grados language:idioma,idiomas,lenguas"
    " image:imagen,imágenes question:pregunta,preguntas word:palabra,palabras task:tarea,tareas kilometre:kilómetro,kilómetros metre:metro,metros"
    " centimetre:centímetro,centímetros millimetre:milímetro,milímetros kilogram:kilogramo,kilogramos gram:gramo,gramos"
    " tonne:tonelada,toneladas litre:litro,litros milligram:miligramo,miligramos millilitre:mililitro,mililitros layer:capa,capas",
    "it": "week:settimana,settimane month:mese,mesi year:anno,anni day:giorno,giorni hour:ora,ore minute:minuto,minuti second:secondo,secondi"
    " point:punto,punti euro:euro dollar:dollaro,dollari patient:paziente,pazienti participant:partecipante,partecipanti,soggetti"
    " person:persona,persone degree:grado,gradi language:lingua,lingue image:immagine,immagini question:domanda,domande word:parola,parole"
    " task:compito,compiti kilometre:chilometro,chilometri metre:metro,metri centimetre:centimetro,centimetri millimetre:millimetro,millimetri"
    " kilogram:chilogrammo,chilogrammi gram:grammo,grammi tonne:tonnellata,tonnellate litre:litro,litri milligram:milligrammo,milligrammi"
    " millilitre:millilitro,millilitri layer:strato,strati",
    "pt": "week:semana,semanas month:mês,meses year:ano,anos day:dia,dias hour:hora,horas minute:minuto,minutos second:segundo,segundos"
    " point:ponto,pontos euro:euro,euros dollar:dólar,dólares patient:paciente,pacientes,doente,doentes participant:participante,participantes,sujeitos"
    " person:pessoa,pessoas degree:grau,graus language:língua,línguas,idiomas image:imagem,imagens question:pergunta,perguntas"
    " word:palavra,palavras task:tarefa,tarefas kilometre:quilômetro,quilômetros,quilómetro,quilómetros metre:metro,metros"
    " centimetre:centímetro,centímetros millimetre:milímetro,milímetros kilogram:quilograma,quilogramas gram:grama,gramas"
    " tonne:tonelada,toneladas litre:litro,litros milligram:miligrama,miligramas millilitre:mililitro,mililitros layer:camada,camadas",
    "nl": "week:week,weken month:maand,maanden year:jaar,jaren day:dag,dagen hour:uur,uren minute:minuut,minuten second:seconde,seconden,secondes"
    " percent:procent point:punt,punten euro:euro,euro's dollar:dollar patient:patiënt,patiënten participant:deelnemer,deelnemers,proefpersonen"
    " person:persoon,personen,mensen degree:graad,graden language:taal,talen image:beeld,beelden,afbeeldingen question:vraag,vragen"
    " word:woord,woorden task:taak,taken kilometre:kilometer metre:meter centimetre:centimeter millimetre:millimeter kilogram:kilogram"
    " gram:gram tonne:ton litre:liter milligram:milligram millilitre:milliliter layer:laag,lagen",
}  # fmt: skip
"""English units, and the words for each in other languages."""
_MONTHS = {
    "de": "januar,jänner februar,feber märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre,setiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
"""The months of the year, in their order."""
_ENGLISH_MONTHS = "January February March April May June July August September October November December".split()

_SCALES = {
    "de": "hundred:hundert thousand:tausend million:million,millionen,mio billion:milliarde,milliarden,mrd",
    "fr": "hundred:cent,cents thousand:mille million:million,millions billion:milliard,milliards",
    "es": "thousand:mil million:millón,millones",
    "it": "thousand:mila,mille million:milione,milioni billion:miliardo,miliardi",
    "pt": "thousand:mil million:milhão,milhões billion:bilhão,bilhões",
    "nl": "hundred:honderd thousand:duizend million:miljoen billion:miljard",
}
_PERCENT = frozenset([("pour", "cent"), ("por", "ciento"), ("per", "cento"), ("por", "cento"), ("per", "cent")])
_TEENS = {
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte",
    "it": "due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove venti",
    "pt": "dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete dezoito dezenove vinte",
    "nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien twintig",
}
"""Words for 2 to 20."""
_TENS = {
    "de": "dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "fr": "trente quarante cinquante soixante septante huitante nonante",
    "es": "treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "it": "trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "pt": "trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "nl": "dertig veertig vijftig zestig zeventig tachtig negentig",
}
"""Words for 30 to 90."""
_MORE = {
    "de": {"beide": 2, "zweimal": 2, "dreimal": 3},
    "es": {"ambos": 2, "cien": 100} | {f"veinti{one}": 20 + n for n, one in enumerate("uno dós trés cuatro cinco séis siete ocho nueve".split(), start=1)},
    "it": {"cento": 100},
    "pt": {"duas": 2, "cem": 100, "dezasseis": 16, "dezassete": 17, "dezanove": 19}, "nl": {"beide": 2}, "fr": {},
}  # fmt: skip

_BOUNDS = {
    "de": {"≤": "höchstens,maximal,bis zu,nicht mehr als,weniger als", "≥": "mindestens,wenigstens,nicht weniger als,mehr als"},
    "fr": {"≤": "au plus,au maximum,moins de,pas plus de", "≥": "au moins,au minimum,plus de,pas moins de"},
    "es": {"≤": "como máximo,a lo sumo,menos de,no más de", "≥": "al menos,por lo menos,como mínimo,más de,no menos de"},
    "it": {"≤": "al massimo,meno di,non più di", "≥": "almeno,al minimo,più di,non meno di"},
    "pt": {"≤": "no máximo,menos de,não mais de", "≥": "pelo menos,no mínimo,mais de,não menos de"},
    "nl": {"≤": "hoogstens,maximaal,ten hoogste,minder dan,niet meer dan", "≥": "minstens,minimaal,ten minste,meer dan,niet minder dan"},
}  # fmt: skip
"""Words before a number that make it an upper or a lower bound, with the sign that says so."""

SEEN = 2
"""Frequent words of a language that a text must have more than English ones to be in it."""
ENOUGH = 30
"""Words of a document from which on too few English ones among them say that it is in another language."""
PLAINLY = 4
"""Frequent words of another language that a sentence of an English document must have more, to be in it."""
_PLAIN_SHARE = 0.25
"""Share of its words that they must be."""
_ENGLISH_SHARE = 0.08
"""Share of frequent words below which a text is not English; English prose has about 0.4."""

_PRINTED = re.compile(r"(?<![\w.,])\d++(?:[.,]\d++)++(?![\w])")
_SPACED = re.compile(r"(?<![\w.,])[1-9]\d{0,2}+(?:[ \u00a0\u2009\u202f]\d{3}(?!\d))++(?![.,]?\d{1,2}(?!\d)[.,]\d)")
OPEN = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
"""What is a thousand in one language and a fraction in another."""
_COMMA = re.compile(r"\d{1,30},(?:\d{1,2}|\d{4,})|0,\d+|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}")
_POINT = re.compile(r"\d{1,30}\.(?:\d{1,2}|\d{4,})|0\.\d+|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}")
"""Numbers that are whole ones with a decimal comma, or with a decimal point, and nothing else."""
_SWAPPED = str.maketrans(".,", ",.")


@cache
def _frequent() -> dict[str, frozenset[str]]:
    return {code: frozenset(map(fold, words.split())) for code, words in _FREQUENT.items()}


def frequent(code: str) -> frozenset[str]:
    """The most frequent words of a language, folded; none of one that is not known here."""
    return _frequent().get(code, frozenset())


@cache
def _telling() -> dict[str, frozenset[str]]:
    """Words that tell a language: its most frequent ones, and those for units and numbers that are no English ones."""
    counted = {code: {word for word in _dictionary(code) if not _is_counted_in_english(word)} for code in _UNITS}
    return {code: words.union(counted.get(code, ())) for code, words in _frequent().items()}


@cache
def _unit_words(code: str) -> frozenset[str]:
    """Words for units and for thousands, folded, that are none in English."""
    found = (fold(word) for _, words in _pairs(f"{_UNITS[code]} {_SCALES[code]}") for word in words)
    return frozenset(word for word in found if not _is_counted_in_english(word) and word not in _IN_ENGLISH)


@cache
def _dictionary(code: str) -> dict[str, str]:
    """Words for units and numbers, folded, each with an English word or digits that say the same."""
    found = {fold(word): english for english, words in _pairs(f"{_UNITS[code]} {_SCALES[code]}") for word in words}
    singles = dict(enumerate(map(fold, _TEENS[code].split()), start=2))
    tens = {value: fold(word) for value, word in zip(range(30, 100, 10), _TENS[code].split(), strict=True)}
    numbers = {word: value for value, word in (singles | tens).items()} | {
        fold(word): value for word, value in _MORE[code].items()
    }
    found |= {word: str(value) for word, value in numbers.items()}
    if code == "it":
        found |= dict(_joined_in_italian({1: "uno"} | singles, {20: singles[20]} | tens))
    if code in ("de", "nl"):
        found |= {
            f"{'ein' if value == 1 and code == 'de' else 'een' if value == 1 else singles[value]}{link}{ten}": str(
                value + whole
            )
            for whole, ten in {20: singles[20], **tens}.items()
            for value in range(1, 10)
            for link in ("und", "en")
        }
    return found


def _joined_in_italian(ones: Mapping[int, str], tens: Mapping[int, str]) -> Iterable[tuple[str, str]]:
    """ "ventotto": of two vowels the first is dropped."""
    for base, ten in tens.items():
        for one in range(1, 10):
            yield f"{ten[:-1] if ones[one][0] in 'uo' else ten}{ones[one]}", str(base + one)


def _pairs(listed: str) -> Iterable[tuple[str, list[str]]]:
    for entry in listed.split():
        english, _, words = entry.partition(":")
        one = words.split(",")
        yield english, one


_APART = re.compile(
    r"(?<=\d)['\u2019\u00a0\u2009\u202f](?=\d{3}(?!\d))|(?<=(?<!\d)\d) (?=000(?!\d))|(?<=(?<!\d)\d\d) (?=000(?!\d))|(?<=(?<!\d)\d\d\d) (?=000(?!\d))"
)


def with_commas(text: str) -> str:
    """A text whose thousands are set apart by commas: "250'000" and "215 000" are "250,000" and "215,000"; as long as before."""
    return _APART.sub(",", text)


@cache
def _month_of(code: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """What finds a month in a date of a language, with the particles around it: "2. Mai 2016", "1er mai 2016", "2 de mayo de 2016"."""
    english = dict[str, str]()
    for names, month in zip(_MONTHS[code].split(), _ENGLISH_MONTHS, strict=True):
        english |= dict.fromkeys(names.split(","), month)
    named = "|".join(english)
    return re.compile(rf"(?:(?<!\w)(\d{{1,2}})(?:\.|er|º|°)? (?:de )?)?\b({named})\b(?: de)?(?= [12]\d{{3}}(?!\d))", re.IGNORECASE), english  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text is read. ``language`` is a code, "en", or "" for one that is not known here.

    ``has_comma`` tells whether a comma parts the whole from its fraction, None where the document does not show it.
    """

    language: str = "en"
    has_comma: bool | None = False
    keeps_english: bool = False
    """Whether words that are units or numbers in English stay: the text may be English."""

    @property
    def is_english(self) -> bool:
        return self.language == "en"

    def numbers(self, text: str) -> str:
        """The text with its numbers as English prints them; as long as before."""
        if self.is_english and not self.has_comma:
            return text
        swapped = _PRINTED.sub(self._number, text) if self.has_comma is not False else text
        return _SPACED.sub(lambda match: re.sub(r"\s", ",", match[0]), swapped)

    def _number(self, match: re.Match[str]) -> str:
        printed = match[0]
        if _POINT.fullmatch(printed) or (self.has_comma is None and OPEN.fullmatch(printed)):
            return printed
        if _COMMA.fullmatch(printed) or OPEN.fullmatch(printed):
            return printed.translate(_SWAPPED)
        return printed

    def tokens(self, text: str) -> list[Token]:
        """The tokens of a text, with English words for its units and numbers."""
        found = tokens(with_commas(self.numbers(text)))
        if self.language not in _UNITS:
            return found
        known = _dictionary(self.language)
        return [
            _translated(token, known, self.keeps_english) if token.kind == "word" else token
            for token in _merged(found, self.language)
        ]

    def dates(self, text: str) -> str:
        """The text with its dates as English writes them, "2 May 2016" for "2. Mai 2016"."""
        if self.language not in _MONTHS:
            return text
        pattern, english = _month_of(self.language)
        return pattern.sub(
            lambda match: f"{match[1] or ''} {english[match[2].casefold()]}".strip(), " ".join(text.split())
        )

    def is_open(self, printed: str) -> bool:
        """Whether a number has two readings here."""
        return self.has_comma is None and OPEN.fullmatch(printed) is not None


_LONGEST = 7
"""Tokens of a number in words: "quatre-vingt-dix-sept"."""


@cache
def _phrases(code: str) -> dict[tuple[str, ...], Token]:
    """What several words of a language say together, each with the one token that says it in English."""
    found: dict[tuple[str, ...], Token] = {words: Token("word", "percent", 0, 0) for words in _PERCENT}
    for sign, listed in _BOUNDS[code].items():
        found |= {tuple(map(fold, words.split())): Token("mark", sign, 0, 0) for words in listed.split(",")}
    for value, phrase in _numbers_of_several_words(code):
        for joined in (phrase, phrase.replace(" ", " - ")):
            found[tuple(map(fold, joined.split()))] = Token("number", str(value), 0, 0)
    return found


def _numbers_of_several_words(code: str) -> Iterable[tuple[int, str]]:
    """Those up to 99 whose words stand apart or are joined by hyphens."""
    ones = {1: _ONE.get(code, "")} | {
        value: said.replace("-", " ") for value, said in enumerate(_TEENS[code].split(), start=2)
    }
    if code == "fr":
        for base, ten in _FRENCH_TENS.items():
            for one in range(1, 20 if base in (60, 80) else 10):
                yield base + one, f"{ten} {ones[one]}"
                yield base + one, f"{ten} et {ones[one]}"
        yield 80, "quatre vingts"
    elif code in _LINKS:
        tens = {20: ones[20]} | dict(zip(range(30, 100, 10), _TENS[code].split(), strict=True))
        yield from (
            (base + one, f"{ten} {_LINKS[code]} {ones[one]}") for base, ten in tens.items() for one in range(1, 10)
        )


_ONE = {"fr": "un", "es": "uno", "pt": "um"}
_LINKS = {"es": "y", "pt": "e"}
_FRENCH_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre vingt"}


@cache
def _openings(code: str) -> frozenset[str]:
    return frozenset(phrase[0] for phrase in _phrases(code))


def _merged(found: Sequence[Token], code: str) -> list[Token]:
    """Tokens with one for "pour cent", "au plus" and "vingt-quatre"."""
    made: list[Token] = []
    at = 0
    while at < len(found):
        token, behind = _phrase_at(found, at, code)
        made.append(token)
        at = behind
    return made


def _phrase_at(found: Sequence[Token], at: int, code: str) -> tuple[Token, int]:
    """The token for the longest phrase that begins here, else the one that stands here; and where it ends. Bounds stand before numbers."""
    if fold(found[at].text) in _openings(code):
        for behind in range(min(at + _LONGEST, len(found)), at, -1):
            said = _phrases(code).get(tuple(fold(token.text) for token in found[at:behind]))
            if said and (said.kind != "mark" or (behind < len(found) and found[behind].kind == "number")):
                return said._replace(start=found[at].start, end=found[behind - 1].end), behind
    return found[at], at + 1


def _translated(token: Token, known: Mapping[str, str], keeps_english: bool) -> Token:
    word = fold(token.text)
    english = known.get(word)
    if english is None or (keeps_english and _is_counted_in_english(word)):
        return token
    if english.isdecimal():
        return token._replace(kind="number", text=english)
    plural = english if word == english or _is_one(english) else f"{english}s"
    return token._replace(text=plural)


def _is_counted_in_english(word: str) -> bool:
    return word in UNITS or word in NUMBER_WORDS or word in ORDINALS


def _is_one(english: str) -> bool:
    return english in ("hundred", "thousand", "million", "billion", "percent")


PLAIN = Reading()
"""English as the rules of this program read it."""


class Readings:
    """How the sentences of one document are read, and a value about it."""

    def __init__(self, sentences: Sequence[str]) -> None:
        split = [
            [fold(token.text) for token in tokens(text) if token.kind in ("word", "ideogram")] for text in sentences
        ]
        every = Counter(word for words in split for word in words)
        self.main = _language(every)
        votes: dict[str, Counter[bool]] = {}
        told = Counter[str]()
        for text, words in zip(sentences, split, strict=True):
            if (code := self._of(words)) != "en":
                told[code] += 1
                votes.setdefault(code, Counter()).update(_votes(text))
        self._has_comma = {code: _majority(found) for code, found in votes.items()}
        self.foreign = self.main if self.main != "en" else next((code for code, _ in told.most_common(1)), "")
        """The language besides English that the document, or some of it, is in."""

    @property
    def is_english(self) -> bool:
        return self.main == "en"

    def of(self, sentence: str) -> Reading:
        """How a sentence is read: one in English as English, also in a document that is not; one that is not, by its own language."""
        if self.main == "en" and not self.foreign:
            return PLAIN
        code = self._of([fold(token.text) for token in tokens(sentence) if token.kind == "word"])
        return PLAIN if code == "en" else Reading(code, self._has_comma.get(code))

    def of_value(self, value: str, *, is_number: bool) -> Reading:
        """How a value is read: as its source where its words are the source's, else as English but for what is nothing in English.

        A number field is read as SQL will have it: "1.204" is a little more than one.
        """
        words = [fold(token.text) for token in tokens(value) if token.kind == "word"]
        is_source = not is_number and self._is_of_source(words)
        if self.main == "en" and is_number and _own(value):
            return Reading("en", has_comma=True)
        if self.main == "en" and not self.foreign and (code := spoken(words)) != "en":
            return Reading(code, True if _own(value) else None, keeps_english=True)
        if self.main == "en":
            return Reading(self.foreign, self._has_comma.get(self.foreign)) if self.foreign and is_source else PLAIN
        has_comma = self._has_comma.get(self.main) if is_source else _own(value)
        return Reading(self.main, has_comma, keeps_english=not is_source)

    def is_of_another(self, value: str) -> bool:
        """Whether a value is in a language that its source is not in, so that the two share few words."""
        return self.spoken(value) not in (self.main, self.foreign)

    def writes_nouns_large(self, value: str) -> bool:
        """Whether a value is in a language in which every noun has a capital, so that a capital tells no name."""
        return self.spoken(value) == "de"

    def spoken(self, value: str) -> str:
        """The language that a value is in by its own words."""
        return spoken([fold(token.text) for token in tokens(value) if token.kind == "word"])

    def _is_of_source(self, words: Sequence[str]) -> bool:
        return _hits(words, self.foreign) > sum(word in _telling()["en"] or word in UNITS for word in words)

    def _of(self, words: Sequence[str]) -> str:
        """The language of a sentence: English where it has more of its frequent words, else that of the document.

        In a document in English it takes more.
        """
        english = _hits(words, "en")
        if self.main != "en":
            return "en" if english >= _hits(words, self.main) + SEEN else self.main
        if english >= SEEN:
            return "en"
        best = max(_UNITS, key=lambda code: _hits(words, code))
        return best if _hits(words, best) >= max(english + PLAINLY, _PLAIN_SHARE * len(words)) else "en"


def spoken(words: Sequence[str]) -> str:
    """The language of a few words; English where they do not plainly tell another."""
    best = max(_UNITS, key=lambda code: _hits(words, code))
    return best if _hits(words, best) >= max(_hits(words, "en") + 1, SPOKEN) else "en"


SPOKEN = 2
"""Frequent words of a language that tell it in a value."""


def _hits(words: Sequence[str], code: str) -> int:
    known = _telling().get(code, frozenset())
    return sum(word in known for word in words)


def _majority(votes: Counter[bool]) -> bool | None:
    comma, point = votes[True], votes[False]
    return None if comma == point == 0 else comma >= point


def own_reading(value: str) -> Reading:
    """How a value is read that nothing is known of but itself: by its units, and by a number that is none in English."""
    found = tokens(value)
    units = [fold(token.text) for token in found if token.kind == "word"]
    code = max(_UNITS, key=lambda code: sum(word in _unit_words(code) for word in units))
    if any(word in _unit_words(code) for word in units):
        return Reading(code, True if _own(value) else None, keeps_english=True)
    pairs = ((one, two) for one, two in pairwise(found) if one.kind == "number")
    is_measured = len(found) == 1 or any(two.kind == "word" or two.text in _SIGNS for _, two in pairs)
    return Reading("en", has_comma=is_measured and _own(value))


_SIGNS = frozenset("%\u2030\u00b0\u20ac$\u00a3")
_IN_ENGLISH = frozenset("million millions cent cents mil point points liter meter gram ton taken tag an ore".split())
"""Words for units and thousands that are English, too."""


def _own(value: str) -> bool:
    """Whether a value that may be English has a decimal comma all the same: "2,4", and no "1,204" or "1.5"."""
    return any(_COMMA.fullmatch(match[0]) for match in _PRINTED.finditer(value)) and not any(
        _POINT.fullmatch(match[0]) or OPEN.fullmatch(match[0]) for match in _PRINTED.finditer(value)
    )


def _votes(text: str) -> Iterable[bool]:
    for match in _PRINTED.finditer(text):
        if _COMMA.fullmatch(match[0]):
            yield True
        elif _POINT.fullmatch(match[0]):
            yield False


def _language(every: Counter[str]) -> str:
    """The language whose frequent words a document has most of; English where that is in doubt."""
    hits = {code: sum(every[word] for word in words) for code, words in _telling().items()}
    best = max(hits, key=lambda code: (hits[code], code == "en"))
    total = every.total()
    if best != "en" and hits[best] >= hits["en"] + SEEN:
        return best
    return "" if total >= ENOUGH and hits["en"] < _ENGLISH_SHARE * total else "en"


ENGLISH = Readings(())
"""A document in English."""
