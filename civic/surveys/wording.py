"""Says to a designer what is wrong with a field, in words that need no programming."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rapidfuzz import fuzz, process

from civic.surveys.definition import Parameters


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """ "Did you mean 'label'?", or the other advice where nothing known is near."""
    found = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=65) if word else None
    return f"Did you mean {found[0]!r}?" if found else otherwise


def explain(detail: Any, model: type[Any]) -> tuple[str, str]:
    """Cause and remedy for one error of pydantic's."""
    kind, field = detail["type"], str(detail["loc"][-1]) if detail["loc"] else ""
    given = detail.get("input")
    match kind:
        case "missing":
            return f"{field!r} is missing", f"Add {field}: to it."
        case "extra_forbidden":
            if "parameters" in detail["loc"][:-1]:
                model = Parameters
            known = [name for name in model.model_fields if name != "choices"]
            return f"there is no field {field!r}", did_you_mean(field, known, f"Known: {', '.join(known)}.")
        case "string_pattern_mismatch":
            return (
                f"{given!r} is not a name",
                "Use letters, digits, - and _, a letter first (in a form_id no capitals and no _).",
            )
        case "bool_parsing" | "bool_type":
            return f"{given!r} is neither yes nor no", "Write yes or no."
        case "datetime_parsing" | "datetime_from_date_parsing" | "datetime_type":
            return f"{given!r} is not a date", "Write it like 2027-01-31 or 2027-01-31T18:00:00+00:00."
        case "int_parsing" | "int_type" | "int_from_float":
            return f"{given!r} is not a whole number", "Write a whole number."
        case "value_error" if "the text is empty" in detail["msg"]:
            return "the text is empty", "Write the text, or remove the field."
        case "dict_type" | "string_type":
            return "this is not a text", "Write a text, or one for each language: {en: ..., fr: ...}."
        case "model_type":
            return "this is not a set of fields", "Write it as name: value, one a line."
    return detail["msg"][:1].lower() + detail["msg"][1:], "Correct the value."
