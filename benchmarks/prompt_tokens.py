"""The shared papers and their gold go in; what a question to a model costs, and how much of the gold it shows, come out.

    python benchmarks/prompt_tokens.py ../shared

Tokens are counted by o200k_base where `bpe-openai` is installed, else
estimated as a quarter of the characters. "Before" is the first form of the
question, as it was put until the fields came to stand before the document.
The papers of ``HELD_OUT`` were not looked at while the amounts were chosen;
they are counted apart.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from itertools import takewhile
from pathlib import Path
from statistics import fmean
from typing import Any

from survey_extract.adapters.clock import SystemClock
from survey_extract.adapters.fields_toml import default_fields
from survey_extract.adapters.openai.chat import Chat, Endpoint
from survey_extract.adapters.openai.engine import OpenAIEngine
from survey_extract.adapters.pdf.reader import read_pdf
from survey_extract.core.evaluation.gold import GoldCell, parse_gold
from survey_extract.core.evaluation.stretches import Stretches
from survey_extract.core.fields import Fields, FieldSpec, together
from survey_extract.core.paper_text import PaperText
from survey_extract.core.question.prompt import Form, estimated_tokens, numbered
from survey_extract.core.question.shown import shown_sentences
from survey_extract.wiring import FORMER, default_prompt, load_prompt

HELD_OUT = frozenset(["2111.02358v2", "2306.00890v1"])
ROOM = 10**9
"""Characters: all that the setting allows is shown."""
THIRTY = Fields(
    tuple(
        FieldSpec(
            f"field_{n}",
            f"Field {n}",
            f"What the document reports of matter {n}, with the figures that it gives, and under which conditions. "
            "Not what it cites, and nothing that it plans.",
        )
        for n in range(30)
    )
)
PAPERS = 24
"""Papers of a run, where a run is reckoned."""


def counter() -> tuple[str, Callable[[str], int]]:
    """What counts tokens, and its name."""
    try:
        bpe_openai = import_module("bpe_openai")
    except ImportError:
        return "characters / 4 (no bpe-openai here)", lambda text: estimated_tokens(len(text))
    encoding = bpe_openai.get_encoding("o200k_base")
    return "o200k_base", lambda text: len(encoding.encode(text))


class _NoReplies:
    """A store without replies."""

    def get_reply(self, sha256: str) -> None:
        return None

    def booked(self) -> tuple[()]:
        return ()


def engine_of(fields: Fields) -> OpenAIEngine:
    """An engine that is only asked for its requests."""
    endpoint = Endpoint("m", "none", "http://127.0.0.1:9/v1", 0.0, 4_000, 1_000_000, "json_schema", 1, 1.0)
    chat = Chat(endpoint, _NoReplies(), SystemClock())  # type: ignore[arg-type]
    return OpenAIEngine(chat, load_prompt(Path(), fields.subject), fields)


@dataclass
class Gold:
    """Sentences of the gold standard, and how many of them are shown."""

    shown: int = 0
    of: int = 0

    def add(self, wanted: set[int], shown: set[int]) -> None:
        self.shown, self.of = self.shown + len(wanted & shown), self.of + len(wanted)

    def __str__(self) -> str:
        return f"{self.shown} of {self.of} ({self.shown / self.of:.1%})" if self.of else "none"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper, and the sentences that answer each field: the gold's ``main`` ones, and ``all`` of them."""

    name: str
    text: PaperText
    main: dict[str, set[int]] = field(default_factory=dict)
    all: dict[str, set[int]] = field(default_factory=dict)


def papers(shared: Path) -> Iterator[Paper]:
    gold = parse_gold((shared / "gold" / "gold.json").read_text(), "gold.json", default_fields())
    for path in sorted((shared / "papers").glob("*.pdf")):
        paper = Paper(path.stem, read_pdf(path.read_bytes()))
        found = Stretches(paper.text)
        numbers = {(s.page, s.start): s.number for s in paper.text.sentences}
        for cell in gold:
            if cell.paper.endswith(paper.name):
                paper.main[cell.field] = _numbers(found, cell, numbers, with_more=False)
                paper.all[cell.field] = _numbers(found, cell, numbers, with_more=True)
        yield paper


