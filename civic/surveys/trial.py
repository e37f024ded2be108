"""One survey played without a chat: the real engine, understanding and words, and nothing stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from civic.conversation.types import Reply
from civic.kit.i18n import Catalogue
from civic.surveys import buttons
from civic.surveys.definition import SurveyDefinition
from civic.surveys.engine.path import current, place
from civic.surveys.engine.state import Answer, Given, SurveyState
from civic.surveys.engine.step import start, step
from civic.surveys.engine.types import TYPES
from civic.surveys.hearing import read
from civic.surveys.rendering import Rendering
from civic.understanding import Meaning, vocabulary

SESSION = "trial"
PHOTO = "(photo)"  # stands for a photo where nothing can be uploaded


@dataclass
class Trial:
    """A session in memory. `reply` is what the citizen sees."""

    definition: SurveyDefinition
    catalogue: Catalogue
    now: datetime
    language: str = "en"
    meaning: Meaning | None = None

    def __post_init__(self) -> None:
        first = start(self.definition)
        self.state: SurveyState = first.state
        self.reply = self._said(first.events)

    @property
    def over(self) -> bool:
        """Whether nothing more is asked."""
        return self.state.stage.over or self.state.paused

    @property
    def place(self) -> tuple[int, int]:
        """`(3, 8)` at the third question of eight."""
        return place(self.definition, self.state)

    def says(self, text: str) -> Reply:
        """Types something; words on a button press it."""
        wanted = text.strip().casefold()
        for choice in self.reply.choices:
            pressed = buttons.pressed(choice.value)
            if pressed and wanted in (choice.label.casefold(), choice.label.casefold().lstrip("✓ ")):
                return self.answers(pressed[1])
        question = current(self.definition, self.state)
        if question and TYPES[question.type].shares == "photo" and wanted == PHOTO:
            return self.answers(Given("photo"))
        words = vocabulary(self.catalogue, self.state.language or self.language)
        return self.answers(read(question, self.state, text, words, self.meaning, self.now))

    def answers(self, answer: Answer) -> Reply:
        """Takes an answer that is understood already."""
        after = step(self.definition, self.state, answer, self.now)
        self.state = after.state
        self.reply = self._said(after.events)
        return self.reply

    def _said(self, events: tuple[object, ...]) -> Reply:
        rendering = Rendering(self.definition, self.state, SESSION, self.language, self.catalogue.text)
        return rendering.reply(events)  # type: ignore[arg-type]


def as_lines(reply: Reply) -> list[str]:
    """A reply as a transcript has it: its lines, and its buttons in square brackets."""
    lines = [f"< {line}".rstrip() for line in reply.text.splitlines()]
    if reply.choices:
        lines.append("< " + " ".join(f"[{choice.label}]" for choice in reply.choices))
    return lines
