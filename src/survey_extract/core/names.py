"""A text goes in; the figures, proper names and data sets that stand in it come out.

Two steps ask for them: the check of a value against its evidence (are all its
figures and names there?) and the engine without a model (which data sets does
this paper use?). Names in prose are told by their form: capitals inside a
word, letters with digits, or a capital in the middle of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

KNOWN_DATA_SETS = [
    "A-OKVQA",
    "ADE20K",
    "AI2D",
    "ActivityNet",
    "ALIGN",
    "AudioSet",
    "BookCorpus",
    "C4",
    "CC12M",
    "CC3M",
    "CC595K",
    "CLEVR",
    "COCO",
    "COCO Captions",
    "COYO-700M",
    "ChartQA",
    "CIFAR-10",
    "CIFAR-100",
    "Common Crawl",
    "CommonCrawl",
    "Conceptual 12M",
    "Conceptual Captions",
    "DataComp",
    "DocVQA",
    "DVQA",
    "Ego4D",
    "Flickr30K",
    "Flickr30k Entities",
    "GQA",
    "GRIT",
    "GLUE",
    "GSM8K",
    "HatefulMemes",
    "Hateful Memes",
    "HellaSwag",
    "HowTo100M",
    "HumanEval",
    "IconQA",
    "ImageNet",
    "ImageNet-1K",
    "ImageNet-21K",
    "InfographicVQA",
    "InfoVQA",
    "JFT-300M",
    "JFT-3B",
    "Kinetics-400",
    "Kinetics-600",
    "LAION",
    "LAION-115M",
    "LAION-2B",
    "LAION-400M",
    "LAION-5B",
    "LAION-COCO",
    "LAION-GPT-V",
    "LAMBADA",
    "LCS-558K",
    "LLaVA-Bench",
    "LLaVA-Instruct-150K",
    "LLaVA-Instruct-158K",
    "LLaVAR",
    "LocalizedNarratives",
    "Localized Narratives",
    "LVIS",
    "M3W",
    "MathVista",
    "MME",
    "MMBench",
    "MMBench-CN",
    "MMC4",
    "MMLU",
    "MMMU",
    "MM-Vet",
    "MS COCO",
    "MS-COCO",
    "MSCOCO",
    "MSRVTT",
    "MSR-VTT",
    "MSRVTT-QA",
    "MSVD",
    "MSVD-QA",
    "MultiInstruct",
    "Multimodal C4",
    "NaturalQuestions",
    "Natural Questions",
    "NLVR2",
    "NoCaps",
    "Objects365",
    "OBELICS",
    "OCR-VQA",
    "OCRVQA",
    "OK-VQA",
    "OKVQA",
    "Open Images",
    "OpenImages",
    "OpenWebText",
    "PathVQA",
    "PIQA",
    "PMC-15M",
    "PMD",
    "POPE",
    "PubMed",
    "PubMed Central",
    "RedCaps",
    "RefCOCO",
    "RefCOCO+",
    "RefCOCOg",
    "SA-1B",
    "SBU",
    "SBU Captions",
    "ScienceQA",
    "SEED-Bench",
    "ShareGPT",
    "ShareGPT4V",
    "ShareGPT-4V",
    "ShikraRD",
    "SLAKE",
    "SQuAD",
    "SST-2",
    "ST-VQA",
    "SuperGLUE",
    "SynthDoG",
    "SynthDoG-EN",
    "TextCaps",
    "TextVQA",
    "The Pile",
    "TriviaQA",
    "VATEX",
    "VCR",
    "Vicuna-Instructions",
    "VisDial",
    "Visual Genome",
    "Visual Spatial Reasoning",
    "VisualMRC",
    "Visual7W",
    "VizWiz",
    "VQA-RAD",
    "VQAv2",
    "VQA-v2",
    "VTAB",
    "WebLI",
    "WebText",
    "Wikipedia",
    "WikiText",
    "WinoGrande",
    "WIT",
    "WMT",
    "XNLI",
    "iVQA",
    "iNaturalist",
]
"""Names only; a name that is not among them is recognised by the words "data set" behind it."""

FIGURE = re.compile(
    r"(?<![\w./])(?<![A-Za-z]-)[~∼≈]?(\d+(?:[,.]\d+)*)\s?(%|percent\b|(?:[KMBT]|(?<=\d)[kmb]|bn|px|GB|TB|GPUs?|epochs?|layers?|(?:k|m|b)illion|million|billion|trillion)(?![\w]))?(?![\w])",
)
_FORMED = re.compile(r"(?<![\w/])(?=[\w+./-]*[A-Z])(?:[A-Za-z0-9]+(?:[-/.+_][A-Za-z0-9]+)*\+?)(?![\w])")
_CAPITAL = re.compile(r"(?<=[a-z0-9,;)] )([A-Z][a-z]{2,}(?: [A-Z][a-z]+)*)(?![\w-])")
_CALLED = re.compile(
    r"(?<![\w-])(?P<name>(?:[A-Z][\w+-]*[A-Z0-9][\w+-]*|[A-Z][\w+-]+(?: [A-Z][\w+-]+){1,2}))(?: \([^)]{1,40}\)| \[[\d, ]+\])?"
    r" (?:data ?sets?|corpus|corpora|benchmarks?)\b"
)
_NAMED = re.compile(
    r"\b(?:data ?set|corpus|benchmark) (?:called |named )?(?P<name>[A-Z][\w+-]*[A-Z0-9][\w+-]*)(?![\w-])"
)
_ORDINARY = frozenset(
    [
        "A",
        "An",
        "And",
        "As",
        "At",
        "But",
        "By",
        "For",
        "From",
        "If",
        "In",
        "Into",
        "It",
        "Its",
        "No",
        "Of",
        "On",
        "Or",
        "Our",
        "So",
        "That",
        "The",
        "Their",
        "These",
        "They",
        "This",
        "Those",
        "To",
        "Two",
        "Three",
        "We",
        "When",
        "Where",
        "Which",
        "While",
        "With",
        "Each",
        "Both",
        "Also",
        "However",
        "First",
        "Second",
        "Third",
        "Finally",
        "Then",
        "Thus",
        "Here",
    ]
)
_GENERIC = frozenset(
    [
        "AI",
        "API",
        "CNN",
        "CPU",
        "GPU",
        "GPUs",
        "ID",
        "LLM",
        "LLMs",
        "LM",
        "LMs",
        "LMM",
        "LMMs",
        "ML",
        "MLLM",
        "MLLMs",
        "MLP",
        "NLP",
        "OCR",
        "QA",
        "RNN",
        "SOTA",
        "SoTA",
        "TPU",
        "URL",
        "VLM",
        "VLMs",
        "VQA",
        "VL",
        "VLP",
        "Fig",
        "Figs",
        "Figure",
        "Figures",
        "Tab",
        "Table",
        "Tables",
        "Sec",
        "Section",
        "Sections",
        "Eq",
        "Equation",
        "Appendix",
        "Web-based",
        "English",
        "Chinese",
        "Internet",
    ]
)
"""What is no name of a model or a data set; a value may use these words freely."""


def figures(text: str) -> tuple[str, ...]:
    """Numbers, percentages and quantities in the order of the text, each once; the parts of names are not figures."""
    return _unique(match[0].lstrip("~∼≈").strip() for match in FIGURE.finditer(text))


def proper_names(text: str) -> tuple[str, ...]:
    """Names of models, data sets and the like, each once."""
    return _unique(_names(text))


def _names(text: str) -> Iterator[str]:
    for match in _FORMED.finditer(text):
        word = match[0].strip("./-_")
        inner_capital = any(char.isupper() for char in word[1:])
        has_both = any(char.isdigit() for char in word) and any(char.isalpha() for char in word)
        if FIGURE.fullmatch(word):
            continue
        if (inner_capital or has_both) and word.split(".")[0] not in _GENERIC and len(word) > 1:
            yield word
    for match in _CAPITAL.finditer(text):
        if match[1].split()[0] not in _ORDINARY and match[1] not in _GENERIC:
            yield match[1]


def data_sets(text: str) -> tuple[str, ...]:
    """Data sets named in a text, each once: the known ones, and what the text itself calls a data set."""
    known = [match[0] for match in _known().finditer(text)]
    called = [_without_article(match["name"]) for match in _CALLED.finditer(text)]
    named = [match["name"] for match in _NAMED.finditer(text)]
    return _unique(name for name in (*known, *called, *named) if name and name not in _GENERIC)


def _without_article(name: str) -> str:
    """The name behind an article; nothing when ordinary words stand inside it."""
    words = name.split()
    while words and words[0] in _ORDINARY:
        words.pop(0)
    is_plain = len(words) == 1 and not any(char.isupper() or char.isdigit() for char in words[0][1:])
    return "" if is_plain or _ORDINARY & set(words) else " ".join(words)


@cache
def _known() -> re.Pattern[str]:
    longest_first = sorted(KNOWN_DATA_SETS, key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![\w+]|-\w)")


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


@cache
def pattern(term: str) -> re.Pattern[str]:
    """Finds a figure or name in running text, whatever spaces and hyphens stand between its parts.

    Papers write "ViT-L/14" and "ViT L/14", "1,000" and "1000": the letters and
    digits must agree, in any case, and stand as a word of their own.
    """
    chunks = re.findall(r"[^\W\d_]+|\d+|[%.+](?=\d|$)", re.sub(r"(?<=\d),(?=\d{3})", "", term.casefold()))
    digits_with_commas = [re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",?", c) if c.isdigit() else re.escape(c) for c in chunks]
    body = (
        r"[\s\-–—‐_/,.()]*".join(digits_with_commas)
        if not FIGURE.fullmatch(term)
        else r"[\s-]*".join(digits_with_commas)
    )
    before = r"(?<![\w.])(?<!\d,)" if term[:1].isdigit() else r"(?<![^\W_])"
    return re.compile(before + body + r"(?:s|es)?(?![^\W_])(?![.,]\d)" if body else r"(?!)")
