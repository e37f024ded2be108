"""Another system that reports for its citizens, and an official who deals with what it sends."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import etree
from PIL import Image

from civic.accounts.rules import Role
from civic.conversation.commands import open_conversation
from civic.kit.clock import SettableClock
from civic.kit.ids import new_id
from civic.kit.services import Services
from civic.service_requests.commands import add_case
from civic.service_requests.models import ServiceRequest, ServiceRequestChange
from civic.service_requests.open311.keys import add_key
from civic.service_requests.rules import Status
from civic.service_requests.services import ServiceList
from tests.fixtures import ROOT

BASE = "/open311/v2"
SHARED = ROOT.parent / "shared" / "data" / "open311"
KEY = "a key that nobody guesses"
POTHOLE = {"service_code": "pothole", "lat": "51.5017", "long": "-1.2434", "description": "A deep hole."}
# How to reach who reports.
WHO = {
    "first_name": "Anna",
    "last_name": "Miller",
    "email": "anna@example.org",
    "phone": "0171 555 0123",
    "account_id": "account-7",
    "device_id": "device-9",
}

needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the public data is not beside this checkout")


class OtherSystem:
    """A system that holds a key; what it sends and reads, it sends and reads over HTTP."""

    def __init__(self, web: TestClient, key: str | None = KEY) -> None:
        self.web, self.key = web, key

    def get(self, path: str, **asked: Any) -> Any:
        return self.web.get(BASE + path, params=asked)

    def read(self, path: str, **asked: Any) -> Any:
        answer = self.get(path + ".json", **asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def numbers(self, **asked: Any) -> list[str]:
        return [each["service_request_id"] for each in self.read("/requests", **asked)]

    def post(self, path: str, files: Any = None, **sent: Any) -> Any:
        key = {"api_key": self.key} if self.key else {}
        return self.web.post(BASE + path, data={**key, **sent}, files=files)

    def sends(self, **sent: Any) -> str:
        answer = self.post("/requests.json", **{**POTHOLE, **sent})
        assert answer.status_code == 201, answer.text
        return str(answer.json()[0]["service_request_id"])

    def refused(self, status: int, path: str = "/requests.json", **sent: Any) -> list[str]:
        answer = self.post(path, **sent)
        return reasons(answer, status)


def reasons(answer: Any, status: int) -> list[str]:
    """The sentences of a refusal, which has the standard's form."""
    assert answer.status_code == status, answer.text
    if answer.headers["content-type"].startswith("text/xml"):
        said = from_xml(answer.content)
    else:
        said = answer.json()
    assert isinstance(said, list)
    assert said
    for each in said:
        assert set(each) == {"code", "description"}
        assert str(each["code"]) == str(status)
    return [each["description"] for each in said]


LISTS = {
    "services", "service_requests", "attributes", "values", "errors", "endpoints", "formats",
    "service_request_updates", "updates",
}  # fmt: skip


def from_xml(content: bytes) -> Any:
    """What an XML reply says, as the JSON of the same thing would, with every value a text."""

    def value(element: Any) -> Any:
        if element.tag in LISTS:
            return [value(each) for each in element]
        if len(element):
            return {each.tag: value(each) for each in element}
        return element.text

    return value(etree.fromstring(content))


def as_texts(content: Any) -> Any:
    """JSON with each value as XML writes it."""
    if isinstance(content, dict):
        return {key: as_texts(each) for key, each in content.items()}
    if isinstance(content, list):
        return [as_texts(each) for each in content]
    if isinstance(content, bool):
        return str(content).lower()
    return None if content in (None, "") else str(content)


@pytest.fixture
def other(services: Services, web: TestClient) -> OtherSystem:
    with services.sessions.begin() as session:
        add_key(session, "Street Watch", KEY, services.clock.now())
    return OtherSystem(web)


@pytest.fixture
def agent(signed_in: Callable[[Role], dict[str, str]]) -> dict[str, str]:
    return signed_in(Role.AGENT)


@pytest.fixture
def chat_case(services: Services, web: TestClient, clock: SettableClock) -> Callable[..., str]:
    """Files a case as the chat does: with a citizen, a name, and words meant for the department."""
    numbers = Random("cases")

    def make(days_ago: float = 0, **columns: Any) -> str:
        at = clock.now() - timedelta(days=days_ago)
        with services.sessions.begin() as session:
            talk = open_conversation(session, "web", f"chat-{numbers.random()}", "en", at)
            values = {
                "service_code": "pothole",
                "status": Status.SUBMITTED,
                "description": "The hole before my door, says Anna Miller, 0171 555 0123.",
                "address": "12 Mill Lane",
                "lat": 51.5017,
                "long": -1.2434,
                "name": "Anna Miller",
                "requested_at": at,
                "updated_at": at,
                "expected_on": (at + timedelta(days=10)).date(),
                **columns,
            }
            service = services.get(ServiceList).get(values["service_code"])
            case: ServiceRequest = add_case(
                session,
                numbers,
                id=new_id(at),
                draft_id=None,
                agency=service.agency,
                attributes={},
                citizen_id=talk.citizen_id,
                conversation_id=talk.id,
                language="en",
                **values,
            )
            case.changes.append(
                ServiceRequestChange(
                    id=new_id(at), source=None, target=Status.SUBMITTED, actor="citizen", created_at=at
                )
            )
            return case.service_request_id

    return make


@pytest.fixture
def moves(web: TestClient, agent: dict[str, str]) -> Callable[..., None]:
    """An official takes a step with a case."""

    def move(number: str, status: str, message: str | None = None) -> None:
        body = {"status": status, **({"message": message} if message else {})}
        answer = web.post(f"/api/v1/service-requests/{number}/status", headers=agent, json=body)
        assert answer.status_code == 200, answer.text

    return move


def photo() -> bytes:
    """A photo that says where it was taken."""
    image = Image.new("RGB", (40, 30), "red")
    exif = image.getexif()
    exif[0x010E] = "taken before Anna's door"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def spec_examples() -> dict[str, tuple[Any, Any]]:
    """The specification's examples by heading: what its XML and its JSON say."""
    text = (SHARED / "georeport_v2_spec.md").read_text(encoding="utf-8")
    found: dict[str, tuple[Any, Any]] = {}
    for section in re.split(r"^#{3} ", text, flags=re.MULTILINE):
        heading = section.partition("\n")[0].strip()
        blocks = re.findall(r"^~~~~\n(.*?)^~~~~", section, flags=re.MULTILINE | re.DOTALL)
        xmls = [block[block.index("<?xml") :] for block in blocks if "<?xml" in block]
        jsons = [block[re.search(r"^[\[{]", block, re.MULTILINE).start() :] for block in blocks  # type: ignore[union-attr]
                 if re.search(r"^[\[{]", block, re.MULTILINE)]  # fmt: skip
        if xmls and jsons:
            # A number that begins with a nought is no JSON; the example means a text.
            plain = re.sub(r'":(0\d+)', r'":"\1"', jsons[-1])
            found[heading] = (from_xml(xmls[-1].encode()), json.loads(plain))
    return found
