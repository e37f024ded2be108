"""The pages about knowledge can be read and worked on a desktop and on a phone, by everybody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import SIZES
from tests.people import Citizen
from tests.stack import Stack

pytestmark = pytest.mark.browser

PAGES = ("questions", "documents", "coverage", "duplicates")


@pytest.fixture(scope="module", autouse=True)
def asked(stack: Stack) -> None:
    """Two citizens pass the same question on, and one is answered."""
    for words in ("Is there a planetarium in town?", "is there a planetarium in our town"):
        citizen = Citizen(stack.url)
        citizen.says(words)
        citizen.presses("Pass my question on")
    Citizen(stack.url).says("how much is a parking permit")


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_fit_and_are_accessible(
    chromium: Browser, stack: Stack, size: str, picture: Callable[[Page, str], Path]
) -> None:
    options: dict[str, Any] = {"locale": "en-GB", "reduced_motion": "reduce", **SIZES[size]}
    context = chromium.new_context(**options)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    name, password = stack.first_official()
    page.goto(f"{stack.url}/officials/sign-in?next=/officials/questions")
    page.fill("#name", name)
    page.fill("#password", password)
    page.click("main button.main")

    def looked_at(what: str) -> None:
        page.wait_for_load_state()
        picture(page, f"knowledge {what} {size}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{what} is {wide} px too wide"
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == [], what

    for path in PAGES:
        page.goto(f"{stack.url}/officials/{path}")
        looked_at(path)
    page.goto(f"{stack.url}/officials/questions")
    page.get_by_role("link", name="planetarium").first.click()
    looked_at("question")
    page.goto(f"{stack.url}/officials/documents")
    page.locator("tbody a").first.click()
    looked_at("document")
    context.close()
    assert faults == []
