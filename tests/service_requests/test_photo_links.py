"""A photo's link opens it for a while, for whoever has it, and for nobody who makes one up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from fastapi.testclient import TestClient

from civic.accounts.rules import Role
from civic.kit.clock import SettableClock
from tests.service_requests.conftest import Teller
from tests.service_requests.kept import the_case


def test_the_link_opens_the_photo_until_it_expires(
    web: TestClient,
    signed_in: Callable[[Role], dict[str, str]],
    meet: Callable[..., Teller],
    clock: SettableClock,
) -> None:
    agent = signed_in(Role.AGENT)
    anna = meet("anna")
    anna.says("rats!!!")
    anna.sends_photo()
    anna.presses("Skip the place")
    anna.presses("Send anonymously")
    number = the_case(anna).service_request_id
    anna.session.commit()
    read = web.get(f"/api/v1/service-requests/{number}", headers=agent)
    assert read.status_code == 200, read.text
    url = read.json()["attachments"][0]["url"].removeprefix(anna.services.settings.site)
    opened = web.get(url)
    assert (opened.status_code, opened.content) == (200, b"x")
    assert opened.headers["cache-control"] == "private, no-store"
    assert web.get(url[:-1] + ("0" if url[-1] != "0" else "1")).status_code == 404
    until = int(url.split("until=")[1].split("&")[0])
    assert web.get(url.replace(str(until), str(until + 600))).status_code == 404, "nobody can lengthen it"
    clock.advance(timedelta(minutes=61))
    assert web.get(url).status_code == 404
