"""The types of an XLSForm, in all of their spellings, as our types."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SELECTS = {
    "select_one": (
        "select_one",
        "select one from",
        "select one using",
        "select one",
        "select1",
        "add select one prompt using",
        "q select1",
    ),
    "select_multiple": (
        "select_multiple",
        "select all that apply from",
        "select all that apply",
        "select multiple from",
        "select multiple using",
        "select multiple",
        "add select multiple prompt using",
        "q select",
    ),
    "rank": ("rank",),
}
_PREFIXES = sorted(
    ((spelling, kind) for kind, spellings in _SELECTS.items() for spelling in spellings),
    key=lambda pair: -len(pair[0]),
)
_OTHER = re.compile(r"\s+(?:or specify other|or_other|or other)$", re.IGNORECASE)
_SIMPLE = {
    "string": "text",
    "phone number": "text",
    "int": "integer",
    "photo": "image",
    "picture": "image",
    "location": "geopoint",
    "gps": "geopoint",
    "trigger": "acknowledge",
    "date time": "datetime",
    "imei": "deviceid",
    "device id": "deviceid",
    "subscriber id": "subscriberid",
    "sim id": "simserial",
    "begin group": "begin_group",
    "end group": "end_group",
    "begin repeat": "begin_repeat",
    "end repeat": "end_repeat",
    "end loop": "end_loop",
    "background-geopoint": "start-geopoint",
}
_OF_TIME = {
    "today": "today()",
    "start": "once(now())",
    "end": "now()",
    "start time": "once(now())",
    "end time": "now()",
}
_PARAMETER = re.compile(r"([A-Za-z_-]+)\s*=\s*([^\s,;]+)")


@dataclass(frozen=True)
class RowType:
    """What a type column says: our type with its list, whether "other" may be typed, a calculation."""

    type: str
    or_other: bool = False
    calculation: str | None = None
    constraint: str | None = None


def row_type(written: str) -> RowType:
    """The type that is meant."""
    text = " ".join(written.split())
    low = text.lower()
    for spelling, kind in _PREFIXES:
        if low.startswith(spelling + " "):
            if kind != "rank" and re.match(r"\S*_from_file\b|from file\b", low[len(spelling) :].lstrip()):
                return RowType(f"{kind}_from_file")
            rest = text[len(spelling) :].strip()
            return RowType(f"{kind} {_OTHER.sub('', rest)}", or_other=bool(_OTHER.search(text)))
    if low.startswith(("begin loop", "begin_loop", "begin repeat", "begin_repeat")):
        return RowType("begin_repeat")
    if "from_file" in low or "from file" in low:
        return RowType("select_one_from_file")
    if low.startswith(("select_one_external", "select one external", "cascading")):
        return RowType("select_one_external")
    if low.startswith("include"):
        return RowType("include")
    low = re.sub(r"^(?:q|get|uri:)\s*(?=\S)", "", low) if re.match(r"(?:q|get)\s|uri:", low) else low
    low = re.sub(r"^add (.+) prompt$", r"\1", low)
    if low in _OF_TIME:
        return RowType("calculate", calculation=_OF_TIME[low])
    if low == "percentage":
        return RowType("integer", constraint=". >= 0 and . <= 100")
    return RowType(_SIMPLE.get(low, low))


def parameters(written: str) -> dict[str, str]:
    """`start=1 end=5` as fields."""
    return {name.lower().replace("-", "_"): value for name, value in _PARAMETER.findall(written)}
