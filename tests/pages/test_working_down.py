"""A case knows the next one of the list it was opened from; what a browser sends leads nobody astray."""

from __future__ import annotations

import base64
import json

import pytest

from api.pages.walking import COOKIE
from civic.accounts.rules import Role
from tests.pages.cases import INBOX, shown
from tests.pages.conftest import Desk, DeskOf


def onward(desk: Desk) -> list[str]:
    return [str(link) for link in desk.page.xpath("//a[@rel='next']/@href")]


def test_one_goes_from_case_to_case_and_on_to_the_next_page(
    desk_of: DeskOf, cases: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.pages.service_requests.PAGE", 3)
    desk = desk_of(Role.AGENT)
    desk.opens(f"{INBOX}?all=1&sort=oldest")
    first = shown(desk)
    assert len(first) == 3
    desk.opens(f"{INBOX}/{first[0]}")
    assert onward(desk) == [f"{INBOX}/{first[1]}"]
    # The case leaves its place in the list by what is done to it; the next one is still the next one.
    desk.sends(f"{INBOX}/{first[0]}/note", note="Seen to.")
    assert desk.answer.history[0].headers["location"] == f"{INBOX}/{first[0]}#done"
    assert onward(desk) == [f"{INBOX}/{first[1]}"] * 2, "above the case, and beside what was done"
    desk.opens(onward(desk)[0])
    desk.opens(onward(desk)[0])
    assert desk.path == f"{INBOX}/{first[2]}"
    desk.opens(onward(desk)[0])
    assert desk.path == INBOX
    later = shown(desk)
    assert later and not set(later) & set(first)
    # The way back from there leads to the later page, not to the first one.
    desk.opens(f"{INBOX}/{later[0]}")
    desk.opens(str(desk.page.xpath("//p[contains(@class, 'way')]/a/@href")[0]))
    assert shown(desk) == later


@pytest.mark.parametrize(
    "sent",
    ["", "ä", "bm8", *(base64.urlsafe_b64encode(json.dumps(x).encode()).decode() for x in (7, [1], [0] * 4))],
)
def test_a_cookie_that_is_not_ours_names_no_next_case(desk_of: DeskOf, pothole: str, sent: str) -> None:
    desk = desk_of(Role.VIEWER)
    cookies = "; ".join(f"{name}={value}" for name, value in desk.web.cookies.items())
    headers = {"cookie": f"{cookies}; {COOKIE}={sent}".encode()}
    desk.answer = desk.web.get(f"{INBOX}/{pothole}", headers=headers)
    assert desk.answer.status_code == 200
    assert onward(desk) == []
