"""A designer's whole day: a broken sheet is mended, tried and published; who answers where; the results."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from civic.conversation.models import Conversation, InboundRecord
from civic.kit.db import make_engine
from civic.surveys.models import SurveySession
from tests.browser.chat import PATIENCE
from tests.browser.conftest import OpenChat, OpenDesk, chromium, no_violations, open_chat, open_desk, picture
from tests.browser.test_designing import SURVEYS, leaving, looked_at, publishes, survey_of, uploads
from tests.contract.test_surveys_on_telegram import Phone
from tests.fakes.telegram_api import FakeTelegram
from tests.pages.test_surveys import CHOICES, SURVEY, changed, workbook
from tests.people import Citizen
from tests.stack import Stack

__all__ = ["chromium", "leaving", "looked_at", "no_violations", "open_chat", "open_desk", "picture"]
pytestmark = [pytest.mark.browser, pytest.mark.rasa]

NAME = "play-all-day"


@pytest.fixture(scope="package")
def stack(product: Stack) -> Stack:
    """The browser's product is the one that Telegram reaches, too."""
    return product


def a_night_passes(product: Stack, name: str) -> None:
    """Whoever is in the middle of a survey said the last word fourteen hours ago."""
    engine = make_engine(f"sqlite:///{product.home / 'folkmoot.db'}")
    with Session(engine) as session:
        for row in session.query(SurveySession).filter_by(survey_id=name, completed_at=None):
            row.updated_at -= timedelta(hours=14)
            at = session.get_one(Conversation, row.conversation_id)
            at.last_active_at -= timedelta(hours=14)
            for message in session.query(InboundRecord).filter_by(conversation_id=at.id):
                message.received_at -= timedelta(hours=14)
        session.commit()
    engine.dispose()


def answers(product: Stack, park: str, *then: str) -> None:
    """One more citizen answers the whole survey."""
    citizen = Citizen(product.url)
    citizen._take(citizen.send(survey=NAME))
    for label in ("Yes, let's begin", park):
        citizen.presses(label)
    for text in then:
        citizen.says(text)
    assert "Thank you!" in citizen.heard


def test_from_a_broken_sheet_to_what_was_learned(
    open_desk: OpenDesk,
    open_chat: OpenChat,
    telegram: FakeTelegram,
    stack: Stack,
    leaving: list[str],
    looked_at: Callable[[Page, str], None],
    picture: Callable[[Page, str], Path],
) -> None:
    page = open_desk(SURVEYS)
    leaving.append(NAME)
    publishes(page, NAME, "desktop", stack.url, looked_at, picture)

    # Anna follows the link in a browser, Béa on Telegram, whose phone is French; Carl has begun, too.
    anna = open_chat(path=f"/s/{NAME}")
    expect(anna.last).to_contain_text("For the parks team only", timeout=PATIENCE)
    anna.press("Yes, let's begin")
    bea = Phone(telegram, 8201, "fr")
    assert "English" in bea.says(f"/start survey_{NAME}", "For the parks team only").labels
    bea.presses("Yes, let's begin", "Quel parc visitez-vous ?")
    bea.says("pause", "Paused")
    carl = Citizen(stack.url)
    carl._take(carl.send(survey=NAME))
    carl.presses("Yes, let's begin")

    # Version 2 is published meanwhile: who began with version 1 ends with it.
    second = changed(SURVEY, 1, "label::English (en)", "Which park is yours?")
    uploads(page, workbook(second, CHOICES, survey_of(NAME)))
    expect(page.get_by_role("heading", name="Publish as version 2")).to_be_visible()
    expect(page.locator(".changes ins")).to_contain_text("Which park is yours?")
    looked_at(page, "changes desktop")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status")).to_contain_text("Version 2 is published")
    carl.says("repeat")
    assert "Which park do you visit?" in carl.heard
    carl.presses("Abbey Gardens")
    assert "Thank you!" in carl.heard

    # A page that is opened again does not begin the survey again, and Anna ends it.
    anna.press("Mill Park")
    before = anna.own.count()
    anna.page.reload()
    anna.page.wait_for_selector("folkmoot-chat[data-loaded]", state="attached", timeout=PATIENCE)
    expect(anna.own).to_have_count(before)
    anna.say("4")
    expect(anna.last).to_contain_text("Thank you!")

    # The next morning Béa goes on where she was, on a phone that has become English, and back in French.
    a_night_passes(stack, NAME)
    telegram.chat(8201).language = "en-GB"
    bea.says(f"/start survey_{NAME}", "Which park do you visit?")
    bea.says("en français s'il vous plaît", "Quel parc visitez-vous ?")
    bea.presses("Parc du Moulin", "Combien de fois le mois dernier ?")
    bea.says("trois fois", "Thank you!")

    # Somebody new gets version 2, in the language of the browser.
    dora = open_chat("phone", path=f"/s/{NAME}", locale="fr-FR")
    expect(dora.last).to_contain_text("For the parks team only", timeout=PATIENCE)
    picture(dora.page, "surveys french consent phone")
    dora.press("Yes, let's begin")
    expect(dora.last).to_contain_text("Quel parc visitez-vous ?")
    dora.say("in English please")
    expect(dora.last).to_contain_text("Which park is yours?")

    # With three answers no figures are shown, with twelve they are; an export has everybody's answers.
    page.reload()
    expect(page.locator(".tiles strong").first).to_have_text("3")
    page.goto(f"{stack.url}{SURVEYS}/{NAME}/results/page")
    expect(page.get_by_label("Which park is yours?")).to_be_disabled()
    for _ in range(4):
        answers(stack, "Mill Park", "2")
    for _ in range(5):
        answers(stack, "Abbey Gardens")
    page.goto(f"{stack.url}{SURVEYS}/{NAME}/results")
    expect(page.get_by_role("img", name="Which park is yours?")).to_be_visible()
    looked_at(page, "results desktop")
    saved = page.request.get(f"{stack.url}{SURVEYS}/{NAME}/results/export?form=csv")
    rows = saved.text().splitlines()
    assert saved.ok and len(rows) == 13
    assert [sum(park in row for row in rows) for park in ("Mill Park", "Abbey Gardens")] == [6, 6]

    # What was learned is published, and told to those who answered.
    page.goto(f"{stack.url}{SURVEYS}/{NAME}/results/page")
    page.get_by_label("You said").fill("Mill Park and Abbey Gardens are liked alike.")
    page.get_by_label("We did").fill("Both gates stay open until ten.")
    page.get_by_label("Which park is yours?").check()
    page.get_by_label("Tell those who answered").check()
    after = bea.newest.message_id
    page.get_by_role("button", name="Publish").click()
    assert f"/results/{NAME}" in bea.expects("This is what people said", after).text
    page.get_by_role("link", name="See the public page").click()
    expect(page.get_by_role("heading", name="You said")).to_be_visible()
    looked_at(page, "public desktop")
