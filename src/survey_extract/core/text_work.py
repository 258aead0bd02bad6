"""Something to be done with texts goes in, its result comes out: in this process.

The texts are strangers'. A run does such work in workers that have limits
(``adapters.read.WorkerTexts``); this is for a text of one's own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class InThisProcess:
    """No limits; see ``core.ports.TextWork``."""

    def do(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do it here and now."""
        return work(*args, **kwargs)


HERE = InThisProcess()
