"""What is different between two versions of a survey, in a designer's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from civic.surveys.definition import SurveyDefinition, SurveyQuestion, Words

What = Literal["added", "removed", "changed", "moved"]

# The fields of a question, and what a designer calls them; the logic is what decides who is asked what.
FIELDS = {
    "type": "type",
    "label": "question",
    "hint": "hint",
    "why": "why it is asked",
    "required": "required",
    "relevant": "asked only if",
    "constraint": "accepted only if",
    "constraint_message": "said when it is not",
    "default": "proposed answer",
    "calculation": "calculation",
    "choice_filter": "which choices are left",
    "appearance": "appearance",
    "group": "group",
    "parameters": "numbers",
}
SETTINGS = {
    "title": "title",
    "description": "description",
    "language": "language",
    "consent": "consent",
    "thanks": "thanks",
    "anonymous": "anonymous",
    "opens": "opens",
    "closes": "closes",
}


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was. `question` and `choice` say where; neither: in the settings.

    `breaks`: answers given before cannot be compared with those given from now on.
    """

    what: What
    question: str | None = None
    choice: str | None = None
    field: str | None = None
    before: str | None = None
    after: str | None = None
    breaks: bool = False


def differences(before: SurveyDefinition, after: SurveyDefinition) -> list[Difference]:
    """Everything that changed: settings first, then the questions in their new order, then those removed."""
    found = [
        Difference("changed", field=field, before=old, after=new)
        for name, words in SETTINGS.items()
        for field, old, new in _fields(words, getattr(before, name), getattr(after, name))
    ]
    found += _group_conditions(before, after)
    for question in after.questions:
        old_question = before.by_name.get(question.name)
        if old_question is None:
            found.append(Difference("added", question.name, after=_said(question.label)))
        else:
            found += _question(old_question, question)
    found += [
        Difference("removed", question.name, before=_said(question.label))
        for question in before.questions
        if question.name not in after.by_name
    ]
    found += [Difference("moved", name) for name in _moved(before, after)]
    return found


def _question(before: SurveyQuestion, after: SurveyQuestion) -> Iterator[Difference]:
    for name, words in FIELDS.items():
        for field, old, new in _fields(words, getattr(before, name), getattr(after, name)):
            yield Difference("changed", after.name, None, field, old, new, breaks=name == "type")
    olds = {choice.name: choice for choice in before.choices}
    news = {choice.name: choice for choice in after.choices}
    for name, choice in news.items():
        if name not in olds:
            yield Difference("added", after.name, name, after=_said(choice.label))
            continue
        for part, words in (("label", "words"), ("also", "other words"), ("more", "columns")):
            for field, old, new in _fields(words, getattr(olds[name], part), getattr(choice, part)):
                yield Difference("changed", after.name, name, field, old, new)
    for name, choice in olds.items():
        if name not in news:
            yield Difference("removed", after.name, name, before=_said(choice.label), breaks=True)
    kept = [name for name in news if name in olds]
    if kept != [name for name in olds if name in news]:
        yield Difference("moved", after.name, field="choices")


def _fields(words: str, before: Any, after: Any) -> Iterator[tuple[str, str | None, str | None]]:
    """What differs in a field: its name, the old and the new; of a text, each language by itself."""
    if isinstance(before, Words) and isinstance(after, Words):
        for language in dict.fromkeys([*before.root, *after.root]):
            old, new = before.root.get(language), after.root.get(language)
            if old != new:
                yield f"{words} ({language})" if language else words, old, new
    elif before != after:
        yield words, _said(before), _said(after)


def _group_conditions(before: SurveyDefinition, after: SurveyDefinition) -> Iterator[Difference]:
    """Conditions of groups count for every question inside, and stand in none of them."""
    olds = {group.name: group.relevant for group in before.groups}
    news = {group.name: group.relevant for group in after.groups}
    for name in [*news, *(one for one in olds if one not in news)]:
        old, new = olds.get(name), news.get(name)
        if old != new:
            yield Difference("changed", field=f"group {name}: asked only if", before=old, after=new)


def _moved(before: SurveyDefinition, after: SurveyDefinition) -> list[str]:
    """The fewest questions whose moving explains the new order."""
    places = before.places
    names = [question.name for question in after.questions if question.name in places]
    # What stays is the longest run of questions that are still in their old order.
    runs: list[tuple[str, ...]] = [()]
    for name in names:
        earlier = [run for run in runs if not run or places[run[-1]] < places[name]]
        runs.append((*_longest(earlier), name))
    stays = set(_longest(runs))
    return [name for name in names if name not in stays]


def _longest(runs: list[tuple[str, ...]]) -> tuple[str, ...]:
    return sorted(runs, key=lambda run: -len(run))[0]


def _said(value: Any) -> str | None:
    if value is None or value == () or value == {}:
        return None
    if isinstance(value, Words):
        own = value.root
        if set(own) == {""}:
            return own[""]
        return "\n".join(f"{language or 'own language'}: {text}" for language, text in own.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {text}" for name, text in value.items())
    if hasattr(value, "model_dump"):
        return ", ".join(f"{name} {number}" for name, number in value.model_dump().items())
    return str(value)