def _numbers(found: Stretches, cell: GoldCell, numbers: dict[tuple[int, int], int], *, with_more: bool) -> set[int]:
    """The citable sentences that a cell's stretches run over."""
    stretches = (*cell.sentences, *cell.more) if with_more else cell.sentences
    return {numbers[pointer.page, pointer.start] for stretch in stretches for pointer in found.found(stretch) or ()}


def sent(body: dict[str, Any]) -> str:
    """What a model reads of a request, the schema before the messages as OpenAI puts it."""
    schema = body["response_format"]["json_schema"]["schema"]
    return json.dumps(schema) + "\n" + str(body["messages"][0]["content"])


def before(text: PaperText, fields: Sequence[FieldSpec]) -> str:
    """The same in the first form."""
    form = Form(default_prompt(FORMER[0]), show="everything", is_first=True)
    return json.dumps(form.schema(fields)) + "\n" + form.question(text, text.citable(), fields)


def beginning(texts: Sequence[str]) -> str:
    same = takewhile(lambda letters: len(set(letters)) == 1, zip(*texts, strict=False))
    return "".join(letters[0] for letters in same)


def main(shared: Path) -> None:
    name, tokens = counter()
    print(f"tokens by {name}\n")
    read, fields = list(papers(shared)), default_fields()
    questions = tell_tokens(read, fields, tokens)
    tell_shares(questions, read, fields, tokens)
    tell_gold(read, fields, tokens)
    tell_orders(read, tokens)


def tell_tokens(read: Sequence[Paper], fields: Fields, tokens: Callable[[str], int]) -> list[str]:
    """A line a paper, and the average; gives today's questions."""
    engine = engine_of(fields)
    rows: list[tuple[int, int]] = []
    questions: list[str] = []
    print("all fields of a paper         before    today   sentences shown")
    for paper in read:
        questions.append(sent(engine.request(paper.text, fields.asked)))
        rows.append((tokens(before(paper.text, fields.asked)), tokens(questions[-1])))
        shown, _ = shown_sentences(paper.text, fields.asked, ROOM)
        note = "gold, held out" if paper.name in HELD_OUT else "gold" if paper.main else ""
        print(
            f"{paper.name:26} {rows[-1][0]:9,} {rows[-1][1]:8,}   {len(shown)} of {len(paper.text.citable())}  {note}"
        )
    for called, kept in (("average", [True] * len(read)), ("average of the gold", [bool(p.main) for p in read])):
        counted = [row for row, keep in zip(rows, kept, strict=True) if keep]
        then, now = (round(sum(column) / len(counted)) for column in zip(*counted, strict=True))
        print(f"{called:26} {then:9,} {now:8,}")
    return questions


def tell_shares(questions: Sequence[str], read: Sequence[Paper], fields: Fields, tokens: Callable[[str], int]) -> None:
    """What all papers' questions begin with."""
    then = [before(paper.text, fields.asked).partition("\n")[2] for paper in read]
    schema = tokens(json.dumps(Form("", is_first=True).schema(fields.asked)))
    print("\nthe same at the beginning of all papers' questions, the schema first:")
    print(f"before {schema + tokens(beginning(then)):,} (schema {schema:,}), today {tokens(beginning(questions)):,}")


def tell_gold(read: Sequence[Paper], fields: Fields, tokens: Callable[[str], int]) -> None:
    """How much of the gold is among the sentences shown: of all fields together, and of each asked alone, with what that costs.

    The share of a document is that of its numbered sentences, all rows with them, averaged over the papers.
    """
    print("\ngold's sentences shown        main ones, all of them; held out: main ones, all of them")
    tell_line("all fields", fields.asked, read, fields.asked)
    engine = engine_of(fields)
    gold = [paper for paper in read if paper.main]
    whole = sum(tokens(sent(engine.request(paper.text, fields.asked))) for paper in gold)
    documents = [tokens(numbered(paper.text, paper.text.citable())) for paper in read]
    shares: list[float] = []
    for spec in fields:
        cost = sum(tokens(sent(engine.request(paper.text, [spec]))) for paper in gold)
        parts = [tokens(numbered(paper.text, shown_sentences(paper.text, [spec], ROOM)[0])) for paper in read]
        shares.append(fmean(part / document for part, document in zip(parts, documents, strict=True)))
        note = f"{shares[-1]:.1%} of the document, {cost / whole:.0%} of the question about all"
        tell_line(f"{spec.name} alone", [spec], read, [spec], note)
    print(f"one field alone: {fmean(shares):.1%} of a document's tokens, average of {len(read)} papers")


