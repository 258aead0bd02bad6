"""A folder of PDFs goes in; how long the engine without a model takes for each comes out.

    python benchmarks/answer.py ../shared/papers

The target is well under 100 ms for a paper of usual length, all fields
together; the best of the rounds counts.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from survey_extract.adapters.extractive_engine import ExtractiveEngine
from survey_extract.adapters.fields_toml import default_fields
from survey_extract.adapters.pdf.reader import read_pdf
from survey_extract.core.paper_text import PaperText

ROUNDS = 3


def milliseconds(engine: ExtractiveEngine, text: PaperText) -> float:
    """The time for all fields of one paper."""
    began = time.perf_counter()
    engine.ask("benchmark", text, default_fields().asked)
    return 1000 * (time.perf_counter() - began)


def main(folder: Path) -> None:
    engine = ExtractiveEngine()
    for path in sorted(folder.glob("*.pdf")):
        text = read_pdf(path.read_bytes())
        best = min(milliseconds(engine, text) for _ in range(ROUNDS))
        print(f"{path.name:20} {len(text.pages):4} pages {len(text.citable()):6} sentences {best:7.0f} ms")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/papers"))
