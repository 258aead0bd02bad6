"""Sources in other languages: figures are compared as their own text prints them, and what cannot be compared is said to be so."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_extract.core.check.check import check
from survey_extract.core.evidence import pointer
from survey_extract.core.fields import FieldSpec
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.core.records import Check
from survey_extract.core.words.languages import PLAIN, Reading, Readings
from tests.fields import plain

PAPERS = {
    "de": ("An der Studie nahmen {n} Patienten teil, und die Behandlung dauerte zwölf Wochen.", "Die Schmerzen sanken um {d} Punkte nach 6 Monaten."),
    "fr": ("L'étude a inclus {n} patients et le traitement a duré douze semaines dans les deux groupes.", "La douleur a diminué de {d} points après 6 mois."),
    "es": ("En el estudio participaron {n} pacientes y el tratamiento duró doce semanas.", "El dolor bajó {d} puntos después de 6 meses en los dos grupos."),
    "it": ("Nello studio sono stati inclusi {n} pazienti e la terapia è durata dodici settimane.", "Il dolore è sceso di {d} punti dopo 6 mesi nei due gruppi."),
    "pt": ("No estudo foram incluídos {n} pacientes e o tratamento durou doze semanas.", "A dor caiu {d} pontos após 6 meses em os dois grupos."),
    "nl": ("Aan het onderzoek deden {n} patiënten mee en de behandeling duurde twaalf weken.", "De pijn daalde met {d} punten na 6 maanden in de twee groepen."),
}  # fmt: skip
THOUSANDS = (".", " ", "\u202f", "")


def found(value: str, sentences: Sequence[str], cited: int | None = None, spec: FieldSpec | None = None) -> Check:
    """What is found of a value, on one of the sentences as its evidence, or on all."""
    text = assemble([Block("body", sentence) for sentence in sentences], reader="t", title=None, page_count=1)
    chosen = text.sentences if cited is None else [text.sentences[cited]]
    return check(spec or plain(value), value, [pointer(text, one) for one in chosen], text)


def paper(language: str, n: str = "1.204", d: str = "2,4") -> list[str]:
    return [sentence.format(n=n, d=d) for sentence in PAPERS[language]]


@pytest.mark.parametrize("language", PAPERS)
def test_a_language_is_told_by_its_words(language: str) -> None:
    """A document, and each of its sentences; one in English among them is read as English."""
    readings = Readings(paper(language))
    assert readings.main == language
    assert {readings.of(sentence).language for sentence in paper(language)} == {language}
    assert readings.of("The pain fell by 2.4 points in both of the groups.") == PLAIN


@pytest.mark.parametrize("language", PAPERS)
@pytest.mark.parametrize("mark", THOUSANDS)
def test_figures_are_found_in_english(language: str, mark: str) -> None:
    """Thousands however they are set apart, decimal commas, number words and units, with the first word in English."""
    said = paper(language, f"1{mark}204")
    for value in ("1204 patients", "1,204 patients", "12 weeks", "twelve weeks", "2.4 points", "6 months"):
        assert found(f"Pain and {value}", said).state == "in evidence", value


DATES = {
    "de": ("Die Arbeiten im Gelände begannen am {d}. {m} 2016 und dauerten bis zum Herbst.", ("März", "Oktober")),
    "fr": ("Les relevés ont été faits le {d} {m} 2016 dans les deux sites de la vallée.", ("mars", "octobre")),
    "es": ("El trabajo de campo empezó el {d} de {m} de 2016 en los dos valles.", ("marzo", "octubre")),
    "it": ("I rilievi sono stati fatti il {d} {m} 2016 nelle due valli.", ("marzo", "ottobre")),
    "pt": ("O trabalho de campo começou em {d} de {m} de 2016 nos dois vales.", ("março", "outubro")),
    "nl": ("Het veldwerk begon op {d} {m} 2016 en duurde tot in de herfst.", ("maart", "oktober")),
}


@pytest.mark.parametrize("language", PAPERS)
def test_dates_are_found_by_the_months_of_their_language(language: str) -> None:
    """In the sentence cited for it, or elsewhere; another day, month or year is nowhere."""
    sentence, (march, october) = DATES[language]
    said = [*paper(language), sentence.format(d=2, m=march), sentence.format(d=17, m=october)]
    spec = FieldSpec("began", "Began", "When it began.", type="date")
    for value, first, second in (("2016-03-02", "in evidence", "elsewhere"), ("2016-10", "elsewhere", "in evidence")):
        assert [found(value, said, cited, spec).state for cited in (2, 3)] == [first, second], value
    for value in ("2016-03-03", "2016-04", "2017"):
        assert found(value, said, 2, spec).state == "nowhere", value


@pytest.mark.parametrize("language", PAPERS)
def test_other_figures_are_not(language: str) -> None:
    """Another number, or the number with another unit that is known: a translation hides neither."""
    said = paper(language)
    for value in ("1205 patients", "13 weeks", "24 points", "12 months", "6 weeks", "2.4 kg"):
        assert found(value, said).state in ("nowhere", "said otherwise"), value


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(sorted(PAPERS)), st.integers(1, 999), st.integers(0, 999), st.integers(1, 99), st.integers(1, 9))
def test_any_number_is_read_as_its_text_prints_it(language: str, head: int, tail: int, whole: int, part: int) -> None:
    """A point before three digits sets thousands apart where the text has decimal commas, and nothing is a tenth or a thousandth."""
    said = paper(language, f"{head}.{tail:03}", f"{whole},{part}")
    assert found(f"{head * 1000 + tail} patients", said).state == "in evidence"
    assert found(f"{whole}.{part} points", said).state == "in evidence"
    assert found(f"{whole}{part}0 points", said).state != "in evidence" or f"{whole}{part}0" == f"{head * 1000 + tail}"


def test_a_number_with_two_readings() -> None:
    """Where the text shows no usage, "1.204" may be the 1204 of a value, and stays what it is; what SQL would read otherwise is open."""
    said = ["An der Studie nahmen 1.204 Patienten teil, und die Auswertung war verblindet."]
    values = ("1204 patients", "1,204 patients", "1.204 Patienten", "1.204")
    assert {found(value, said).state for value in values} == {"in evidence"}
    number = found("1.204", said, spec=FieldSpec("n", "Patients", "How many patients.", type="number"))
    assert (number.state, "two ways" in (number.terms[0].hint or "")) == ("not compared", True)
    assert found("1205 patients", said).state == "nowhere"
    assert found("0.5 points", [*said, "Der Unterschied war 0,5 Punkte."]).state == "in evidence"


def test_a_number_field_reads_as_english_does() -> None:
    """SQL reads "1.204" as a little more than one, so it is not the 1204 that a German text means by it, which is said."""
    check = found("1.204", paper("de"), spec=FieldSpec("n", "Patients", "How many patients.", type="number"))
    assert check.unfound == ("1.204",)
    assert check.hints == ("1.204 stands there for 1,204 in English",)


def test_a_unit_that_is_not_known_is_not_compared() -> None:
    """In a language without a dictionary, a number that stands in the evidence is not nowhere: its unit could not be compared."""
    said = ["W badaniu wzięło udział 120 pacjentów, którzy przez 14 tygodni ćwiczyli pod opieką fizjoterapeuty, " + "a ból zmniejszył się w porównaniu z grupą kontrolną " * 4 + "."]  # fmt: skip
    assert [found(value, said).state for value in ("120 patients", "14 weeks", "15 weeks")] == ["not compared", "not compared", "nowhere"]  # fmt: skip
    english = ["We followed 180 runners for a while."]
    assert found("180 participants", english).state == "not compared"
    assert found("180 weeks", english).state == "nowhere"


def test_translated_words_are_no_names_that_are_missing() -> None:
    """A plain word that opens the value is none; a name in plain words may have another there; a marked one is as missing as ever."""
    said = [*paper("de"), "Die Studie wurde von der Deutschen Rentenversicherung gefördert."]
    assert found("Pain fell by 2.4 points. Patients: 1204.", said).unfound == ()
    assert found("Paid by Deutsche Rentenversicherung", said).state == "in evidence"
    assert found("Paid by the German Pension Insurance", said).state == "not compared"
    assert found("Paid by BMBF-X2", said).unfound == ("BMBF-X2",)


@pytest.mark.parametrize("language", sorted(PAPERS))
def test_a_list_of_plain_words_may_have_other_names_there(language: str) -> None:
    """None of its items is called missing; a formed name is, and what stands there is found."""
    spec = FieldSpec("binders", "Binders", ask="Which?", type="names")
    text = assemble([Block("body", said) for said in paper(language)], reader="t", title=None, page_count=1)

    def placed(*value: str) -> str | None:
        return check(spec, value, [pointer(text, text.sentences[0])], text).state

    assert placed("silica fume", "Portland cement", "slag") == "not compared"
    assert placed("silica fume", "BMBF-X2") == "nowhere"


@settings(deadline=None)
@given(st.text(alphabet="1203., \u202fab-", max_size=40))
def test_reading_moves_nothing(text: str) -> None:
    """What is read otherwise has the length and the places of what was printed, and English is not touched."""
    for has_comma in (True, False, None):
        assert len(Reading("de", has_comma).numbers(text)) == len(text)
    assert PLAIN.numbers(text) == text
    assert all(text[token.start : token.end] for token in Reading("de", has_comma=True).tokens(text))


# --- figures with their units ---------------------------------------------------------------------

TRIAL = (
    "Patients had had at least two episodes of pain; the difference was 1.2 points, 95% CI -2.0 to 4.4, at six months.",
    "Of 92 patients, 46 were in each arm, and walking lasted 12 weeks.",
    "The trial was funded by the Northern Health Research Council.",
)


@pytest.mark.parametrize(
    "value", ["two months", "2 months", "about two months", "two years", "2 points", "12 months", "46 weeks"]
)
def test_a_figure_is_elsewhere_only_with_its_unit(value: str) -> None:
    """A bare number, or one of something else, is not the figure; that it stands there is said, in figures of the value alone."""
    held = found(value, TRIAL, cited=2)
    assert held.state == "nowhere"
    assert held.hints == (f"{held.unfound[0].split()[0]} stands there without this unit",)


@pytest.mark.parametrize("value", ["six months", "6 months", "1.2 points", "12 weeks", "46 patients", "92 patients"])
def test_a_figure_with_its_unit_is_elsewhere(value: str) -> None:
    """A measure stands at its number; what is counted may be told in the same sentence."""
    assert found(value, TRIAL, cited=2).state == "elsewhere"


def test_two_episodes_are_not_two_months() -> None:
    """Nor are they in the evidence where months are told nearby."""
    assert found("two months", TRIAL, cited=0).state == "nowhere"


# --- words that begin a clause --------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "Paid by the Northern Health Research Council", "Money from the Northern Health Research Council", "Borne by it; Grants: none. Pain fell.",
        "Loss of weight", "Knitted by hand", "Exercise at home: Strength. Diet; Sleep",
    ],
)  # fmt: skip
def test_an_ordinary_word_that_opens_a_clause_is_no_name(value: str) -> None:
    """Participles, verbs and nouns of any field, at the start, behind a stop, a colon or a semicolon."""
    assert found(value, TRIAL, cited=2).unfound == ()


@pytest.mark.parametrize(
    "value", ["Google paid", "Wellcome: all of it", "Lower Kelani was visited", "Paid by Wellcome"]
)
def test_a_name_that_opens_a_clause_stays_one(value: str) -> None:
    """A word that English does not use, a word with a capital behind it, a name behind "by"."""
    assert found(value, TRIAL, cited=2).unfound


# --- options --------------------------------------------------------------------------------------

BLINDED = FieldSpec("blinding", "Blinding", "Who was blinded.", type="choice", options=("nobody", "assessor", "participants", "double-blind"))  # fmt: skip
TRAPS = FieldSpec("traps", "Traps", "How they were caught.", type="choice", options=("pan traps", "nets"))
OPEN = FieldSpec("weights", "Weights", "Whether they are open.", type="choice", options=("open", "closed"))


@pytest.mark.parametrize(
    ("spec", "option", "sentence"),
    [
        (BLINDED, "participants", "Participants were not blinded."), (BLINDED, "participants", "Neither the participants nor the teachers were blinded."),
        (BLINDED, "participants", "Assessors were blinded to allocation, but participants and therapists were not."), (BLINDED, "participants", "Participants weren't blinded."),
        (BLINDED, "participants", "Blinding of participants was not possible."), (BLINDED, "double-blind", "The trial was not double-blind."), (OPEN, "open", "The weights are not open."),
        (TRAPS, "pan traps", "Pan traps were considered but not used."), (TRAPS, "pan traps", "Nets and pan traps were tried, but were finally not adopted."),
    ],
)  # fmt: skip
def test_an_option_that_its_sentence_denies_is_said_otherwise(spec: FieldSpec, option: str, sentence: str) -> None:
    """A negation of the option itself, or of what the field asks of it."""
    assert found(option, [sentence], spec=spec).state == "said otherwise"


@pytest.mark.parametrize(
    ("spec", "option", "sentence"),
    [
        (BLINDED, "nobody", "Participants were not blinded."), (BLINDED, "assessor", "Assessors were blinded to allocation, but participants were not."),
        (BLINDED, "participants", "Participants did not know their allocation."), (BLINDED, "participants", "Not only the participants were blinded."),
        (BLINDED, "participants", "No participants withdrew and all were blinded."), (BLINDED, "participants", "Participants were blinded and did not know why."),
        (BLINDED, "participants", "Blinded participants did not improve."), (OPEN, "closed", "The weights are not open."), (OPEN, "open", "Weights are open; the data are not."),
        (TRAPS, "pan traps", "Pan traps were used in May but not used in June."), (TRAPS, "nets", "Nets were set in all ponds, but bait was not used."),
    ],
)  # fmt: skip
def test_an_option_that_may_be_true_is_not(spec: FieldSpec, option: str, sentence: str) -> None:
    """A negation of something else, another option, a double one: nothing is said."""
    assert found(option, [sentence], spec=spec).state is None


# --- units as they are printed --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("84 m", "They climbed an 84-m tower."), ("84", "They climbed an 84-m tower."), ("GBP 6.3 million", "It cost £6.3 million."),
        ("Every two weeks", "They met every fortnight."), ("A fortnight", "They met for two weeks."), ("Needs Python", "You need Python for it."),
    ],
)  # fmt: skip
def test_what_is_printed_otherwise_is_found(value: str, sentence: str) -> None:
    """A letter behind a hyphen is a unit, a currency's code no name, a fortnight two weeks, a verb before a name no part of it."""
    assert found(value, [sentence]).unfound == ()


def test_what_is_printed_otherwise_is_not_all() -> None:
    """Another sum, another number of weeks, another name."""
    for value, sentence in (("GBP 6.4 million", "It cost £6.3 million."), ("Every three weeks", "They met every fortnight."), ("Needs Haskell", "You need Python for it.")):  # fmt: skip
        assert found(value, [sentence]).unfound, value
