"""The officials' API can be read and tried in a browser, with no other site and nothing inline."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.stack import Stack

pytestmark = pytest.mark.browser


def test_an_official_reads_the_documentation_signs_in_and_tries_a_route(
    chromium: Browser, stack: Stack
) -> None:
    context = chromium.new_context(viewport={"width": 1200, "height": 1000})
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{stack.url}/api/docs")
    expect(page.locator("#operations-tag-Feedback")).to_be_visible()
    expect(page.locator(".opblock").first).to_be_visible()

    page.locator("button.authorize").first.click()
    name, password = stack.first_official()
    page.fill("#oauth_username", name)
    page.fill("#oauth_password", password)
    page.locator(".modal-ux button.authorize").click()
    expect(page.locator(".modal-ux")).to_contain_text("Logout")
    page.locator(".modal-ux .btn-done").click()

    me = page.locator(".opblock", has_text="/api/v1/me")
    me.click()
    me.locator(".try-out__btn").click()
    me.locator(".execute").click()
    expect(me.locator(".live-responses-table tbody .response-col_status").first).to_contain_text("200")
    expect(me.locator(".live-responses-table")).to_contain_text(f'"{name}"')

    assert complaints == []
    assert all(url.startswith((stack.url, "data:", "blob:")) for url in asked)
    context.close()
