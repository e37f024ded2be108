"""The page at `/`: strict about what runs on it, in the town's words."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from bot.webchat.home import content_policy
from civic.kit.services import Services

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("path", ["/", "/embed-example"])
def test_nothing_inline_runs_or_styles(chat: TestClient, path: str) -> None:
    response = chat.get(path)
    assert response.status_code == 200
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy and "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", response.text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", response.text)


def test_everything_the_page_names_is_there(chat: TestClient) -> None:
    page = chat.get("/").text
    for address in re.findall(r"(?:src|href)=\"(/(?:chat|static)/[^\"]+)\"", page):
        assert chat.get(address).status_code == 200, address


def test_the_page_speaks_of_the_town_and_offers_examples(chat: TestClient, services: Services) -> None:
    page = chat.get("/").text
    assert services.settings.town in page
    assert page.count("data-say=") == 4
    assert services.settings.emergency_number in page


def test_the_chat_is_told_the_language_of_the_browser_for_surveys_that_speak_it(chat: TestClient) -> None:
    for asked, told in (("fr-CH, de;q=0.5", "fr-CH"), ('"><script>', "en"), ("", "en")):
        page = chat.get("/", headers={"Accept-Language": asked}).text
        assert f'speaks="{told}"' in page and '<html lang="en"' in page


def test_a_host_cannot_widen_the_policy() -> None:
    assert "evil" not in content_policy("x; script-src evil")
    assert "wss://town.example:8000" in content_policy("town.example:8000")


def test_a_survey_s_link_opens_the_chat_with_it_and_nothing_else_gets_into_the_page(chat: TestClient) -> None:
    for path in ("/s/parks-2027", "/s/Parks-2027", "/?survey=parks-2027"):
        assert ' mode="page" survey="parks-2027">' in chat.get(path).text
    for path in ("/s/x%22%3E%3Cscript%3E", "/?survey=..%2Fetc", "/?survey=" + 60 * "a"):
        answer = chat.get(path)
        assert answer.status_code in (200, 404) and " survey=" not in answer.text
