"""Thousands of imagined people answer a survey, with slips and in other words, before anybody real does."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from civic.kit.i18n import Catalogue
from civic.surveys.advice import samples
from civic.surveys.definition import SurveyDefinition, SurveyQuestion
from civic.surveys.engine.expressions import holds
from civic.surveys.engine.path import current
from civic.surveys.engine.scope import Scope
from civic.surveys.engine.state import CONSENT, Given, Move, Pressed, Stage, SurveyState, Unsure
from civic.surveys.engine.step import start, step
from civic.surveys.engine.types import TYPES
from civic.surveys.engine.values import Value, as_text
from civic.surveys.hearing import read
from civic.surveys.imagined import OPEN, phrase
from civic.surveys.rehearsed import (
    READ_WORDS_A_MINUTE,
    SECONDS_A_PRESS,
    SECONDS_TO_THINK,
    TYPED_WORDS_A_MINUTE,
    QuestionRehearsed,
    Rehearsal,
)
from civic.understanding import vocabulary

MOST_TRIES = 8
LEAVES = 0.01  # who falls silent, at each question
LOOKS_BACK = 0.02
SKIPS = 0.15


def rehearse(
    definition: SurveyDefinition,
    catalogue: Catalogue,
    *,
    respondents: int,
    seed: int,
    now: datetime,
    language: str = "en",
    progress: Callable[[], None] = lambda: None,
) -> Rehearsal:
    """Plays the survey that often. The same seed gives the same report."""
    report = Rehearsal(respondents, seed)
    for question in definition.questions:
        if TYPES[question.type].asked:
            report.questions[question.name] = QuestionRehearsed()
    for number in range(respondents):
        chance = random.Random(f"{seed}:{number}")  # nosec: imagined people, not secrets
        _Respondent(definition, catalogue, language, now, chance, report).answer_all()
        progress()
    _coverage(definition, report)
    return report


def _coverage(definition: SurveyDefinition, report: Rehearsal) -> None:
    taken = total = 0
    most = max((one.asked for one in report.questions.values()), default=0)
    for name, one in report.questions.items():
        question = definition.by_name[name]
        if not one.asked:
            report.never_asked.append(name)
        if definition.conditions[name]:
            total += 2
            taken += (one.asked > 0) + (one.asked < most)
        for option in TYPES[question.type].options(question):
            total += 1
            taken += one.values[option] > 0
            if one.asked and not one.values[option]:
                report.never_chosen.append(f"{name}: {option}")
    report.branches = (taken, total)


class _Respondent:
    """One imagined person."""

    def __init__(
        self,
        definition: SurveyDefinition,
        catalogue: Catalogue,
        language: str,
        now: datetime,
        chance: random.Random,
        report: Rehearsal,
    ) -> None:
        self.definition, self.language, self.now = definition, language, now
        self.chance, self.report = chance, report
        self.words = vocabulary(catalogue, language)
        self.state: SurveyState = start(definition).state
        self.seconds = 0.0

    def answer_all(self) -> None:
        self._reads(self.definition.consent.in_language(self.language) if self.definition.consent else "")
        self._step(Pressed(CONSENT, "yes"))
        for _ in range(3 * len(self.definition.questions) + 3):
            question = current(self.definition, self.state)
            if question is None:
                break
            if not self._question(question):
                return
        if self.state.stage is Stage.FINISHED:
            self.report.finished += 1
            self.report.minutes.append(self.seconds / 60)

    def _question(self, question: SurveyQuestion) -> bool:
        """Answers one question; False where the person leaves or is stuck."""
        told = self.report.questions[question.name]
        told.asked += 1
        if self.chance.random() < LEAVES:
            told.left += 1
            return False
        self._reads(question.label.in_language(self.language))
        for choice in question.choices:
            self._reads(choice.label.in_language(self.language))
        self.seconds += SECONDS_TO_THINK
        if self.state.answers and self.chance.random() < LOOKS_BACK:
            told.asked -= 1
            self._step(Move.BACK)
            return True
        if not question.required and self.chance.random() < SKIPS:
            told.skipped += 1
            self._step(Move.SKIP)
            return True
        done = len(self.state.answers)
        for attempt in range(MOST_TRIES):
            self._try(question, told, attempt)
            if len(self.state.answers) > done:
                return True
        if not question.required:
            self._step(Move.SKIP)
            return True
        told.stuck += 1
        return False

    def _try(self, question: SurveyQuestion, told: QuestionRehearsed, attempt: int) -> None:
        meant = self._meant(question)
        kind = TYPES[question.type]
        if meant is None:
            return
        if attempt >= 2 or kind.shares == "photo" or (kind.options(question) and self.chance.random() < 0.3):
            self._gives(question, told, meant, attempt)
            return
        text = phrase(question, meant, self.chance, self.language, self.now)
        self.seconds += 60 * max(1, len(text) / 5) / TYPED_WORDS_A_MINUTE
        answer = read(question, self.state, text, self.words, None, self.now)
        if isinstance(answer, Unsure):
            told.asked_back += attempt == 0
            if any(self._same(question, value, meant) for value in answer.values):
                self._gives(question, told, meant, attempt + 1)
            else:
                told.failing[text] += 1
            return
        if not isinstance(answer, Given):
            told.not_understood += attempt == 0
            told.failing[text] += 1
            self._step(answer) if not isinstance(answer, Move) else None
            return
        before = len(self.state.answers)
        self._step(answer)
        if len(self.state.answers) > before or self.state.stage is Stage.FINISHED:
            kept = self.state.values.get(question.name)
            self._counted(question, told, kept)
            if question.type in OPEN or self._same(question, kept, meant):
                told.right += attempt == 0
            else:
                told.misunderstood += 1
                told.failing[text] += 1
        elif attempt == 0:
            told.not_understood += 1
            told.failing[text] += 1

    def _gives(self, question: SurveyQuestion, told: QuestionRehearsed, meant: Value, attempt: int) -> None:
        """Presses, or types exactly: what a form would get."""
        before = len(self.state.answers)
        self.seconds += SECONDS_A_PRESS
        self._step(Given(meant))
        if len(self.state.answers) > before or self.state.stage is Stage.FINISHED:
            told.right += attempt == 0
            self._counted(question, told, meant)

    def _counted(self, question: SurveyQuestion, told: QuestionRehearsed, kept: Value | None) -> None:
        for one in kept if isinstance(kept, tuple) else (as_text(kept),):
            told.values[one] += 1

    def _same(self, question: SurveyQuestion, kept: Value | None, meant: Value) -> bool:
        if question.type == "select_multiple" and isinstance(kept, tuple) and isinstance(meant, tuple):
            return set(kept) == set(meant)
        try:
            return TYPES[question.type].accept(question, meant) == kept if kept is not None else False
        except Exception:
            return False

    def _meant(self, question: SurveyQuestion) -> Value | None:
        """What the person would answer: anything the question takes, every choice as likely."""
        if question.type == "rank":
            names = [choice.name for choice in question.choices]
            self.chance.shuffle(names)
            return tuple(names)
        if question.type == "select_multiple":
            names = [choice.name for choice in question.choices]
            size = self.chance.randint(1, min(3, len(names)))
            return tuple(name for name in names if name in self.chance.sample(names, size))
        values = samples(question)
        if question.type == "date":
            values += [
                (self.now - timedelta(days=back)).date().isoformat() for back in (0, 1, 2, 30, 200, 400, 9000)
            ]
        elif question.type == "integer":
            values += list(range(0, 61, 5))
        if (
            question.constraint
        ):  # who answers means something that fits; whether anything does is the question
            scope = Scope(self.definition, self.state, self.now)
            values = [value for value in values if holds(question.constraint, scope, value)]
        return self.chance.choice(values) if values else None

    def _reads(self, text: str) -> None:
        self.seconds += 60 * len(text.split()) / READ_WORDS_A_MINUTE

    def _step(self, answer: Any) -> None:
        self.state = step(self.definition, self.state, answer, self.now).state
