"""Chromium, the whole product behind it, and pictures of what was seen."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chat import PATIENCE, Chat
from tests.stack import ROOT, Stack

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Sites with made-up names must reach the product on loopback, as real ones reach a real server.
    "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests",
]
DESKTOP: dict[str, Any] = {"viewport": {"width": 1200, "height": 860}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 780},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
SIZES = {"desktop": DESKTOP, "phone": PHONE}

# Several products and browsers share the machine: a page may take longer to be drawn than it does alone.
expect.set_options(timeout=PATIENCE)

OpenChat = Callable[..., Chat]
OpenDesk = Callable[..., Page]


# Not for the whole session: while Playwright is open its event loop runs, and no test can run one of its own.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a file."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_chat(chromium: Browser, stack: Stack) -> Iterator[OpenChat]:
    """Opens the chat in a browser of its own: `open_chat("phone", color_scheme="dark")`."""
    contexts = []
    chats: list[Chat] = []

    def opened(size: str = "desktop", path: str = "/", **options: Any) -> Chat:
        # Pictures of something half faded in help nobody.
        options = {"reduced_motion": "reduce", "locale": "en-GB", **SIZES[size], **options}
        context = chromium.new_context(**options)
        contexts.append(context)
        chats.append(Chat(context.new_page(), stack.url))
        return chats[-1].open(path)

    yield opened
    faults = [fault for chat in chats for fault in chat.faults]
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def chat(open_chat: OpenChat) -> Chat:
    """The chat at `/` on a desktop."""
    return open_chat()


@pytest.fixture
def open_desk(chromium: Browser, stack: Stack) -> Iterator[OpenDesk]:
    """A browser of its own in which the first official is signed in, at a page."""
    contexts = []
    faults: list[str] = []

    def opened(path: str = "/officials", size: str = "desktop", **options: Any) -> Page:
        context = chromium.new_context(**{"reduced_motion": "reduce", **SIZES[size], **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        name, password = stack.first_official()
        page.goto(f"{stack.url}{path}")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "sign-in" not in url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [fault for fault in faults if "409" not in fault] == []


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page, str], Path]:
    """Keeps a picture of the page under the home folder's `screenshots`."""
    folder = Path(os.environ.get("FOLKMOOT_HOME") or ROOT / "var") / "screenshots"

    def taken(page: Page, name: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{re.sub('[^a-z0-9]+', '-', name.lower())}.png"
        page.screenshot(path=path)
        return path

    return taken


@pytest.fixture
def no_violations() -> Callable[[Page], None]:
    """Asserts that axe finds nothing wrong with the page as it is now, shadow DOM included."""

    def check(page: Page) -> None:
        # axe is put in by the debugging protocol, which no content policy of the page can stop.
        found = Axe().run(page)
        assert found.response["passes"], "axe checked nothing"
        assert found.violations_count == 0, found.generate_report()

    return check
