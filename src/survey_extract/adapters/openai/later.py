"""A name from ``sdk`` goes in, what it names comes out: the SDK is loaded when the first one is asked for."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    from survey_extract.adapters.openai import sdk

    return getattr(sdk, name)
