"""What is stored of the reports of a talk."""

from __future__ import annotations

from sqlalchemy import func, select

from civic.service_requests.models import ServiceRequest, ServiceRequestDraft
from tests.service_requests.conftest import Teller


def cases(anna: Teller) -> list[ServiceRequest]:
    return list(anna.session.scalars(select(ServiceRequest)))


def drafts(anna: Teller) -> int:
    return anna.session.scalar(select(func.count()).select_from(ServiceRequestDraft)) or 0


def the_case(anna: Teller) -> ServiceRequest:
    (case,) = cases(anna)
    return case
