"""How service requests look from outside: what officials read, and what they send."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from civic.service_requests.rules import Priority, Status

NUMBER = "FM-7K3Q9"
TEXT_LIMIT = 2000

EXAMPLE: dict[str, Any] = {
    "service_request_id": NUMBER,
    "service_code": "pothole",
    "service_name": "Pothole or damaged road",
    "agency": "highways",
    "agency_responsible": "Highways and Transport",
    "status": "submitted",
    "description": "Huge pothole outside 12 Mill Lane, a cyclist fell.",
    "address": "outside 12 Mill Lane",
    "lat": 51.5017,
    "long": -1.2434,
    "name": "Anna Miller",
    "source": "chat",
    "photos": 1,
    "requested_datetime": "2026-03-02T12:00:00Z",
    "updated_datetime": "2026-03-02T12:00:00Z",
    "expected_date": "2026-03-16",
    "assignee_id": None,
    "priority": "normal",
    "version": 1,
}
MESSAGE_EXAMPLE: dict[str, Any] = {
    "id": "01JD9ZK6W3Q8V5T2N7M4X0B1CC",
    "author": "official",
    "official_id": "01JD9ZK6W3Q8V5T2N7M4X0B1AA",
    "internal": False,
    "text": "The crew comes on Thursday.",
    "told": True,
    "created_at": "2026-03-03T09:00:00Z",
}


class CaseOut(BaseModel):
    """One service request in a list."""

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE})

    service_request_id: str = Field(description="The tracking number.")
    service_code: str
    service_name: str
    agency: str = Field(description="The department's code, for filtering.")
    agency_responsible: str = Field(description="The department's name.")
    status: Status
    description: str = Field(description="The citizen's words; empty after they had their data deleted.")
    address: str | None
    lat: float | None
    long: float | None
    name: str | None = Field(description="The citizen's name, if they gave one.")
    source: str
    photos: int = Field(description="How many photos there are.")
    requested_datetime: datetime
    updated_datetime: datetime
    expected_date: date = Field(description="By when the citizen was told to expect a result.")
    assignee_id: str | None = Field(description="The id of the official who deals with it.")
    priority: Priority
    version: int = Field(description="Goes up with every change; send it back as `If-Match`.")


class AnswerOut(BaseModel):
    """The answer to an extra question of the service."""

    code: str
    question: str
    value: str = Field(description="The key of a list's value, or the citizen's words.")
    answer: str = Field(description="The answer in words.")


class MessageOut(BaseModel):
    """One message of the thread."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": MESSAGE_EXAMPLE})

    id: str
    author: str
    official_id: str | None
    internal: bool = Field(description="A note that the citizen never sees.")
    text: str
    told: bool = Field(description="Whether it was handed to the citizen's channel.")
    created_at: datetime


class ChangeOut(BaseModel):
    """One step of the status."""

    model_config = ConfigDict(from_attributes=True)

    source: Status | None
    target: Status
    actor: str = Field(description="An official's id, `citizen` or `system`.")
    created_at: datetime


class PhotoOut(BaseModel):
    """One photo; its bytes are at `path`."""

    id: str
    path: str
    media_type: str
    size: int
    width: int
    height: int
    url: str | None = Field(None, description="A signed link that opens it for a while without signing in.")


class StepOut(BaseModel):
    """A step that is legal now."""

    status: Status
    needs: str = Field(description="`message`: say why; `original`: send `duplicate_of`; `nothing`.")
    tells_citizen: bool


class VerdictOut(BaseModel):
    """What a citizen said of a solution."""

    model_config = ConfigDict(from_attributes=True)

    verdict: str = Field(description="`fixed`, `not_fixed` or `different`.")
    rating: int | None = Field(description="1 (very unhappy) to 5 (very happy).")
    why: str | None
    answered_at: datetime | None


class AlertOut(BaseModel):
    """Something about a case that an official must not miss."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "service_request_id": NUMBER,
                "kind": "not_fixed",
                "created_at": "2026-03-20T09:00:00Z",
            }
        }
    )

    service_request_id: str
    kind: str = Field(description="`citizen_wrote`, `not_fixed` or `late`.")
    created_at: datetime


class AlertsOut(BaseModel):
    """What waits for the official who asks, newest first."""

    items: list[AlertOut]


class PriorityIn(BaseModel):
    """How urgent it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"priority": "high"}]})

    priority: Priority


class CaseDetailOut(CaseOut):
    """One service request with its thread, history, photos and what may happen next."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **EXAMPLE,
                "duplicate_of": None,
                "joiners": 2,
                "erased": False,
                "reachable": True,
                "attributes": [
                    {
                        "code": "depth",
                        "question": "How deep is the hole, roughly?",
                        "value": "deep",
                        "answer": "More than 5 cm",
                    }
                ],
                "messages": [MESSAGE_EXAMPLE],
                "history": [
                    {
                        "source": None,
                        "target": "submitted",
                        "actor": "citizen",
                        "created_at": "2026-03-02T12:00:00Z",
                    }
                ],
                "attachments": [
                    {
                        "id": "q1w2e3r4t5",
                        "path": f"/api/v1/service-requests/{NUMBER}/attachments/q1w2e3r4t5",
                        "media_type": "image/jpeg",
                        "size": 48211,
                        "width": 1600,
                        "height": 1200,
                        "url": "https://talk.example.org/photos/q1w2e3r4t5?until=1772456400&signature=8f0c",
                    }
                ],
                "verdicts": [],
                "alerts": ["citizen_wrote"],
                "next_steps": [{"status": "acknowledged", "needs": "nothing", "tells_citizen": True}],
            }
        }
    )

    duplicate_of: str | None = Field(description="The number of the request that this one repeats.")
    joiners: int = Field(description="How many citizens joined it because they have the same problem.")
    erased: bool = Field(description="The citizen had their data deleted.")
    reachable: bool = Field(description="Whether a reply would reach the citizen.")
    attributes: list[AnswerOut]
    messages: list[MessageOut]
    history: list[ChangeOut]
    attachments: list[PhotoOut]
    verdicts: list[VerdictOut] = Field([], description="What citizens said of the solutions.")
    alerts: list[str] = Field([], description="What nobody has seen yet.")
    next_steps: list[StepOut]


class CasesOut(BaseModel):
    """A part of the list."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"items": [EXAMPLE], "total": 1, "next_cursor": None}}
    )

    items: list[CaseOut]
    total: int | None = Field(description="How many there are in all; only on the first page.")
    next_cursor: str | None = Field(description="Send it as `cursor` for the next ones; null at the end.")


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_LIMIT)]


class StatusIn(BaseModel):
    """A step to take."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"status": "in_progress", "message": "The crew comes on Thursday."}]}
    )

    status: Status
    message: Text | None = Field(None, description="In the citizen's language; some steps need it.")
    duplicate_of: str | None = Field(None, max_length=20, description="For `duplicate`: the earlier request.")


class ReplyIn(BaseModel):
    """Words to the citizen."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Thank you. The crew comes on Thursday."}]}
    )

    text: Text


class NoteIn(BaseModel):
    """Words among officials."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Ask the water company before digging."}]}
    )

    text: Text
