"""Extra questions of a type, answered in the chat: read as the answers of surveys are."""

from __future__ import annotations

from datetime import datetime

from civic.service_requests.services import ServiceAttribute
from civic.understanding import Meaning, Option, Question, Vocabulary, read
from civic.understanding.types import Given, Move, Reading, Unclear, Value

Answer = str | list[str]

_TYPES = {
    "string": "text",
    "text": "text",
    "number": "decimal",
    "datetime": "datetime",
    "singlevaluelist": "select_one",
    "multivaluelist": "select_multiple",
}


def as_asked(attribute: ServiceAttribute) -> Question:
    """The extra question as the understanding of answers knows questions."""
    kind = _TYPES[attribute.datatype]
    if kind == "select_one" and {value.key for value in attribute.values} == {"yes", "no"}:
        kind = "yes_no"
    options = tuple(Option(value.key, value.name, value.words) for value in attribute.values)
    return Question(type=kind, options=options, required=attribute.required, text=attribute.description)


def hear(
    attribute: ServiceAttribute,
    typed: str,
    vocabulary: Vocabulary,
    meaning: Meaning | None = None,
    now: datetime | None = None,
    considered: tuple[Value, ...] = (),
) -> Reading:
    """What a typed message answers; what is only probable comes back as several values, never as one."""
    question = as_asked(attribute)
    if question.type == "text":
        return Given(typed.strip()) if typed.strip() else Unclear("text")
    answer = read(question, typed, vocabulary, meaning, now, considered)
    if question.type == "yes_no" and isinstance(answer, Unclear):
        named = read(Question("select_one", question.options), typed, vocabulary, meaning, now)
        answer = named if not isinstance(named, Move) else answer
    return Unclear("choice") if isinstance(answer, Move) else answer


def kept(value: Value) -> Answer:
    """The answer as a report keeps it, and as Open311 gives it out."""
    return list(value) if isinstance(value, tuple) else str(value)


def shown(attribute: ServiceAttribute, answer: Answer | Value) -> str:
    """The answer in words for people."""
    keys = [str(one) for one in answer] if isinstance(answer, list | tuple) else [str(answer)]
    return ", ".join(attribute.name_of(key) for key in keys)
