"""A citizen who answers surveys over real tables, and a folder of surveys that a test may change."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from civic.conversation.commands import open_conversation
from civic.conversation.types import Choice, LoopStep, Turn
from civic.kit.i18n import load_catalogue
from civic.surveys import talk
from civic.surveys.models import SurveySession
from civic.surveys.talk import Desk
from civic.understanding import Meaning
from tests.surveys.typed import ROOT, SURVEYS

SECRET = "a secret of the tests"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of our own surveys that are texts, for tests to change."""
    copy = tmp_path / "surveys"
    shutil.copytree(SURVEYS, copy, ignore=shutil.ignore_patterns("*.xlsx"))
    return copy


@pytest.fixture
def festival(folder: Path) -> Path:
    """The folder's survey with every type of question, a spreadsheet."""
    return Path(shutil.copy(SURVEYS / "summer-festival.xlsx", folder))


@pytest.fixture
def desk(folder: Path) -> Desk:
    catalogue = load_catalogue(ROOT / "content" / "locales")
    numbers = itertools.count(1)

    def text(key: str, language: str | None = None, **args: object) -> str:
        return catalogue.text(key, language, town="Marlow Vale", phone="1", emergency="112", **args)

    return Desk(text, catalogue, folder, SECRET, lambda: f"random{next(numbers)}")


class Respondent:
    """One citizen, and a dialogue that remembers only whether the survey's loop is active."""

    def __init__(self, session: Session, desk: Desk, now: datetime, address: str = "a") -> None:
        self.session, self.desk, self.now = session, desk, now
        conversation = open_conversation(session, "web", address, "en", now)
        self.conversation_id, self.citizen_id = conversation.id, conversation.citizen_id
        self.looping = False
        self.own_language: str | None = None
        self.buttons: list[Choice] = []
        self.last: LoopStep | None = None

    def says(self, text: str, intent: str = "out_of_scope", confidence: float = 0.9) -> str:
        """Types something; returns what the survey replies."""
        return self._turn(text=text, intent=intent, confidence=confidence)

    def starts(self, text: str = "survey") -> str:
        return self.says(text, "start_survey")

    def presses(self, label: str) -> str:
        """Presses a button of the last reply."""
        return self.presses_old(next(button for button in self.buttons if button.label == label))

    def presses_old(self, button: Choice) -> str:
        return self._turn(choice=button.value, intent=button.intent)

    def resumes(self) -> str:
        """Something else was done inside the loop, and the dialogue asks the survey to go on."""
        return self._turn(resuming=True)

    def forgets(self) -> None:
        """The dialogue's session expired."""
        self.looping = False

    def waits(self, **time: float) -> None:
        self.now += timedelta(**time)

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]

    @property
    def status(self) -> str:
        assert self.last is not None
        return self.last.status

    @property
    def rows(self) -> list[SurveySession]:
        return self.session.query(SurveySession).filter_by(citizen_id=self.citizen_id).all()

    def _turn(self, **what: Any) -> str:
        turn = Turn(
            conversation_id=self.conversation_id,
            citizen_id=self.citizen_id,
            message_id=str(what.pop("message_id", "m")),
            language="en",
            now=self.now,
            loop="survey_form" if self.looping else None,
            starting=not self.looping,
            own_language=self.own_language,
            **what,
        )
        self.last = talk.advance(self.session, turn, self.desk)
        self.session.commit()
        if self.last.status != "interrupted":
            self.looping = self.last.status == "asking"
            self.buttons = [button for reply in self.last.replies for button in reply.choices]
        return "\n\n".join(reply.text for reply in self.last.replies)


Respondents = Callable[..., Respondent]


@pytest.fixture
def respondents(session: Session, desk: Desk, now: datetime) -> Respondents:
    def make(address: str = "a", meaning: Meaning | None = None) -> Respondent:
        own = Desk(desk.text, desk.catalogue, desk.folder, desk.secret, desk.random_id, meaning)
        return Respondent(session, own, now, address)

    return make


@pytest.fixture
def respondent(respondents: Respondents) -> Respondent:
    return respondents()
