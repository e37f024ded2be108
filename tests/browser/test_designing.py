"""A designer in a browser: a broken sheet, its mistakes, a trial, publishing; a phone, the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import PATIENCE, Chat
from tests.browser.conftest import OpenDesk
from tests.pages.test_surveys import BROKEN, SETTINGS, changed, workbook
from tests.people import Citizen
from tests.stack import Stack

pytestmark = pytest.mark.browser

SURVEYS = "/officials/surveys"
Picture = Callable[[Page, str], Path]
NoViolations = Callable[[Page], None]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def survey_of(name: str) -> list[list[str]]:
    """The settings of a survey of its own, for a product that tests share."""
    return changed(changed(SETTINGS, 1, "form_id", name), 1, "form_title", f"Playgrounds {name}")


def uploads(page: Page, data: bytes) -> None:
    page.locator("input[type=file]").set_input_files({"name": "parks.xlsx", "mimeType": XLSX, "buffer": data})
    page.get_by_role("button", name="Upload and check").click()


@pytest.fixture
def looked_at(picture: Picture, no_violations: NoViolations) -> Callable[[Page, str], None]:
    """Keeps a picture of a page, and asserts that everybody can read it without scrolling sideways."""

    def look(page: Page, name: str) -> None:
        picture(page, f"surveys {name}")
        no_violations(page)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} is {wide} px too wide"

    return look


@pytest.fixture
def leaving(open_desk: OpenDesk, stack: Stack) -> Iterator[list[str]]:
    """Surveys that are closed at the end, so that the product's other tests are not offered them."""
    names: list[str] = []
    yield names
    page = open_desk()
    for name in names:
        page.goto(f"{stack.url}{SURVEYS}/{name}")
        page.get_by_role("button", name="Close").click()
        expect(page.get_by_role("status")).to_contain_text("It is closed")


def publishes(
    page: Page, name: str, size: str, url: str, looked_at: Callable[[Page, str], None], picture: Picture
) -> None:
    """From a broken sheet to the first version."""
    looked_at(page, f"list {size}")

    # A broken sheet, and what is wrong with it.
    uploads(page, BROKEN)
    expect(page.get_by_role("heading", name="1 mistake")).to_be_visible()
    picture(page, f"surveys mistakes {size}")
    page.locator(".problems a").first.click()
    expect(page.locator("td.error")).to_be_in_viewport()
    expect(page.locator("td.error")).to_contain_text("${prak} = 'mill'")
    looked_at(page, f"broken {size}")

    # Mended, and tried in the chat.
    uploads(page, workbook(settings=survey_of(name)))
    expect(page.get_by_text("ready to publish")).to_be_visible()
    looked_at(page, f"ready {size}")
    page.get_by_role("link", name="Try it").click()
    trial = Chat(page, url)
    page.wait_for_selector("folkmoot-chat[data-loaded]", state="attached", timeout=PATIENCE)
    expect(trial.last).to_contain_text("For the parks team only")
    trial.press("Yes, let's begin")
    expect(trial.last).to_contain_text("Which park do you visit?")
    trial.say("mill park")
    looked_at(page, f"trial {size}")
    expect(trial.last).to_contain_text("How often last month?")
    trial.say("three times")
    expect(trial.answers.filter(has_text="Thank you!")).to_be_visible(timeout=PATIENCE)
    expect(trial.last).to_contain_text("park: mill")

    # Published while everything runs.
    page.get_by_role("link", name="Back to the survey").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status")).to_contain_text("Version 1 is published")
    looked_at(page, f"published {size}")


def test_a_survey_is_mended_tried_and_published_on_a_phone(
    open_desk: OpenDesk,
    stack: Stack,
    leaving: list[str],
    looked_at: Callable[[Page, str], None],
    picture: Picture,
) -> None:
    page = open_desk(SURVEYS, size="phone")
    leaving.append("play-phone")
    publishes(page, "play-phone", "phone", stack.url, looked_at, picture)


def test_a_survey_is_paused_and_opened_without_a_mouse(
    open_desk: OpenDesk, stack: Stack, leaving: list[str]
) -> None:
    page = open_desk(SURVEYS)
    uploads(page, workbook(settings=survey_of("play-keys")))
    page.get_by_role("button", name="Publish").focus()
    page.keyboard.press("Enter")
    leaving.append("play-keys")
    expect(page.get_by_role("status")).to_contain_text("Version 1 is published")
    for press, said in (("Pause", "It is paused"), ("Open it again", "People can begin now")):
        button = page.get_by_role("button", name=press)
        for _ in range(60):
            if button.evaluate("(one) => one === document.activeElement"):
                break
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text(said)
        if press == "Pause":
            citizen = Citizen(stack.url)
            citizen._take(citizen.send(survey="play-keys"))
            assert "takes no answers at the moment" in citizen.heard
