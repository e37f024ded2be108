"""What the tests of the service requests' pages share: where they are, what they list, what was kept."""

from __future__ import annotations

import re

from sqlalchemy import select

from civic.audit.models import AuditRow
from civic.kit.services import Services
from civic.service_requests.models import ServiceRequest
from tests.pages.conftest import Desk

INBOX = "/officials/service-requests"


def shown(desk: Desk) -> list[str]:
    """The numbers of the cases in the list, in order."""
    return re.findall(r"FM-\w+", " ".join(desk.page.xpath("//ul[@class='cases']//a/@href")))


def stored(services: Services, number: str) -> ServiceRequest:
    with services.sessions() as session:
        found = session.scalar(select(ServiceRequest).where(ServiceRequest.service_request_id == number))
        assert found is not None
        return found


def audited(services: Services) -> list[tuple[str, dict[str, object]]]:
    with services.sessions() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.at, AuditRow.id))
        return [(row.tag, dict(row.details)) for row in rows]
