"""A photo's link opens it for a while, for whoever has it, and for nobody who makes one up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from moto.server import ThreadedMotoServer

from civic.accounts.rules import Role
from civic.kit.clock import SettableClock
from civic.kit.files import FileStore
from civic.kit.remote_files import open_store
from tests.s3 import keys, s3
from tests.service_requests.conftest import Teller
from tests.service_requests.kept import the_case

__all__ = ["s3"]


@pytest.mark.one_database
def test_a_photo_in_an_object_store_opens_by_its_link_and_goes_with_its_draft(
    web: TestClient,
    signed_in: Callable[[Role], dict[str, str]],
    meet: Callable[..., Teller],
    s3: ThreadedMotoServer,
) -> None:
    anna = meet("anna")
    anna.services.provide(FileStore, lambda s: open_store("s3://town/photos", s.settings.home))
    anna.says("rats behind the library")
    anna.sends_photo()
    assert len(keys()) == 1
    anna.presses("Cancel")
    assert keys() == []
    anna.says("rats!!!")
    anna.sends_photo()
    anna.presses("Skip the place")
    anna.presses("Send anonymously")
    number = the_case(anna).service_request_id
    anna.session.commit()
    read = web.get(f"/api/v1/service-requests/{number}", headers=signed_in(Role.AGENT)).json()
    url = read["attachments"][0]["url"].removeprefix(anna.services.settings.site)
    assert web.get(url).content == b"x"
    s3.stop()
    assert web.get(url).status_code == 503, "it is there, and cannot be had at the moment"


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
