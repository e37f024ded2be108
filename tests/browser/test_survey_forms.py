"""A survey in the web chat: a long list to choose from, several answers to tick, a scale to slide on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenChat
from tests.people import OfficialAtWork
from tests.stack import Stack

SURVEY = b"""
settings: {form_id: ferry-times, form_title: Ferry times, consent: Shall we begin?, thanks: Thank you.}
choices:
  ways:
    - {name: walk, label: On foot}
    - {name: cycle, label: By bicycle}
    - {name: bus, label: By bus}
    - {name: train, label: By train}
    - {name: car, label: By car}
    - {name: boat, label: By boat}
  goods:
    - {name: food, label: "Food, drinks"}
    - {name: bikes, label: Bicycles}
    - {name: dogs, label: Dogs}
survey:
  - {type: select_one ways, name: way, label: How do you get to the ferry?, required: yes}
  - {type: select_multiple goods, name: goods, label: What do you take with you?}
  - {type: range, name: grade, label: How likely are you to recommend it?, parameters: {start: 0, end: 10}}
"""


@pytest.fixture(scope="module")
def ferry(stack: Stack) -> OfficialAtWork:
    """The survey, published by the first official while everything runs."""
    official = OfficialAtWork(stack.url, *stack.first_official())
    made = official.http.post("/survey-drafts", files={"file": ("ferry-times.yml", SURVEY)})
    assert made.status_code in (200, 201), made.text
    draft = made.json()
    done = official.http.post(
        f"/survey-drafts/{draft['id']}/publication", json={"looked_at": draft["looked_at"]}
    )
    assert done.is_success, done.text
    return official


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_forms_are_filled_in_where_they_are_better_than_buttons(
    open_chat: OpenChat,
    ferry: OfficialAtWork,
    no_violations: Callable[[Page], None],
    picture: Callable[[Page, str], Path],
    size: str,
) -> None:
    chat = open_chat(size)
    chat.say("the ferry times survey")
    chat.press("Yes, let's begin")
    page = chat.page
    radios = page.get_by_role("radio")
    expect(radios).to_have_count(6)
    send = page.locator("folkmoot-chat .choices:not(.used) form button")
    expect(send).to_be_disabled()
    page.get_by_label("By boat").check()
    no_violations(page)
    picture(page, f"survey radio {size}")
    before = chat.answers.count()
    send.click()
    chat.answered(before)
    expect(chat.own.last).to_contain_text("By boat")
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(3)
    boxes.first.focus()
    page.keyboard.press("Space")
    page.get_by_label("Dogs").check()
    no_violations(page)
    picture(page, f"survey checkbox {size}")
    before = chat.answers.count()
    send.click()
    chat.answered(before)
    expect(chat.last).to_contain_text("Noted: Food, drinks, Dogs")
    slider = page.get_by_role("slider")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(send).to_have_text("Send: 8")
    no_violations(page)
    picture(page, f"survey slider {size}")
    before = chat.answers.count()
    send.click()
    chat.answered(before)
    expect(chat.last).to_contain_text("Thank you")
    answers = ferry.gets("/surveys/ferry-times/answers")["items"][-1]["answers"]
    assert answers == {"way": "boat", "goods": ["food", "dogs"], "grade": 8}


def test_the_same_is_answered_in_words(open_chat: OpenChat, ferry: OfficialAtWork) -> None:
    chat = open_chat()
    chat.say("ferry times survey")
    for said in ("yes", "by boat", "dogs and bicycles", "nine"):
        chat.say(said)
    expect(chat.last).to_contain_text("Thank you")
