"""What may stand in an audit row: codes, numbers and yes or no, never anybody's words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from civic.audit.errors import UnfitForAudit

TAG = re.compile(r"[a-z_]+:[a-z_]+:[a-z_]+")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}")

Detail = str | int | float | bool | None


def fit_tag(tag: str) -> str:
    """The tag, if it reads `subject:verb:object`, e.g. `official:answer:enquiry`."""
    if not TAG.fullmatch(tag):
        raise UnfitForAudit(f"{tag!r} is not subject:verb:object.")
    return tag


def fit_details(details: Mapping[str, Detail] | None) -> dict[str, Detail]:
    """The details, if each is a number, a yes or no, or a code without spaces."""
    for key, value in (details or {}).items():
        if isinstance(value, str) and not CODE.fullmatch(value):
            # The value is not repeated here: this sentence may reach a log.
            raise UnfitForAudit(f"The detail {key!r} is not a code; texts stay out of the audit.")
        if not isinstance(value, Detail):
            raise UnfitForAudit(f"The detail {key!r} is a {type(value).__name__}.")
    return dict(details or {})
