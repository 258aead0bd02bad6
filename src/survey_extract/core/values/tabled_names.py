"""The tables of a text go in, the data sets that their rows or columns are come out: what stands in a list with known ones.

Where two labels of rows, or two heads of columns, are data sets that everybody
knows, and a third of all are, the others that are formed like names are such,
too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from survey_extract.core.tables.table import Table
from survey_extract.core.values.data_sets import data_sets, is_known

LEAST, SHARE = 2, 3
_CITED = re.compile(r"\s?(?:\[[^\[\]]{1,40}+\]|\([^()]{1,60}+\)|\*|\u2020|\u2021)")
_PART = re.compile(
    r"[ -](?:test|dev|val|validation|train|test-dev|test-std|std|testA|testB|overall|avg)\.?$", re.IGNORECASE
)
_NAME = re.compile(r"[A-Z][\w+-]{2,24}+(?: [A-Z\d][\w+-]{0,12}+){0,2}")
_MEASURES = re.compile(
    r"(?:BLEU|METEOR|ROUGE|CIDEr|SPICE|F1|EM|mAP|AP|IoU|mIoU|FID|IS|PSNR|SSIM|WER|CER|GFLOPs|FLOPs|MACs|BPC|PPL|R@|P@|TR|IR|AUC|MRR|NDCG|"
    r"Acc|Avg|Mean|Top|Params|LLM|ViT|Res|BERT|GPT|PT|FT|Size|Model|Method|Task|Metric|Total|Overall)[\w@.+-]*+(?: .*)?"
)


def tabled(tables: Iterable[Table]) -> Iterator[tuple[str, int]]:
    """Each data set that tables list, with the number of a row that shows it."""
    for table in tables:
        rows = list(table.numbered())
        labels = [(row.label, number) for number, row in rows]
        heads = [(part, number) for number, row in rows for cell in row.cells for part in cell.header]
        for listed in (labels, heads):
            yield from _homogeneous(listed)


def _homogeneous(listed: Sequence[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    first: dict[str, int] = {}
    for label, number in listed:
        first.setdefault(_PART.sub("", _CITED.sub("", label)).strip(), number)
    known = [label for label in first if is_known(label)]
    if len(known) < LEAST or SHARE * len(known) < len(first):
        return
    for label, number in first.items():
        found = data_sets(label) if label in known else (label,) * _is_name(label)
        yield from ((name, number) for name in found)


def _is_name(label: str) -> bool:
    """Whether a label is formed like a name, and is no measure."""
    is_formed = any(char.isupper() or char.isdigit() for char in label.partition(" ")[0][1:])
    return is_formed and _NAME.fullmatch(label) is not None and _MEASURES.fullmatch(label) is None
