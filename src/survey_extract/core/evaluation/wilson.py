"""How often something was so goes in; the share with its 95 % interval comes out.

Wilson's interval holds where the plain one fails: with few trials, and near 0
and 1, where it neither shrinks to nothing nor leaves the range. E. B. Wilson,
"Probable inference, the law of succession, and statistical inference",
Journal of the American Statistical Association 22 (1927), 209-212.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Z = 1.959963984540054
"""The 97.5 % quantile of the normal distribution: 95 % lie between it and its negative."""
FEW = 10
"""Trials below which no percentage is shown: even 9 of 9 leave a third of the range open."""


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``of``; both may be halves, as those of an F1. Without trials there is no share, and the interval is all."""

    hits: float
    of: float

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None without trials."""
        return self.hits / self.of if self.of else None

    @property
    def is_few(self) -> bool:
        return self.of < FEW

    @property
    def interval(self) -> tuple[float, float]:
        """The lower and the upper end, between 0 and 1."""
        if not self.of:
            return 0.0, 1.0
        share, square = self.hits / self.of, Z * Z / self.of
        middle = (share + square / 2) / (1 + square)
        half = math.sqrt(share * (1 - share) * square + square * square / 4) / (1 + square)
        return (0.0 if self.hits == 0 else middle - half), (1.0 if self.hits == self.of else middle + half)
