"""Texts and fields go in, questions to a model come out, and their replies are read: start at prompt.py."""

from typing import Literal

Show = Literal["relevant", "everything"]
"""What a question shows of a long document. It stands here for the settings, which need nothing else of this package."""
