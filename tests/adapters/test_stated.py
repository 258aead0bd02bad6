"""What files and pages state of themselves enters the bibliography, named as that; what programs left there does not."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from fpdf import FPDF
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from survey_extract.adapters.html.reader import read_html
from survey_extract.adapters.pdf.reader import read_pdf
from survey_extract.core.paper_text import StatedFacts
from survey_extract.core.reading.stated import stated_facts
from tests.conftest import Folder

BODY = "The heath was walked over by two people in one week of June, and all that they saw of birds is listed here. "
RUBBISH = [
    "LaTeX with hyperref", "Microsoft Word - x.doc", "Microsoft Word", "pdfTeX-1.40.21", "Acrobat Distiller 9.0", "Adobe InDesign CS6",
    "Windows User", "Administrator", "admin", "jsmith", "John", "Lenovo Customer", "Elsevier Ltd.", "Springer Nature", "University of Oldham",
    "info@oldham.example", "https://oldham.example", "The Editorial Team", "Your Name", "author unknown", "Ignore all previous instructions",
    "Unknown Author", "Skia/PDF m99", "a b", "Ponds Of The Heath", "12 34", "Prince 14 (www.princexml.com)", "Google Docs Renderer",
]  # fmt: skip
PEOPLE = {
    "Ada Osei": ["Ada Osei"],
    "Osei, Ada": ["Osei, Ada"],
    "Ada Osei, Ben Lutz": ["Ada Osei", "Ben Lutz"],
    "Ada Osei and Ben Lutz": ["Ada Osei", "Ben Lutz"],
    "A. Osei; B. M. Lutz": ["A. Osei", "B. M. Lutz"],
    "Osei, A., Lutz, B.": ["Osei, A.", "Lutz, B."],
    "José García-Pérez & Łukasz Żak": ["José García-Pérez", "Łukasz Żak"],
    "Ada Osei; LaTeX with hyperref": ["Ada Osei"],
}
DATES = {
    "D:20180304121500+01'00'": "2018-03-04", "2018/03/04": "2018-03-04", "2018-03-04T10:00:00Z": "2018-03-04", "2018": "2018",
    "2018-03": "2018-03", "D:19800101000000": None, "1970-01-01": None, "0000": None, "2018-13-40": "2018", "today": None, "20180304": "2018-03-04",
}  # fmt: skip


def facts(**said: str) -> StatedFacts:
    return stated_facts([said.get("author", "")], [said.get("date", "")], [said.get("doi", "")], ["Ponds of the Heath"])


@pytest.mark.parametrize("author", RUBBISH)
def test_what_programs_and_forms_leave_is_no_author(author: str) -> None:
    """Programs, machines' owners, publishers, addresses, orders, the title itself."""
    assert facts(author=author).authors == ()


def test_people_dates_and_dois_are_read() -> None:
    """However names are parted, dates written and DOIs wrapped."""
    assert {text: list(facts(author=text).authors) for text in PEOPLE} == PEOPLE
    assert {text: facts(date=text).date for text in DATES} == DATES
    for text in ("https://doi.org/10.1234/Ab.5", "doi:10.1234/ab.5.", "Ponds 12 (2018) 1-9. doi: 10.1234/ab.5"):
        assert facts(doi=text).doi == "10.1234/ab.5"


LD = {"@graph": [{"@type": "Organization", "name": "Oldham"}, {"@type": ["BlogPosting"], "author": [{"@type": "Person", "name": "Ada Osei"}, {"@type": "Organization", "name": "The Heath Society"}], "datePublished": "2019-05-06T08:00:00+02:00"}]}  # fmt: skip
PAGES = {
    '<meta name="citation_author" content="Osei, Ada"><meta name="citation_author" content="Lutz, Ben"><meta name="author" content="admin">'
    '<meta name="citation_publication_date" content="2018/03/04"><meta name="citation_doi" content="10.1234/ab.5">': StatedFacts(
        ("Osei, Ada", "Lutz, Ben"), "2018-03-04", "10.1234/ab.5"
    ),
    '<meta name="DC.creator" content="Ada Osei"><meta name="DC.date" content="2017"><meta name="DC.identifier" content="doi:10.1234/ab.6">': StatedFacts(
        ("Ada Osei",), "2017", "10.1234/ab.6"
    ),
    f'<script type="application/ld+json">{json.dumps(LD)}</script>': StatedFacts(("Ada Osei",), "2019-05-06"),
    '<script type="application/ld+json">{"@type": "Article", "author": ' + "[" * 5000 + "</script>": StatedFacts(),
    '<meta name="author" content="admin"><meta name="generator" content="Hugo 0.1">': StatedFacts(),
}


@pytest.mark.parametrize("head", PAGES)
def test_a_page_states_its_authors(head: str) -> None:
    """By the tags of indexes, Dublin Core, and JSON-LD, however that is nested or broken."""
    page = f"<html><head><title>Ponds</title>{head}</head><body><article><h1>Ponds</h1><p>{BODY * 4}</p></article></body></html>"
    assert read_html(page.encode()).stated == PAGES[head]


XMP = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"><dc:creator><rdf:Seq><rdf:li>Ada Osei</rdf:li><rdf:li>Ben Lutz</rdf:li></rdf:Seq>
</dc:creator><prism:doi>10.1234/ab.5</prism:doi><prism:coverDate>2018-03-04</prism:coverDate></rdf:Description></rdf:RDF>"""


def made(author: str, xmp: str = "", *, packed: bool = False) -> bytes:
    page = FPDF()
    page.add_page()
    page.set_font("Times", size=11)
    page.set_author(author)
    page.multi_cell(0, None, BODY * 6)
    writer = PdfWriter(clone_from=BytesIO(page.output()))
    if xmp:
        stream = DecodedStreamObject()
        stream.set_data(f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{xmp}</x:xmpmeta>'.encode())
        stream.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
        writer.root_object[NameObject("/Metadata")] = writer._add_object(stream.flate_encode() if packed else stream)
    writer.write(file := BytesIO())
    return file.getvalue()


def test_a_pdf_states_its_authors_and_the_bibliography_says_so(survey: Folder) -> None:
    """By XMP before Info; sources.csv before both; and nobody takes it for checked."""
    assert read_pdf(made("LaTeX with hyperref")).stated.authors == ()
    for packed in (False, True):
        stated = read_pdf(made("Windows User", XMP, packed=packed)).stated
        assert stated == StatedFacts(("Ada Osei", "Ben Lutz"), "2018-03-04", "10.1234/ab.5")
    survey.write("a.pdf", made("Windows User", XMP))
    survey.write("b.pdf", made("Microsoft Word"))
    survey.write("sources.csv", "source,name,authors,year,doi\n./a.pdf,A,,,\n./b.pdf,B,Cleo Brandt,2001,\n")
    survey.ok("refresh", SURVEY_PUBLISH="any")
    first, second = survey.ok("export", "--format", "bibtex", SURVEY_PUBLISH="any").out.split("\n@misc")
    assert "author = {Ada Osei and Ben Lutz}" in first
    assert "doi = {10.1234/ab.5}" in first
    assert "note = {author, year and doi as stated in the file's own metadata, not checked}" in first
    assert "author = {Cleo Brandt}" in second
    assert "note" not in second
    for style, mark in (
        ("ris", "N1  - author, year and doi as stated"),
        ("csl", '"note": "author, year and doi as stated'),
    ):
        assert survey.ok("export", "--format", style, SURVEY_PUBLISH="any").out.count(mark) == 1
