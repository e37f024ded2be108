"""Says what happened in a survey: events in, one reply out, its words from the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from civic.conversation.types import Choice, Reply, Request, Widget
from civic.surveys import buttons
from civic.surveys.checks import PIPED
from civic.surveys.definition import SurveyDefinition, SurveyQuestion, Words
from civic.surveys.engine import state as engine
from civic.surveys.engine.scope import Scope
from civic.surveys.engine.state import CONSENT, Event, Move, SurveyState
from civic.surveys.engine.types import TYPES
from civic.surveys.engine.values import Value, as_text
from civic.surveys.speaking import language_for, own_name

# More of them are easier to read as a list, or to set on a slider.
BUTTONS_IN_A_ROW = 5
MOST_ON_A_SLIDER = 100
MOST_LANGUAGES = 8


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
    request: Request | None = None
    widget: Widget | None = None
    replaces: bool = False

    def __post_init__(self) -> None:
        self.language = self.state.language or self.language

    def reply(self, events: Sequence[Event]) -> Reply:
        """The reply to what happened."""
        for event in events:
            self._event(event)
        return Reply(
            text="\n\n".join(self.parts),
            choices=self.choices,
            status=self.status,
            request=self.request,
            widget=self.widget,
            replaces=self.replaces and len(events) == 1,
        )

    def _event(self, event: Event) -> None:
        match event:
            case engine.ConsentAsked(total):
                own = self.definition.consent
                consent = own.in_language(self.language) if own else self._words("consent-default")
                self._say("consent-asked", title=self._title, consent=consent, total=total)
                self._option(CONSENT, "yes", self._words("button-begin"))
                self._option(CONSENT, "no", self._words("button-decline"))
                self._other_languages()
            case engine.Asked(name, number, total, toggled, proposed):
                self._ask(self._question(name), number, total, toggled, proposed)
            case engine.Told(name):
                self.parts.append(self._filled(self.definition.by_name[name].label))
            case engine.Toggled(name, toggled):
                self.replaces = True
                self._chosen(self._question(name), toggled)
                self._buttons(self._question(name), toggled)
            case engine.Kept(name, value, True, other):
                self._say("kept", answer=self._with_words(self.definition.by_name[name], value, other))
            case engine.Refused(name, code, params):
                self._refused(name, code, params)
            case engine.Suggested(name, values, other):
                self._suggest(self.definition.by_name[name], values, other)
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
                own = self.definition.thanks
                self.parts.append(self._filled(own) if own else self._words("thanks-default"))
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

    def _other_languages(self) -> None:
        spoken = language_for(self.definition, self.language)
        for code in self.definition.languages[:MOST_LANGUAGES]:
            if code != spoken:
                value = buttons.speak(self.session_id, CONSENT, code)
                self.choices.append(Choice(label=own_name(code), value=value))

    def _question(self, name: str) -> SurveyQuestion:
        """The question with the choices that it has now."""
        return Scope(self.definition, self.state).narrowed(self.definition.by_name[name])

    def _filled(self, words: Words) -> str:
        """A designer's text with the answers that it names."""
        text = words.in_language(self.language)
        if "${" not in text:
            return text
        scope = Scope(self.definition, self.state)

        def answer(name: str) -> str:
            value, question = scope.get(name), self.definition.by_name.get(name)
            return "" if value is None else self.shown(question, value) if question else as_text(value)

        return PIPED.sub(lambda found: answer(found[1]), text)

    def shown(self, question: SurveyQuestion, value: Value) -> str:
        """A value in the words of the question."""
        if question.type == "yes_no":
            return self._words(f"button-{value}")
        if question.type == "acknowledge":
            return self._words("button-acknowledge")
        if question.type == "image":
            return self._words("a-photo")
        if question.type == "date":
            return self._date(as_text(value))
        names = value if isinstance(value, tuple) else (as_text(value),)
        found = [question.choice(name) for name in names]
        labels = [choice.label.in_language(self.language) for choice in found if choice]
        return self._words("list-separator").join(labels) if labels else as_text(value)

    def _date(self, value: str) -> str:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return value
        weekdays = self._words("weekdays").split(",")
        months = self._words("months").split(",")
        return self._words(
            "date",
            weekday=weekdays[day.weekday()].strip(),
            day=str(day.day),
            month=months[day.month - 1].strip(),
            year=str(day.year),
        )

    def _ask(
        self,
        question: SurveyQuestion,
        number: int,
        total: int,
        toggled: tuple[str, ...],
        proposed: Value | None,
    ) -> None:
        kind = TYPES[question.type]
        self.request = kind.shares
        label = self._filled(question.label)
        lines = [self._words("question", number=number, total=total, label=label)]
        if question.hint:
            lines.append(self._filled(question.hint))
        for place, choice in enumerate(question.choices, start=1):
            text = choice.label.in_language(self.language)
            lines.append(self._words("option", number=place, label=text))
        if kind.several:
            lines.append(self._words("ranking" if question.type == "rank" else "several"))
        if question.type in ("date", "time", "geopoint", "image"):
            lines.append(self._words(f"how-{question.type}"))
        if question.type == "range":
            numbers = question.parameters
            lines.append(self._words("scale", start=numbers.start, end=numbers.end))
        self.parts.append("\n".join(lines))
        if toggled:
            self._chosen(question, toggled)
        if proposed is not None:
            label = self._words("button-keep", answer=self.shown(question, proposed))
            self._move(question.name, Move.KEEP, label[:120])
        self._buttons(question, toggled)

    def _chosen(self, question: SurveyQuestion, toggled: tuple[str, ...]) -> None:
        if toggled:
            self._say("chosen", chosen=self.shown(question, toggled))
        else:
            self._say("ranking" if question.type == "rank" else "several")

    def _form(self, question: SurveyQuestion, toggled: tuple[str, ...], first: int) -> None:
        """Where a form is better than buttons: several answers, a long list, a long scale."""
        kind, pressed = TYPES[question.type], tuple(choice.label for choice in self.choices[first:])
        labels = [self.shown(question, name) for name in kind.options(question)]
        if question.type == "range":
            numbers = question.parameters
            steps = (numbers.end - numbers.start) / numbers.step
            if BUTTONS_IN_A_ROW <= steps <= MOST_ON_A_SLIDER:
                self.widget = Widget(
                    kind="scale",
                    start=numbers.start,
                    end=numbers.end,
                    step=numbers.step,
                    stands_for=list(pressed[: len(labels)]),
                )
        elif question.type == "select_multiple":
            done = [self._words("button-done")] if toggled else []
            chosen = [self.shown(question, name) for name in toggled]
            stands_for = [*pressed[: len(labels)], *done]
            self.widget = Widget(kind="several", options=labels, chosen=chosen, stands_for=stands_for)
        elif question.type == "select_one" and len(labels) > BUTTONS_IN_A_ROW:
            self.widget = Widget(kind="one", options=labels, stands_for=labels)

    def _buttons(self, question: SurveyQuestion, toggled: tuple[str, ...]) -> None:
        several, first = TYPES[question.type].several, len(self.choices)
        for name in TYPES[question.type].options(question):
            label = self.shown(question, name)
            if not several:
                self._option(question.name, name, label)
            elif name in toggled:
                mark = "button-ranked" if question.type == "rank" else "button-chosen"
                place = toggled.index(name) + 1
                self._option(question.name, name, self._words(mark, label=label, place=place), "-")
            else:
                self._option(question.name, name, label, "+")
        self._form(question, toggled, first)
        if several and toggled and question.type != "rank":
            self._move(question.name, Move.DONE, self._words("button-done"))
        if not question.required:
            self._move(question.name, Move.SKIP, self._words("button-skip"))
        if self.state.answers:
            self._move(question.name, Move.BACK, self._words("button-back"))

    def _with_words(self, question: SurveyQuestion, value: Value, other: str | None) -> str:
        shown = self.shown(question, value)
        return shown if other is None else self._words("other", choice=shown.rstrip(":…. "), words=other)

    def _suggest(self, question: SurveyQuestion, values: tuple[Value, ...], other: str | None = None) -> None:
        if len(values) == 1:
            self._say("suggested-one", answer=self._with_words(question, values[0], other))
        else:
            self._say("suggested-several")
        for place, value in enumerate(values, start=1):
            option = " ".join(value) if isinstance(value, tuple) else as_text(value)
            own = other if place == len(values) else None  # the choice Other stands last
            label = self._with_words(question, value, own)
            label = self._words("button-yes") if len(values) == 1 else label
            self._option(question.name, option, label)
        self._move(question.name, Move.REPEAT, self._words("button-none-of-these"))

    def _refused(self, name: str, code: str, params: dict[str, Value]) -> None:
        question = self.definition.by_name.get(name)
        if code == "constraint" and question and question.constraint_message:
            self.parts.append(self._filled(question.constraint_message))
            return
        optional = "yes" if question and not question.required else "no"
        numbers = {"start": question.parameters.start, "end": question.parameters.end} if question else {}
        self._say(f"refused-{code.replace('_', '-')}", optional=optional, **{**numbers, **params})

    def _explain(self, question: SurveyQuestion) -> None:
        if question.why:
            self.parts.append(self._filled(question.why))
        else:
            self._say("why-unknown", optional="no" if question.required else "yes")

    def _option(self, question: str, name: str, label: str, sign: str = "=") -> None:
        value = buttons.option(self.session_id, question, name, sign)
        self.choices.append(Choice(label=label[:120], value=value))

    def _move(self, question: str, what: Move, label: str) -> None:
        self.choices.append(Choice(label=label, value=buttons.move(self.session_id, question, what)))
