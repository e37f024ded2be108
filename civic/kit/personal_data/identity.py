"""National identity, tax and health numbers: by their pattern, and by check digits where there are any."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.gb import nhs, utr
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.pl import pesel
from stdnum.us import ssn


@dataclass(frozen=True)
class Number:
    """A kind of number: `named` are words that must stand before one whose digits alone say too little."""

    pattern: re.Pattern[str]
    valid: Callable[[Any], bool] | None = None
    named: re.Pattern[str] | None = None
    region: str | None = None


def _of(
    pattern: str, valid: Callable[[Any], bool] | None = None, named: str = "", region: str = ""
) -> Number:
    return Number(
        re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE),
        valid,
        re.compile(rf"\b(?:{named})\b[^\d\n]{{0,25}}$", re.IGNORECASE) if named else None,
        region or None,
    )


NUMBERS = (
    # United Kingdom: National Insurance, driving licence, NHS, tax reference.
    _of(r"(?!bg|gb|nk|kn|tn|nt|zz)[abceghj-prstw-z][abceghj-nprstw-z] ?(?:\d{2} ?){3}[a-d]"),
    _of(r"[a-z9]{5} ?\d{6} ?[a-z9]{2}\d ?[a-z]{2}"),
    _of(r"\d{3}[ -]\d{3}[ -]\d{4}", nhs.is_valid, region="GB"),
    _of(r"\d{10}", nhs.is_valid, "nhs(?: number| no)?"),
    _of(r"\d{10}k?", utr.is_valid, "utr|tax reference|taxpayer reference"),
    # Elsewhere; those with a letter and a check digit are hardly ever anything else.
    _of(r"[a-z]{6}\d{2}[a-ehlmprst]\d{2}[a-z]\d{3}[a-z]", codicefiscale.is_valid),
    _of(r"\d{8}-?[a-z]", dni.is_valid),
    _of(r"[xyz]-?\d{7}-?[a-z]", nie.is_valid),
    _of(r"[12] ?\d{2} ?\d{2} ?\d[\dab] ?\d{3} ?\d{3} ?\d{2}", nir.is_valid),
    _of(r"\d{3}-\d{2}-\d{4}", ssn.is_valid),
    _of(r"\d{11}", pesel.is_valid, "pesel"),
    _of(r"\d{11}", pesel.is_valid, region="PL"),
    _of(r"\d{2} ?\d{3} ?\d{3} ?\d{3}", idnr.is_valid, "steuer-?id\\w*|tax id|idnr"),
    _of(r"\d{9}", bsn.is_valid, "bsn|burgerservicenummer"),
    # Without any check digit a number counts only where it is named.
    _of(r"\d{9}|[a-z]{2}\d{7}", None, "passport(?: number| no\\.?| nr\\.?)?(?: is)?"),
    _of(
        r"[a-z0-9]{6,14}",
        lambda text: any(s.isdigit() for s in text),
        "(?:id|identity) card (?:number|no\\.?)(?: is)?",
    ),
)


def identity_numbers(text: str, region: str) -> Iterator[tuple[int, int]]:
    """Start and end of every identity number in a text."""
    for number in NUMBERS:
        if number.region and number.region != region:
            continue
        for match in number.pattern.finditer(text):
            if number.named and not number.named.search(text, 0, match.start()):
                continue
            if number.valid is None or number.valid(match.group()):
                yield match.span()
