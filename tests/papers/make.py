"""A little text goes in, a real PDF comes out: columns, headings, running heads, hyphens, figures, references.

    python -m tests.papers.make examples/demo/papers

writes the PDFs of the demo. They are plain ASCII (standard fonts, no
compression), so that git shows what they hold.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF

MADE_AT = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass
class Paper:
    """What stands in a made paper; each section is a heading and its paragraphs."""

    title: str
    abstract: str
    sections: Sequence[tuple[str, Sequence[str]]]
    references: Sequence[str] = ()
    columns: int = 1
    running_head: str = ""
    stamp: str = ""
    caption: str = ""
    outline: bool = True
    footnote: str = ""
    authors: str = "A. Author and B. Writer"
    lines: list[tuple[int, int, str]] = field(default_factory=list)
    """(page, column, text) of each printed body line, as it was set: what a reader must give back in order."""


class _Setter:
    """Sets lines top to bottom in columns, as TeX would: no hyphenation but where the text says ``\\u00ad``."""

    def __init__(self, paper: Paper, page_height: float = 792, compress: bool = True) -> None:
        self.paper = paper
        self.pdf = FPDF(unit="pt", format=(612, page_height))
        self.pdf.set_compression(compress)
        self.pdf.set_auto_page_break(False)
        self.pdf.set_creation_date(MADE_AT)
        self.pdf.set_title(paper.title)
        self.bottom = page_height - 72
        self.column, self.top = 0, 72.0
        self.page()

    @property
    def width(self) -> float:
        return 504.0 if self.paper.columns == 1 else 240.0

    @property
    def left(self) -> float:
        return 54 + self.column * (self.width + 24)

    def page(self) -> None:
        self.pdf.add_page()
        self.pdf.set_font("Times", size=8)
        if self.paper.running_head:
            self.pdf.text(54, 40, self.paper.running_head)
        self.pdf.text(304, self.bottom + 40, str(self.pdf.page_no()))
        if self.paper.stamp and self.pdf.page_no() == 1:
            with self.pdf.rotation(90, 24, 500):
                self.pdf.set_font("Times", size=16)
                self.pdf.text(24, 500, self.paper.stamp)
        self.column, self.y = 0, self.top

    def room(self, height: float) -> None:
        if self.y + height <= self.bottom:
            return
        if self.column + 1 < self.paper.columns:
            self.column, self.y = self.column + 1, self.top
        else:
            self.page()

    def line(self, text: str, size: float, style: str = "", x: float | None = None, step: float = 1.2) -> None:
        self.room(size * step)
        self.pdf.set_font("Times", style=style, size=size)
        self.pdf.text(self.left if x is None else x, self.y, text)
        self.paper.lines.append((self.pdf.page_no(), self.column, text))
        self.y += size * step

    def paragraph(self, text: str, size: float = 10) -> None:
        for line in self.wrap(text, size):
            self.line(line, size)
        self.y += size * 0.6

    def wrap(self, text: str, size: float) -> list[str]:
        self.pdf.set_font("Times", size=size)
        lines, now = [], ""
        for word in text.split():
            plain = word.replace("\u00ad", "")
            if not now or self.pdf.get_string_width(f"{now} {plain}") <= self.width:
                now = f"{now} {plain}".strip()
                continue
            first, hyphen, rest = word.partition("\u00ad")
            if hyphen and self.pdf.get_string_width(f"{now} {first}-") <= self.width:
                lines.append(f"{now} {first}-")
                now = rest
            else:
                lines.append(now)
                now = plain
        return [*lines, now] if now else lines

    def heading(self, text: str, level: int = 0) -> None:
        self.y += 8
        self.room(40)
        if self.paper.outline:
            self.pdf.set_y(self.y)
            self.pdf.start_section(text, level)
        self.line(text, 12, "B")
        self.y += 4

    def figure(self, caption: str) -> None:
        """Labels that stand about, and a caption under them."""
        self.room(120)
        labels = ("0.81", "Encoder", "Decoder", "1.2", "37.5", "Loss")
        for index, label in enumerate(labels):
            self.pdf.set_font("Helvetica", size=7)
            self.pdf.text(self.left + 20 + 30 * (index % 3), self.y + 14 * index, label)
        self.y += 100
        for line in self.wrap(caption, 9):
            self.line(line, 9)
        self.y += 10


def pdf(paper: Paper, *, compress: bool = True) -> bytes:
    """The paper as a PDF."""
    setter = _Setter(paper, compress=compress)
    columns = paper.columns
    paper.columns = 1
    setter.pdf.set_font("Times", style="B", size=16)
    setter.line(paper.title, 16, "B")
    setter.line(paper.authors, 11)
    setter.y += 16
    paper.columns = columns
    setter.top, first_top = setter.y, setter.top
    setter.heading("Abstract")
    setter.paragraph(paper.abstract)
    for index, (heading, paragraphs) in enumerate(paper.sections):
        setter.heading(heading)
        for paragraph in paragraphs:
            setter.paragraph(paragraph)
            if setter.pdf.page_no() > 1:
                setter.top = first_top
        if index == 0 and paper.caption:
            setter.figure(paper.caption)
        if index == 0 and paper.footnote:
            setter.line(paper.footnote, 8)
    if paper.references:
        setter.heading("References")
        for number, reference in enumerate(paper.references, start=1):
            setter.paragraph(f"[{number}] {reference}", 9)
    return bytes(setter.pdf.output())


def prose(sentences: int, start: int = 0) -> str:
    """Plain sentences of our own, each of its own number, none like another."""
    things = ("camera", "sensor", "reader", "table", "window", "garden", "river", "engine", "ladder", "signal")
    doings = ("records", "follows", "describes", "measures", "changes", "collects", "repeats", "compares")
    return " ".join(
        f"Observation {n} says that the {things[n % 10]} {doings[n % 8]} the {things[(n * 3 + 1) % 10]} near place {n * 7 + 3}."
        for n in range(start, start + sentences)
    )


HARBOR = Paper(
    title="Harbor: A Small Vision-Language Model for Ship Logs",
    abstract=(
        "We present Harbor, a vision-language model that reads photographs of ship logs and answers questions about them. "
        "The architecture of Harbor consists of a frozen image encoder, a linear connector and a language model decoder with "
        "1.3B parameters. On our benchmark LogBench it answers 71.4% of the questions."
    ),
    sections=(
        (
            "1 Introduction",
            (
                "Ship logs are written by hand, often in poor light, and their tables follow no standard. Earlier systems treat "
                "the photograph and the question apart, which loses the position of each entry.",
                "We ask how small a model can be that still reads them. Our answer is a model that fits on one graphics card.",
            ),
        ),
        (
            "2 Model Architecture",
            (
                "The image encoder of Harbor is a ViT-S/16 with 22M parameters, initialized from a checkpoint trained on natural "
                "images. The language model decoder is HarborLM, a transformer with 24 layers and 1.3B parameters.",
                "A linear projection maps each of the 196 visual tokens into the embedding space of the language model. The visual "
                "tokens are prepended to the text tokens, so that the two modalities are fused by self-attention alone.",
            ),
        ),
        (
            "3 Training",
            (
                "Harbor is trained in two stages. In the first stage we train only the linear projection on 40K image-text pairs "
                "to align the visual features with the word embeddings, for 2 epochs with a learning rate of 1e-3.",
                "In the second stage the projection and the language model are fine-tuned on instructions for 3 epochs with a "
                "batch size of 64, while the image encoder stays frozen. The training objective is the usual language modeling loss.",
            ),
        ),
        (
            "4 Data",
            (
                "We use the LogPairs dataset, 40K photographs of ship logs with transcripts, for pre-training. The LogInstruct "
                "dataset holds 12K questions with answers and is used for instruction tuning. We evaluate on LogBench, a benchmark "
                "of 900 questions that no model has seen in training.",
            ),
        ),
        (
            "5 Limitations",
            ("Harbor reads Latin script only. Logs that were damaged by water are beyond it.",),
        ),
    ),
    references=(
        "C. Chart and D. Dock. Reading tables at sea. Journal of Made-up Examples, 2021.",
        "E. Ebb. A linear projection is enough. Proceedings of Nowhere, 2022.",
    ),
    caption="Figure 1: The three parts of Harbor and how an image flows through them.",
    running_head="Harbor: reading ship logs",
)

ORCHARD = Paper(
    title="Orchard: Contrastive Alignment of Fruit Images and Growers' Notes",
    abstract=(
        "We introduce Orchard, a dual-encoder model that aligns images of fruit with the notes of growers. The model combines an "
        "image encoder and a text encoder that are trained with a contrastive objective. It needs 60K pairs and one day of training."
    ),
    sections=(
        (
            "1 Introduction",
            (
                "Growers write short notes and take photographs, and seldom keep the two together. A model that knows which note "
                "belongs to which photograph saves them an evening a week.",
            ),
        ),
        (
            "2 Method",
            (
                "The architecture of Orchard consists of two encoders. The image encoder is a ResNet-50 backbone, the text encoder "
                "is a transformer with 6 layers; each ends in a projection layer of 256 dimensions.",
                "We align the two with a contrastive loss: matching pairs of image and text features are pulled together in a "
                "shared embedding space, and all other pairs of the batch are pushed apart.",
                "There is no cross-attention between the encoders. The image features and text features are fused only by the dot "
                "product of their projections, which keeps the search fast.",
            ),
        ),
        (
            "3 Training Details",
            (
                "We train Orchard end-to-end for 30 epochs with the AdamW optimizer, a batch size of 512 and a learning rate of 5e-4. "
                "Both encoders are trained from scratch; nothing is frozen.",
            ),
        ),
        (
            "4 Datasets",
            (
                "The FruitNotes dataset of 60K image-text pairs is used for training, and the OrchardTest benchmark with 2,000 pairs "
                "is used for the evaluation of retrieval.",
            ),
        ),
    ),
    references=("F. Fig. Notes on notes. Annals of Invention, 2020.",),
    columns=2,
    caption="Figure 1: Two encoders and one space.",
    running_head="Orchard: images and notes",
)


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for paper, name in ((HARBOR, "harbor.pdf"), (ORCHARD, "orchard.pdf")):
        (folder / name).write_bytes(pdf(paper, compress=False))


if __name__ == "__main__":
    main()
