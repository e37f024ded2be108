"""What an expression sees: answers so far, calculations worked out when looked at, and the hour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from civic.surveys.definition import SurveyChoice, SurveyDefinition, SurveyQuestion
from civic.surveys.engine.expressions import holds, value_of
from civic.surveys.engine.state import SurveyState
from civic.surveys.engine.types import TYPES
from civic.surveys.engine.values import Value


class Scope(Mapping[str, "Value | None"]):
    """The values of one state. A calculation has a value only where its own condition holds."""

    def __init__(self, definition: SurveyDefinition, state: SurveyState, now: datetime | None = None) -> None:
        self.definition = definition
        self.state = state
        self.now = now or state.at
        self._values: dict[str, Value | None] = dict(state.values)
        self._working: set[str] = set()

    def __getitem__(self, name: str) -> Value | None:
        if name in self._values:
            return self._values[name]
        if name in ("today()", "now()"):
            if self.now is None:
                return None
            return (
                self.now.date().isoformat() if name == "today()" else self.now.isoformat(timespec="seconds")
            )
        question = self.definition.by_name.get(name)
        if question is None or not TYPES[question.type].worked_out or name in self._working:
            return None
        self._working.add(name)
        self._values[name] = self._worked_out(question) if self.reached(question) else None
        self._working.discard(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.definition.by_name)

    def __len__(self) -> int:
        return len(self.definition.by_name)

    def _worked_out(self, question: SurveyQuestion) -> Value | None:
        source = question.calculation or question.default
        if source is None:
            return None
        return value_of(source, self) if question.calculation or _computed(source) else source

    @property
    def at_start(self) -> Scope:
        """The same values at the hour at which the session began, for `once()`."""
        return Scope(self.definition, self.state, self.state.started)

    def label(self, name: str, choice: str) -> str:
        """What a choice is called in the survey's own language, for `jr:choice-name()`."""
        question = self.definition.by_name.get(name)
        found = question.choice(choice) if question else None
        return found.label.in_language(self.definition.language) if found else choice

    def reached(self, question: SurveyQuestion) -> bool:
        """Whether everything holds on which the row depends."""
        return all(holds(source, self) for source in self.definition.conditions[question.name])

    def narrowed(self, question: SurveyQuestion) -> SurveyQuestion:
        """The question with the choices that its `choice_filter` leaves."""
        source = question.choice_filter
        if source is None:
            return question
        left = tuple(choice for choice in question.choices if holds(source, _OfChoice(self, choice)))
        return question.model_copy(update={"choices": left})

    def default(self, question: SurveyQuestion) -> Value | None:
        """The answer that the designer proposes."""
        source = question.default
        if source is None or not TYPES[question.type].asked:
            return None
        return value_of(source, self) if _computed(source) else source


class _OfChoice(dict[str, "Value | None"]):
    """The values, with the columns of one choice: `.region` is its column `region`."""

    def __init__(self, scope: Scope, choice: SurveyChoice) -> None:
        super().__init__({f".{column}": value for column, value in choice.more.items()})
        self[".name"] = choice.name
        self._scope = scope

    def get(self, name: str, default: Value | None = None) -> Value | None:  # type: ignore[override]
        return self[name] if name in self else self._scope.get(name, default)


def _computed(source: str) -> bool:
    """Whether a default is worked out and not simply written: `today()`, `${name}`."""
    return "${" in source or source.rstrip().endswith(")")
