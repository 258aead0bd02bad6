"""A name of ``sdk`` goes in, what it stands for comes out: the SDK is loaded with the first that is asked for."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    from survey_extract.adapters.openai import sdk

    return getattr(sdk, name)
