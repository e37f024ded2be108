"""How far a share or an average may be off by chance alone: intervals of 95 %, pure.

A share: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of
the American Statistical Association 22 (1927), which L. Brown, T. Cai and A. DasGupta, "Interval estimation
for a binomial proportion", Statistical Science 16 (2001), recommend, for small groups too. An average:
Student's t, its quantile by the expansion 26.7.5 of Abramowitz and Stegun (1964).
"""

from __future__ import annotations

import math

Z = 1.959963984540054


def share(count: int, of: int) -> tuple[float, float]:
    """Where the share of everybody lies, had those asked been drawn by lot."""
    if not of:
        return 0.0, 1.0
    p, zz = count / of, Z * Z
    middle = (p + zz / (2 * of)) / (1 + zz / of)
    half = Z / (1 + zz / of) * math.sqrt(p * (1 - p) / of + zz / (4 * of * of))
    return max(0.0, middle - half) if count else 0.0, min(1.0, middle + half) if count < of else 1.0


def average(mean: float, deviation: float, of: int) -> tuple[float, float] | None:
    """Where the average of everybody lies; None where one answer says nothing about it."""
    if of < 2:
        return None
    half = _t(of - 1) * deviation / math.sqrt(of)
    return mean - half, mean + half


def _t(freedom: int) -> float:
    """The 97.5 % quantile of Student's t; exact where the expansion is not good enough."""
    exact = {1: 12.7062, 2: 4.3027, 3: 3.1824, 4: 2.7764, 5: 2.5706}
    if freedom in exact:
        return exact[freedom]
    z, f = Z, freedom
    return (
        z
        + (z**3 + z) / (4 * f)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * f**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * f**3)
    )
