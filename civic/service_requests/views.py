"""Cases and messages as officials read them: what is stored, in the words of `schemas`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from civic.conversation.models import Attachment
from civic.service_requests.models import ServiceRequest, ServiceRequestMessage
from civic.service_requests.rules import legal_steps
from civic.service_requests.schemas import (
    AnswerOut,
    CaseDetailOut,
    CaseOut,
    ChangeOut,
    MessageOut,
    PhotoOut,
    StepOut,
)
from civic.service_requests.services import ServiceList


def case_out(case: ServiceRequest, services: ServiceList) -> CaseOut:
    """A case as it stands in a list."""
    return CaseOut(**_plain(case, services))


def detail_out(
    case: ServiceRequest,
    services: ServiceList,
    photos: list[Attachment],
    duplicate_of: str | None,
    path: str,
    link: Callable[[str], str] | None = None,
) -> CaseDetailOut:
    """A case with everything that belongs to it; `path` is where it is served."""
    return CaseDetailOut(
        **_plain(case, services),
        duplicate_of=duplicate_of,
        joiners=case.joiners_count,
        erased=case.erased_at is not None,
        reachable=case.conversation_id is not None,
        attributes=_answers(case.service_code, case.attributes, services),
        messages=[MessageOut.model_validate(message) for message in case.messages],
        history=[ChangeOut.model_validate(change) for change in case.changes],
        attachments=[
            PhotoOut(
                id=photo.id,
                path=f"{path}/attachments/{photo.id}",
                media_type=photo.media_type,
                size=photo.size,
                width=photo.width,
                height=photo.height,
                url=link(photo.id) if link else None,
            )
            for photo in photos
        ],
        next_steps=[
            StepOut(status=step.target, needs=step.needs.value, tells_citizen=step.told is not None)
            for step in legal_steps(case.status)
        ],
    )


def message_out(message: ServiceRequestMessage) -> MessageOut:
    """A message as it stands in the thread."""
    return MessageOut.model_validate(message)


def _plain(case: ServiceRequest, services: ServiceList) -> dict[str, Any]:
    return {
        "service_request_id": case.service_request_id,
        "service_code": case.service_code,
        "service_name": services.name_of(case.service_code),
        "agency": case.agency,
        "agency_responsible": services.agency_name(case.agency),
        "status": case.status,
        "description": case.description,
        "address": case.address,
        "lat": case.lat,
        "long": case.long,
        "name": case.name,
        "source": case.source,
        "photos": len(case.attachments),
        "requested_datetime": case.requested_at,
        "updated_datetime": case.updated_at,
        "expected_date": case.expected_on,
        "assignee_id": case.assignee_id,
        "priority": case.priority,
        "version": case.version,
    }


def _answers(service_code: str, given: Mapping[str, Any], services: ServiceList) -> list[AnswerOut]:
    service = services.find(service_code)
    known = {attribute.code: attribute for attribute in service.attributes} if service else {}
    return [
        AnswerOut(
            code=code,
            question=known[code].description if code in known else code,
            value=", ".join(keys),
            answer=", ".join(known[code].name_of(key) if code in known else key for key in keys),
        )
        for code, keys in ((code, _keys(value)) for code, value in given.items())
    ]


def _keys(value: Any) -> list[str]:
    """The keys that were chosen: several of a multivaluelist, one of everything else."""
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]
