"""The page and the element, whatever is talked about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.chat import Chat
from tests.browser.conftest import OpenChat

Picture = Callable[[Page, str], Path]
NoViolations = Callable[[Page], None]


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_violations_before_and_in_a_conversation(
    open_chat: OpenChat, picture: Picture, no_violations: NoViolations, size: str, scheme: str
) -> None:
    chat = open_chat(size, color_scheme=scheme)
    no_violations(chat.page)
    picture(chat.page, f"home-{size}-{scheme}")
    chat.say("hello")
    expect(chat.choices).to_have_count(3)
    no_violations(chat.page)
    picture(chat.page, f"greeting-{size}-{scheme}")


def test_nothing_is_wider_than_a_narrow_phone(open_chat: OpenChat) -> None:
    chat = open_chat("phone", viewport={"width": 320, "height": 600})
    chat.say("hello " + "verylongword" * 40)
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= 320
    log = chat.page.locator("folkmoot-chat .log")
    assert log.evaluate("log => log.scrollWidth <= log.clientWidth")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_everything_that_is_pressed_is_at_least_44_pixels(open_chat: OpenChat, size: str) -> None:
    chat = open_chat(size)
    chat.say("hello")
    boxes = [
        (button.inner_text(), button.bounding_box())
        for button in chat.page.locator("button:visible, header a, footer a").all()
    ]
    assert len(boxes) >= 5
    small = [(text, box) for text, box in boxes if box and min(box["width"], box["height"]) < 43.9]
    assert small == []


def test_the_keyboard_alone_is_enough(open_chat: OpenChat) -> None:
    chat = open_chat(path="/embed-example")
    page = chat.page
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.localName") == "folkmoot-chat":
            break
    page.keyboard.press("Enter")
    expect(chat.box).to_be_focused()
    page.keyboard.type("hello")
    page.keyboard.press("Enter")
    chat.answered(0)
    expect(chat.box).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(chat.choices.last).to_be_focused()
    pressed = chat.labels()[-1]
    page.keyboard.press("Enter")
    expect(chat.own.last).to_contain_text(pressed)
    expect(chat.box).to_be_focused()
    chat.answered(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Ask Marlow Vale")).to_be_focused()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_shift_and_enter_write_a_second_line(chat: Chat) -> None:
    chat.box.press_sequentially("one")
    chat.box.press("Shift+Enter")
    chat.box.press_sequentially("two")
    expect(chat.box).to_have_value("one\ntwo")
    expect(chat.own).to_have_count(0)
    chat.box.press("Enter")
    expect(chat.own).to_have_count(1)


def test_from_right_to_left_everything_is_mirrored(
    open_chat: OpenChat, picture: Picture, no_violations: NoViolations
) -> None:
    chat = open_chat()
    chat.page.evaluate("document.documentElement.dir = document.querySelector('folkmoot-chat').dir = 'rtl'")
    chat.say("hello")
    own, answer = chat.own.first.locator(".bubble").bounding_box(), chat.choices.first.bounding_box()
    send = chat.page.get_by_role("button", name="Send").bounding_box()
    box = chat.box.bounding_box()
    assert own and answer and send and box
    assert own["x"] < answer["x"]
    assert send["x"] < box["x"]
    no_violations(chat.page)
    picture(chat.page, "right-to-left")


def test_with_reduced_motion_nothing_moves(open_chat: OpenChat) -> None:
    moving = "document.querySelector('folkmoot-chat').shadowRoot.getAnimations().length"

    def animations(wish: str) -> int:
        chat = open_chat(path="/embed-example", reduced_motion=wish)
        # The answer never comes: the page goes on waiting while we look.
        chat.page.route_web_socket("**/chat/socket*", without_messages)
        chat.page.get_by_role("button", name="Ask Marlow Vale").click()
        chat.box.fill("hello")
        chat.box.press("Enter")
        expect(chat.page.locator("folkmoot-chat .typing")).to_be_visible()
        return int(chat.page.evaluate(moving))

    def without_messages(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda text: None if '"message"' in str(text) else server.send(text))

    assert animations("no-preference") >= 3
    assert animations("reduce") == 0


def test_what_is_typed_is_shown_as_it_was_typed(chat: Chat) -> None:
    nasty = "<img src=x onerror=alert(1)><b>bold</b>"
    chat.say(nasty)
    expect(chat.own.first).to_contain_text(nasty)
    assert chat.page.locator("folkmoot-chat img, folkmoot-chat .prose b").count() == 0


def test_a_text_that_is_too_long_is_counted_and_not_sent(chat: Chat) -> None:
    chat.box.fill("x" * 1900)
    expect(chat.page.get_by_text("Characters left: 100")).to_be_visible()
    chat.box.fill("x" * 2010)
    expect(chat.page.get_by_text("too long by 10")).to_be_visible()
    chat.box.press("Enter")
    expect(chat.own).to_have_count(0)
    expect(chat.box).to_have_value("x" * 2010)


def test_the_chat_is_cleared_from_a_shared_computer_after_a_second_press(chat: Chat) -> None:
    chat.say("hello")
    page = chat.page
    page.get_by_role("button", name="Clear this chat").click()
    expect(chat.own).to_have_count(1)
    page.get_by_role("button", name="Press again").click()
    expect(chat.own).to_have_count(0)
    page.reload()
    page.wait_for_selector("folkmoot-chat[data-loaded]", state="attached")
    expect(chat.own).to_have_count(0)
    expect(page.get_by_role("heading", name="What can we do for you?")).to_be_visible()