def tell_line(
    called: str, wanted: Sequence[FieldSpec], read: Sequence[Paper], sought: Sequence[FieldSpec], note: str = ""
) -> None:
    counts = {(held, which): Gold() for held in (False, True) for which in ("main", "all")}
    for paper in read:
        shown = {sentence.number for sentence in shown_sentences(paper.text, wanted, ROOM)[0]}
        for which in ("main", "all"):
            cells = getattr(paper, which)
            numbers = set().union(*(cells.get(spec.name, set()) for spec in sought))
            counts[paper.name in HELD_OUT, which].add(numbers, shown)
    print(f"{called:30} {', '.join(str(counts[False, w]) for w in ('main', 'all'))}; "
          f"{', '.join(str(counts[True, w]) for w in ('main', 'all'))}  {note}")  # fmt: skip


def tell_orders(read: Sequence[Paper], tokens: Callable[[str], int]) -> None:
    """Thirty fields in three questions a paper: what each order would share, for the average paper of the gold."""
    engine, parts = engine_of(THIRTY), list(together(THIRTY.asked))
    gold = [paper for paper in read if paper.main]
    document = sum(
        tokens(_document(engine.request(paper.text, parts[0]))) for paper in gold
    ) // len(gold)  # fmt: skip
    rules = tokens(default_prompt("extract.md"))
    schemas = sum(tokens(json.dumps(Form("").schema(part))) for part in parts)
    lists = [tokens("\n".join(f"- {s.name}: {s.instruction}" for s in part)) for part in parts]
    print(
        f"\n30 fields, 3 questions a paper, {PAPERS} papers: document {document:,}, rules {rules:,}, fields {sum(lists):,}"
    )
    print("order                                     sent   new, schema first   new, no schema in the prefix")
    for called, sent_, with_schema, without in orders(document, rules, lists, schemas):
        print(f"{called:34} {sent_:11,} {with_schema:19,} {without:30,}")


def _document(body: dict[str, Any]) -> str:
    content = str(body["messages"][0]["content"])
    return content[content.index("\nBEGIN DOCUMENT ") : content.index("\nEND DOCUMENT ")]


def orders(document: int, rules: int, lists: Sequence[int], schemas: int) -> Iterator[tuple[str, int, int, int]]:
    """Tokens sent in a run, and those that no cache of beginnings has seen: where the schema is the first part, and where it is none."""
    n, all_fields = len(lists), sum(lists)
    yield (
        "document, rules, fields",
        PAPERS * (n * (document + rules) + all_fields + schemas),
        PAPERS * (n * (document + rules) + all_fields) + schemas,
        PAPERS * (document + n * rules + all_fields),
    )
    yield (
        "rules, document, fields",
        PAPERS * (n * (document + rules) + all_fields + schemas),
        PAPERS * (n * document + all_fields) + n * rules + schemas,
        PAPERS * (document + all_fields) + rules,
    )
    yield (
        "rules, its fields, document",
        PAPERS * (n * (document + rules) + all_fields + schemas),
        PAPERS * n * document + n * rules + all_fields + schemas,
        PAPERS * n * document + rules + all_fields,
    )
    yield (
        "rules, all fields, document, keys",
        PAPERS * (n * (document + rules + all_fields) + schemas),
        PAPERS * n * document + n * (rules + all_fields) + schemas,
        PAPERS * document + rules + all_fields,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared"))
