"""Says what happened in a survey: events in, one reply out, its words from the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from civic.conversation.types import Choice, Reply
from civic.surveys import buttons
from civic.surveys.definition import SurveyDefinition, SurveyQuestion
from civic.surveys.engine import state as engine
from civic.surveys.engine.state import CONSENT, Event, Move, SurveyState
from civic.surveys.engine.types import TYPES
from civic.surveys.engine.values import Value, as_text


class Text(Protocol):
    """Gives the words of a key in a language."""

    def __call__(self, key: str, language: str | None = None, **args: object) -> str: ...


@dataclass
class Rendering:
    """One reply in the making."""

    definition: SurveyDefinition
    state: SurveyState
    session_id: str
    language: str
    text: Text
    parts: list[str] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    status: str | None = None

    def reply(self, events: Sequence[Event]) -> Reply:
        """The reply to what happened."""
        for event in events:
            self._event(event)
        return Reply(text="\n\n".join(self.parts), choices=self.choices, status=self.status)

    def _event(self, event: Event) -> None:
        match event:
            case engine.ConsentAsked(total):
                consent = self.definition.consent.in_language(self.language)
                self._say("consent-asked", title=self._title, consent=consent, total=total)
                self._option(CONSENT, "yes", self._words("button-begin"))
                self._option(CONSENT, "no", self._words("button-decline"))
            case engine.Asked(name, number, total, toggled):
                self._ask(self.definition.by_name[name], number, total, toggled)
            case engine.Toggled(name, toggled):
                self._chosen(self.definition.by_name[name], toggled)
                self._buttons(self.definition.by_name[name], toggled)
            case engine.Kept(name, value, True):
                self._say("kept", answer=self.shown(self.definition.by_name[name], value))
            case engine.Refused(name, code, params):
                self._refused(name, code, params)
            case engine.Suggested(name, values):
                self._suggest(self.definition.by_name[name], values)
            case engine.Explained(name):
                self._explain(self.definition.by_name[name])
            case engine.StopAsked(name, answers):
                self._say("stop-asked", answers=answers)
                for what in (Move.STOP, Move.PAUSE, Move.GO_ON):
                    self._move(name, what, self._words(f"button-{what.value.replace('_', '-')}"))
            case engine.Resumed(number, total):
                consenting = self.state.stage is engine.Stage.CONSENT
                key = "resumed-consent" if consenting else "resumed"
                self._say(key, number=number, total=total, title=self._title)
            case engine.Noticed("finished"):
                self.parts.append(self.definition.thanks.in_language(self.language))
                self.status = "survey_completed"
            case engine.Noticed(code):
                self._say(code)

    def _words(self, key: str, **args: object) -> str:
        return self.text(f"surveys-{key}", self.language, **args)

    def _say(self, key: str, **args: object) -> None:
        self.parts.append(self._words(key, **args))

    @property
    def _title(self) -> str:
        return self.definition.title.in_language(self.language)

    def shown(self, question: SurveyQuestion, value: Value) -> str:
        """A value in the words of the question."""
        if question.type == "yes_no":
            return self._words(f"button-{value}")
        names = value if isinstance(value, tuple) else (as_text(value),)
        found = [question.choice(name) for name in names]
        labels = [choice.label.in_language(self.language) for choice in found if choice]
        return self._words("list-separator").join(labels) if labels else as_text(value)

    def _ask(self, question: SurveyQuestion, number: int, total: int, toggled: tuple[str, ...]) -> None:
        label = question.label.in_language(self.language)
        lines = [self._words("question", number=number, total=total, label=label)]
        if question.hint:
            lines.append(question.hint.in_language(self.language))
        for place, choice in enumerate(question.choices, start=1):
            text = choice.label.in_language(self.language)
            lines.append(self._words("option", number=place, label=text))
        if question.type == "select_multiple":
            lines.append(self._words("several"))
        if question.type == "range":
            numbers = question.parameters
            lines.append(self._words("scale", start=numbers.start, end=numbers.end))
        self.parts.append("\n".join(lines))
        if toggled:
            self._chosen(question, toggled)
        self._buttons(question, toggled)

    def _chosen(self, question: SurveyQuestion, toggled: tuple[str, ...]) -> None:
        if toggled:
            self._say("chosen", chosen=self.shown(question, toggled))
        else:
            self._say("several")

    def _buttons(self, question: SurveyQuestion, toggled: tuple[str, ...]) -> None:
        several = question.type == "select_multiple"
        for name in TYPES[question.type].options(question):
            label = self.shown(question, name)
            if not several:
                self._option(question.name, name, label)
            elif name in toggled:
                self._option(question.name, name, self._words("button-chosen", label=label), "-")
            else:
                self._option(question.name, name, label, "+")
        if several and toggled:
            self._move(question.name, Move.DONE, self._words("button-done"))
        if not question.required:
            self._move(question.name, Move.SKIP, self._words("button-skip"))
        if self.state.answers:
            self._move(question.name, Move.BACK, self._words("button-back"))

    def _suggest(self, question: SurveyQuestion, values: tuple[Value, ...]) -> None:
        if len(values) == 1:
            self._say("suggested-one", answer=self.shown(question, values[0]))
        else:
            self._say("suggested-several")
        for value in values:
            option = " ".join(value) if isinstance(value, tuple) else as_text(value)
            label = self._words("button-yes") if len(values) == 1 else self.shown(question, value)
            self._option(question.name, option, label)
        self._move(question.name, Move.REPEAT, self._words("button-none-of-these"))

    def _refused(self, name: str, code: str, params: dict[str, Value]) -> None:
        question = self.definition.by_name.get(name)
        if code == "constraint" and question and question.constraint_message:
            self.parts.append(question.constraint_message.in_language(self.language))
            return
        optional = "yes" if question and not question.required else "no"
        numbers = {"start": question.parameters.start, "end": question.parameters.end} if question else {}
        self._say(f"refused-{code.replace('_', '-')}", optional=optional, **{**numbers, **params})

    def _explain(self, question: SurveyQuestion) -> None:
        if question.why:
            self.parts.append(question.why.in_language(self.language))
        else:
            self._say("why-unknown", optional="no" if question.required else "yes")

    def _option(self, question: str, name: str, label: str, sign: str = "=") -> None:
        value = buttons.option(self.session_id, question, name, sign)
        self.choices.append(Choice(label=label[:120], value=value))

    def _move(self, question: str, what: Move, label: str) -> None:
        self.choices.append(Choice(label=label, value=buttons.move(self.session_id, question, what)))
