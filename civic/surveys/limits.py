"""What a chat cannot do with a form, each with its reason: refused in words, never left out silently."""

from __future__ import annotations

# By code, why a form that other tools take is refused here. The designer's guide lists the same codes.
REASONS: dict[str, str] = {
    "repeat": "questions that are repeated any number of times",
    "external_data": "data from other files, servers or earlier answers of other people",
    "entities": "records shared between forms",
    "media": "sounds, films, files, barcodes and pictures",
    "geometry": "lines and shapes on a map",
    "moment": "a day and a time in one question",
    "device": "what only a device or an account knows",
    "external_app": "questions that another app answers",
    "drawing": "drawings and signatures",
    "calendar": "calendars other than the usual one",
    "trigger": "calculations that run on an event",
    "chance": "random numbers",
    "encryption": "answers encrypted by the form",
    "read_only": "a question that cannot be answered",
    "required_expression": "a question that is required only sometimes",
    "too_many_choices": "more choices than a chat can show",
    "too_long": "texts or names that are too long for a chat or a button",
    "alike": "two choices that people would call the same",
    "no_choices": "a list with fewer than two choices",
    "no_label": "a question or a choice without words",
    "asked_later": "a condition about a later question",
    "name_twice": "two rows of the same name",
    "name": "a name that cannot be used",
    "group": "a group that is not closed, or not open",
    "type": "a type of question that does not exist",
    "reference": "a name that no row has",
    "not_a_choice": "a comparison with a word that is no choice",
    "expression": "an expression that cannot be read",
    "constraint": "a constraint that cannot be satisfied, or says nothing when it is not",
    "parameters": "parameters that do not fit the type",
    "default": "a default that is no answer to its question",
    "calculation": "a calculation that is missing or goes in circles",
    "anonymous": "an anonymous survey with something that leads to a person",
    "no_questions": "no question at all",
    "unreadable": "a file that cannot be opened",
    "xlsform": "what XLSForm itself does not allow",
}

_MEDIA = "Ask for words or a photo instead."
_DEVICE = "Remove the row."

# Types of XLSForm that are refused: code, what it is, remedy.
REFUSED_TYPES: dict[str, tuple[str, str, str]] = {
    **dict.fromkeys(
        ("begin_repeat", "end_repeat", "begin_loop", "end_loop"),
        (
            "repeat",
            "a chat cannot repeat a group of questions",
            "Ask once for all, or ask how many and then about the most important one.",
        ),
    ),
    **dict.fromkeys(
        ("audio", "video", "file", "barcode", "background-audio", "osm"),
        ("media", "a chat survey takes no sounds, films, files or barcodes", _MEDIA),
    ),
    **dict.fromkeys(
        ("geotrace", "geoshape"),
        ("geometry", "a chat takes no lines or shapes on a map", "Ask for one point: type geopoint."),
    ),
    "datetime": (
        "moment",
        "a day and a time cannot be asked in one question",
        "Ask in two questions: type date, then type time.",
    ),
    **dict.fromkeys(
        ("select_one_from_file", "select_multiple_from_file", "select_one_external", "cascading_select"),
        ("external_data", "the choices are in another file", "Copy them to the sheet choices."),
    ),
    **dict.fromkeys(
        ("xml-external", "csv-external", "include"),
        ("external_data", "it takes in another file", "Copy what is needed into this form."),
    ),
    **dict.fromkeys(
        ("deviceid", "phonenumber", "simserial", "subscriberid", "username", "email", "audit"),
        ("device", "a chat knows no device and no account, and must not", _DEVICE),
    ),
    "start-geopoint": ("device", "a chat cannot read the place by itself", "Ask for it: type geopoint."),
}

# Appearances that change what is asked for; code, what it is, remedy.
REFUSED_APPEARANCES: dict[str, tuple[str, str, str]] = {
    **dict.fromkeys(
        ("draw", "annotate", "signature"),
        ("drawing", "a chat takes no drawings", "Take an ordinary photo: remove the appearance."),
    ),
    **dict.fromkeys(
        ("ethiopian", "coptic", "islamic", "bikram-sambat", "myanmar", "persian", "buddhist"),
        ("calendar", "only the Gregorian calendar is known", "Remove the appearance."),
    ),
    "printer": ("device", "a chat has no printer", "Remove the row."),
    "bearing": ("device", "a chat has no compass", "Ask in words: type text."),
    "image-map": ("media", "a picture cannot be pressed in a chat", "Name the choices in words."),
    "map": ("media", "choices cannot be shown on a map", "Name the choices in words."),
}

# Appearances that other tools lay a page out by. Nothing is lost without them; the designer is told so.
_LAYOUT = """
minimal horizontal horizontal-compact vertical compact quick quickcompact quick-compact columns columns-pack
columns-flex no-buttons likert list list-nolabel label table-list field-list summary w1 w2 w3 w4 w5 w6 w7
w8 w9 w10 autocomplete search multiline no-calendar month-year year numbers thousands-sep counter url masked
no-ticks picker rating distress new new-front new-rear selfie maps placement-map hide-input textarea
spinner keypad hidden-answer comment analog-scale show-scale no-collapse
"""
LAYOUT = frozenset(_LAYOUT.split())
