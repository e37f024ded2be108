"""The element on somebody else's site: another origin, a strict policy, no help from us."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.chat import PATIENCE, Chat
from tests.browser.conftest import DESKTOP
from tests.stack import NAMED_SITE, Stack

Picture = Callable[[Page, str], Path]
NoViolations = Callable[[Page], None]
OpenSite = Callable[[str], Chat]


@pytest.fixture
def open_site(chromium: Browser, stack: Stack) -> Iterator[OpenSite]:
    """Opens a site of somebody else whose policy allows our address and nothing inline."""
    socket = stack.url.replace("http", "ws", 1)
    policy = f"default-src 'none'; script-src {stack.url}; connect-src {stack.url} {socket}"
    body = (
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>A town</title>"
        f"<script src='{stack.url}/chat/folkmoot-chat.js' type='module'></script>"
        "<main><h1>A town</h1></main><folkmoot-chat></folkmoot-chat>"
    )
    context = chromium.new_context(**DESKTOP, reduced_motion="reduce")

    def serve(route: Route) -> None:
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
        route.fulfill(body=body, headers=headers)

    def opened(origin: str) -> Chat:
        page = context.new_page()
        page.route(f"{origin}/", serve)
        chat = Chat(page, origin)
        page.goto(f"{origin}/")
        page.get_by_role("button", name="Ask Marlow Vale").click(timeout=PATIENCE)
        return chat

    yield opened
    context.close()


def test_a_named_site_has_the_whole_chat_under_its_own_strict_policy(
    open_site: OpenSite, picture: Picture, no_violations: NoViolations
) -> None:
    chat = open_site(NAMED_SITE)
    chat.say("hello")
    chat.press(chat.labels()[-1])
    no_violations(chat.page)
    picture(chat.page, "embedded")
    background = "getComputedStyle(document.querySelector('folkmoot-chat').shadowRoot.querySelector('.send'))"
    assert chat.page.evaluate(f"{background}.backgroundColor") == "rgb(20, 89, 74)"
    assert chat.faults == []


def test_a_site_that_is_not_named_shows_the_button_and_gets_no_conversation(open_site: OpenSite) -> None:
    chat = open_site("http://elsewhere.example")
    expect(chat.page.get_by_text("The connection was lost")).to_be_visible(timeout=PATIENCE)
    assert chat.page.evaluate("Object.keys(localStorage).length") == 0
