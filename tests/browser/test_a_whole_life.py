"""One hole in one road, on screens only: reported, joined, asked about, solved, reopened, solved, rated."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chat import PATIENCE, Chat
from tests.browser.conftest import OpenChat, OpenDesk
from tests.browser.test_journeys import add_photo, photo_file

pytestmark = pytest.mark.browser
__all__ = ["photo_file"]

Picture = Callable[[Page, str], Path]
INBOX = "/officials/service-requests"
# Where nobody else reports anything.
HERE = {"geolocation": {"latitude": 51.49731, "longitude": -1.23817}, "permissions": ["geolocation"]}


def told(chat: Chat, words: str) -> Locator:
    """Waits for a message of the town's own accord."""
    message = chat.answers.filter(has_text=words).last
    expect(message).to_be_visible(timeout=PATIENCE)
    return message


def shares_place(chat: Chat) -> None:
    before = chat.answers.count()
    chat.page.get_by_role("button", name="Use where I am now").click()
    chat.answered(before)


def step(desk: Page, status: str, message: str = "") -> None:
    """The official takes a step of the open case."""
    desk.locator(f"input[name=status][value={status}]").check()
    if message:
        desk.get_by_label("Message to the citizen").fill(message)
    desk.get_by_role("button", name="Take the step").click()
    expect(desk.locator(".said")).to_contain_text("The case is now")


def test_from_the_first_word_to_the_stars(
    open_chat: OpenChat,
    open_desk: OpenDesk,
    picture: Picture,
    no_violations: Callable[[Page], None],
    photo_file: Path,
) -> None:
    anna, ben = open_chat("phone", **HERE), open_chat("desktop", **HERE)

    # Anna reports: words, place, photo.
    anna.say("there is a deep pothole, a cyclist fell into it")
    shares_place(anna)
    add_photo(anna, photo_file)
    before = anna.answers.count()
    anna.page.get_by_role("button", name="Send").last.click()
    anna.answered(before)
    picture(anna.page, "life 1 summary")
    filed = anna.press("Send anonymously").inner_text()
    found = re.search(r"FM-[A-Z0-9]+", filed)
    assert found, filed
    number = found[0]
    picture(anna.page, "life 2 filed")

    # Ben saw the same hole, and joins.
    ben.say("a big pothole in the road, it nearly broke my wheel")
    shares_place(ben)
    expect(ben.answers.filter(has_text="Is it one of these?")).to_contain_text(number)
    picture(ben.page, "life 3 similar")
    ben.press(f"It is {number}")
    expect(ben.last).to_contain_text("two of you")
    picture(ben.page, "life 4 joined")

    # The official finds it, asks, and is answered.
    desk = open_desk(f"{INBOX}?text={number}")
    desk.locator(".cases .what a").first.click()
    expect(desk.locator("#facts + dl")).to_contain_text(re.compile(r"Others who joined\s*1"))
    expect(desk.locator(".photos img")).to_have_count(1)
    no_violations(desk)
    picture(desk, "life 5 case")
    step(desk, "waiting_for_citizen", "Is it on the side of the shelter?")
    told(anna, "Is it on the side of the shelter?")
    anna.say("yes, right in front of the shelter")
    expect(anna.last).to_contain_text("I have added that")
    expect(desk.locator(".changed")).to_contain_text("changed meanwhile", timeout=15_000)
    desk.reload()
    expect(desk.locator(".story")).to_contain_text("right in front of the shelter")
    expect(desk.locator(".story")).to_contain_text("it nearly broke my wheel")

    # Solved, not fixed, reopened: the official is alerted; solved again.
    step(desk, "resolved")
    for citizen in (anna, ben):
        told(citizen, "Is it fixed?")
    picture(anna.page, "life 6 is it fixed")
    anna.press("Not fixed")
    expect(anna.last).to_contain_text("is open again")
    told(ben, "open again")
    desk.goto(desk.url.split(INBOX)[0] + f"{INBOX}?flagged=1&sort=recently_changed")
    flagged = desk.locator(".cases li").filter(has_text=number)
    expect(flagged).to_contain_text("Not fixed")
    picture(desk, "life 7 to look at")
    flagged.locator("a").first.click()
    step(desk, "in_progress")
    step(desk, "resolved", "We came back with more asphalt.")
    asked = told(anna, "We came back with more asphalt.")
    expect(asked).to_contain_text("Is it fixed?")
    before = anna.answers.count()
    anna.page.get_by_role("button", name="Fixed", exact=True).last.click()
    anna.answered(before)
    expect(anna.last).to_contain_text("How satisfied")
    picture(anna.page, "life 8 stars")
    anna.press("4")
    anna.say("it took two visits but now it holds")
    expect(anna.last).to_contain_text("Thank you")
    no_violations(anna.page)
    picture(anna.page, "life 9 end")

    desk.reload()
    expect(desk.locator("#facts + dl")).to_contain_text(
        "fixed, 4 of 5: “it took two visits but now it holds”"
    )
    picture(desk, "life 10 case at the end")
