"""The headings of an XLSForm's sheets: old and new spellings, and languages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from civic.surveys.xlsform.languages import code_of

# Spellings that mean the same column. Where a heading is none of these, it is compared as it is.
_SURVEY = {
    "command": "type",
    "tag": "name",
    "value": "name",
    "caption": "label",
    "relevance": "relevant",
    "bind:relevant": "relevant",
    "bind:required": "required",
    "bind:constraint": "constraint",
    "constraining_message": "constraint_message",
    "bind:jr:constraintmsg": "constraint_message",
    "jr:constraintmsg": "constraint_message",
    "calculate": "calculation",
    "bind:calculate": "calculation",
    "readonly": "read_only",
    "bind:readonly": "read_only",
    "control:appearance": "appearance",
    "body:appearance": "appearance",
    "requiredmsg": "required_message",
    "bind:jr:requiredmsg": "required_message",
    "repeat_count": "repeat_count",
    "jr:count": "repeat_count",
    "bind:entities:saveto": "save_to",
}
_CHOICES = {"list name": "list_name", "value": "name", "caption": "label"}
_SETTINGS = {
    "set_form_title": "form_title",
    "title": "form_title",
    "set_form_id": "form_id",
    "id_string": "form_id",
}
_ALIASES = {"survey": _SURVEY, "choices": _CHOICES, "settings": _SETTINGS}

TRANSLATED = {
    "survey": {"label", "hint", "why", "constraint_message", "required_message", "guidance_hint"},
    "choices": {"label"},
    "settings": {"form_title", "description", "consent", "thanks"},
}
MEDIA = {"image", "big-image", "audio", "video"}

KNOWN = {
    "survey": {
        *("type", "name", "label", "hint", "why", "required", "relevant", "constraint", "constraint_message"),
        *("default", "calculation", "choice_filter", "appearance", "parameters", "read_only", "disabled"),
        "max_characters",
    },
    "settings": {
        *("form_id", "form_title", "description", "default_language", "consent", "thanks", "anonymous"),
        *("opens", "closes"),
    },
}
# Columns that change nothing here and harm nobody: the house counts versions itself.
SILENT = {
    "survey": {"comment", "comments", "note", "notes", "version"},
    "settings": {"version", "style", "name", "instance_name", "allow_choice_duplicates", "namespaces"},
}


@dataclass(frozen=True)
class Column:
    """A heading as read: the field, its language (empty: the survey's own), and how it was written."""

    field: str
    language: str
    heading: str


def column(heading: str, sheet: str) -> Column:
    """What a heading stands for."""
    text = " ".join(heading.split())
    parts = [part.strip() for part in re.split(r"::|:", text)]
    aliases, translated = _ALIASES[sheet], TRANSLATED[sheet]
    for size in range(len(parts), 0, -1):
        name = ":".join(parts[:size]).lower()
        name = aliases.get(name, aliases.get(name.replace(" ", "_"), name.replace(" ", "_")))
        if name.startswith("media:"):
            name = name.removeprefix("media:")
        rest = " ".join(parts[size:])
        if name in translated or name in MEDIA:
            return Column(name, code_of(rest) if rest else "", heading)
        if size == len(parts) and (name in aliases.values() or name in KNOWN.get(sheet, ())):
            return Column(name, "", heading)
    return Column(text if sheet == "choices" else text.lower().replace(" ", "_"), "", heading)
