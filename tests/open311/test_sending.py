"""What another system sends becomes a case like any other; what cannot be used is refused, and why."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import select

from civic.kit.clock import SettableClock
from civic.kit.services import Services
from civic.kit.settings import Settings
from civic.service_requests.models import ServiceRequest
from civic.service_requests.open311.keys import add_key, revoke_key
from civic.service_requests.open311.models import Open311Key
from tests.open311.conftest import BASE, KEY, POTHOLE, WHO, OtherSystem, from_xml, photo, reasons


def test_a_request_that_was_sent_is_on_the_officials_desk(
    other: OtherSystem, agent: dict[str, str], web: TestClient
) -> None:
    number = other.sends(address_string="12 Mill Lane", **WHO, **{"attribute[depth]": "deep"})
    case = web.get(f"/api/v1/service-requests/{number}", headers=agent).json()
    assert (case["source"], case["service_code"], case["agency"]) == ("open311", "pothole", "highways")
    assert (case["description"], case["address"], case["name"]) == (
        "A deep hole.",
        "12 Mill Lane",
        "Anna Miller",
    )
    assert case["attributes"][0]["answer"] == "More than 5 cm"
    assert case["history"][0]["target"] == "submitted"


def test_the_answer_names_the_number_the_notice_and_the_account(other: OtherSystem) -> None:
    answer = other.post("/requests.xml", **POTHOLE, account_id="account-7")
    assert answer.status_code == 201
    said = from_xml(answer.content)[0]
    assert said["account_id"] == "account-7"
    assert said["service_notice"] == (
        "Highways and Transport deals with this. A result can be expected by 16 March 2026."
    )
    assert answer.headers["location"].endswith(f"{BASE}/requests/{said['service_request_id']}.xml")


def test_who_writes_of_danger_is_told_whom_to_call(other: OtherSystem) -> None:
    answer = other.post("/requests.json", **{**POTHOLE, "description": "There is a gas leak in the hole"})
    assert "call 112 now" in answer.json()[0]["service_notice"]


@pytest.mark.parametrize(
    "place", [{"lat": "51.5", "long": "-1.2"}, {"address_string": "Mill Lane"}, {"address_id": "545483"}]
)
def test_any_of_the_three_ways_to_name_a_place_is_enough(other: OtherSystem, place: dict[str, str]) -> None:
    answer = other.post("/requests.json", service_code="pothole", **place)
    assert answer.status_code == 201
    view = other.read(f"/requests/{answer.json()[0]['service_request_id']}")[0]
    for name, value in place.items():
        assert str(view[name.replace("_string", "")]) == value


def test_everything_that_is_wrong_is_said_at_once(other: OtherSystem) -> None:
    said = other.refused(
        400,
        service_code="abandoned_vehicle",
        email="nobody",
        description="x" * 4001,
        media_url="javascript:alert(1)",
    )
    assert len(said) >= 4
    text = " ".join(said)
    for word in ("place", "email", "4000", "media_url"):
        assert word in text


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({"lat": "51.5", "long": ""}, "together"),
        ({"lat": "x", "long": "1"}, "degrees"),
        ({"lat": "90.1", "long": "1"}, "degrees"),
        ({"lat": "inf", "long": "1"}, "degrees"),
        ({"media_url": "http://"}, "media_url"),
        ({"media_url": "https://example.org:port/"}, "media_url"),
        ({"media_url": "//example.org/a.jpg"}, "media_url"),
        ({"token": "short"}, "token"),
        ({"phone": "1" * 41}, "phone"),
        ({"attribute[depth]": "bottomless"}, "one of these keys"),
        ({"attribute[depth]": ["deep", "shallow"]}, "one value"),
    ],
)
def test_what_cannot_be_used_is_refused(other: OtherSystem, sent: dict[str, str], word: str) -> None:
    said = other.refused(400, **{**POTHOLE, **sent})
    assert len(said) == 1
    assert word in said[0]


def test_a_required_attribute_that_is_missing_is_named_each(other: OtherSystem) -> None:
    definition = other.read("/services/missed_bin")
    required = [each["code"] for each in definition["attributes"] if each["required"]]
    assert required
    said = other.refused(400, service_code="missed_bin", address_string="Mill Lane")
    assert [each.partition("]")[0] for each in said] == [f"attribute[{code}" for code in required]


def test_a_type_that_is_missing_is_400_and_one_that_is_unknown_404(other: OtherSystem) -> None:
    assert other.refused(400, **{**POTHOLE, "service_code": ""})
    assert other.refused(404, **{**POTHOLE, "service_code": "unicorn"})


def test_what_xml_cannot_carry_is_left_out(other: OtherSystem) -> None:
    number = other.sends(description="a\x00b\x0bc <b>&\ud7ff \U0001f6b2")
    assert (
        from_xml(other.get(f"/requests/{number}.xml").content)[0]["description"]
        == "abc <b>&\ud7ff \U0001f6b2"
    )


@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
def test_only_forms_are_taken(other: OtherSystem, web: TestClient, kind: str) -> None:
    answer = web.post(f"{BASE}/requests.xml", content=b"{}", headers={"Content-Type": kind})
    assert reasons(answer, 400)


def test_a_broken_form_is_refused(web: TestClient) -> None:
    kind = "multipart/form-data; boundary=x"
    assert reasons(
        web.post(f"{BASE}/requests.json", content=b"--y\r\nnonsense", headers={"Content-Type": kind}), 400
    )
    assert reasons(
        web.post(
            f"{BASE}/requests.json", content=b"nonsense", headers={"Content-Type": "multipart/form-data"}
        ),
        400,
    )


# ------------------------------------------------------------------------------------------------- keys


def test_nothing_is_taken_without_a_key_that_is_good(
    web: TestClient, other: OtherSystem, services: Services
) -> None:
    assert reasons(OtherSystem(web, None).post("/requests.xml", **POTHOLE), 403)
    assert reasons(OtherSystem(web, "wrong").post("/requests.json", **POTHOLE), 403)
    with services.sessions.begin() as session:
        revoke_key(session, "Street Watch", services.clock.now())
    assert other.refused(403, **POTHOLE)


def test_a_key_is_kept_as_a_fingerprint_only(other: OtherSystem, services: Services) -> None:
    with services.sessions() as session:
        key = session.scalars(select(Open311Key)).one()
        assert KEY not in str(vars(key))


def test_a_key_may_be_used_so_often_a_minute_whatever_comes_of_it(
    other: OtherSystem, services: Services, clock: SettableClock
) -> None:
    services.settings.open311_requests_per_minute = 2
    other.sends()
    other.refused(400, service_code="")
    answer = other.post("/requests.json", **POTHOLE)
    assert reasons(answer, 429)
    assert 0 < int(answer.headers["retry-after"]) <= 60
    clock.advance(timedelta(seconds=60))
    other.sends()


# ------------------------------------------------------------------------------------------------- twice


def test_the_same_token_again_gives_the_same_request(other: OtherSystem) -> None:
    number = other.sends(token="street-watch-77")
    again = other.post("/requests.json", **POTHOLE, token="street-watch-77")
    assert again.status_code == 200
    assert again.json()[0]["service_request_id"] == number
    assert other.numbers() == [number]
    assert other.read("/tokens/street-watch-77") == [
        {"service_request_id": number, "token": "street-watch-77"}
    ]


def test_a_token_of_another_system_is_refused(
    other: OtherSystem, web: TestClient, services: Services
) -> None:
    other.sends(token="street-watch-77")
    with services.sessions.begin() as session:
        add_key(session, "Second", "another key", services.clock.now())
    assert OtherSystem(web, "another key").refused(400, **POTHOLE, token="street-watch-77")


# ------------------------------------------------------------------------------------------------- photos


def test_a_photo_that_was_sent_is_public_without_what_it_said_about_its_maker(other: OtherSystem) -> None:
    answer = other.post("/requests.json", files=[("media", ("a.jpg", photo(), "image/jpeg"))], **POTHOLE)
    assert answer.status_code == 201, answer.text
    number = answer.json()[0]["service_request_id"]
    address = other.read(f"/requests/{number}")[0]["media_url"]
    seen = other.web.get(address)
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/jpeg")
    assert not Image.open(io.BytesIO(seen.content)).getexif()
    again = other.web.get(address, headers={"If-None-Match": seen.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_no_photo_is_refused_and_leaves_nothing(other: OtherSystem, services: Services) -> None:
    files = [("media", ("a.jpg", photo(), "image/jpeg")), ("media", ("b.jpg", b"<html>", "image/jpeg"))]
    assert reasons(other.post("/requests.json", files=files, **POTHOLE), 400)
    assert other.numbers() == []
    assert list((services.settings.home / "attachments").rglob("*")) == []


def test_a_photo_of_a_private_type_is_served_to_nobody(other: OtherSystem, services: Services) -> None:
    files = [("media", ("a.jpg", photo(), "image/jpeg"))]
    answer = other.post("/requests.json", files=files, **{**POTHOLE, "service_code": "noise"})
    number = answer.json()[0]["service_request_id"]
    assert other.read(f"/requests/{number}")[0]["media_url"] is None
    with services.sessions() as session:
        case = session.scalars(
            select(ServiceRequest).where(ServiceRequest.service_request_id == number)
        ).one()
        photo_id = case.attachments[0].attachment_id
    assert reasons(other.get(f"/media/{photo_id}"), 404)


# --------------------------------------------------------------------------------------------- jurisdiction


def test_the_towns_own_jurisdiction_is_taken_and_others_are_404(
    other: OtherSystem, settings: Settings
) -> None:
    assert other.get("/services.json", jurisdiction_id="anything").status_code == 200
    settings.open311_jurisdiction = "marlowvale.example"
    assert other.get("/services.json", jurisdiction_id="marlowvale.example").status_code == 200
    assert other.get("/services.json", jurisdiction_id="").status_code == 200
    assert reasons(other.get("/services.xml", jurisdiction_id="city.gov"), 404)
    assert other.refused(404, **POTHOLE, jurisdiction_id="city.gov")


def test_where_the_jurisdiction_is_required_its_absence_is_400(
    other: OtherSystem, settings: Settings
) -> None:
    settings.open311_jurisdiction = "marlowvale.example"
    settings.open311_jurisdiction_required = True
    for path in ("/services.xml", "/requests.json", "/services/pothole.json", "/tokens/abcdefgh.json"):
        assert reasons(other.get(path), 400)
    assert other.refused(400, **POTHOLE)
    other.sends(jurisdiction_id="marlowvale.example")


def test_a_place_outside_the_municipality_is_refused_and_said_so(other: OtherSystem) -> None:
    said = other.refused(400, **{**POTHOLE, "lat": "52.9"})
    assert said == ["This place lies outside the municipality, so nobody here can act on it."]


def test_the_department_follows_from_the_place(other: OtherSystem) -> None:
    sent = {"service_code": "litter", "lat": "51.506", "long": "-1.248"}
    number = other.sends(**sent)
    assert other.read(f"/requests/{number}")[0]["agency_responsible"].startswith("Parks")
    number = other.sends(**{**sent, "lat": "51.48"})
    assert not other.read(f"/requests/{number}")[0]["agency_responsible"].startswith("Parks")
