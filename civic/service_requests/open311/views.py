"""How cases look in the standard's words: plain dictionaries, in the order of the specification."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any

from civic.service_requests.open311 import rules
from civic.service_requests.open311.queries import Seen
from civic.service_requests.open311.rules import Shown
from civic.service_requests.rules import Status
from civic.service_requests.services import Service, ServiceAttribute, ServiceList

Say = Callable[..., str]
View = dict[str, Any]
STATUS = "service-requests-status-"


@dataclass
class Viewer:
    """Puts rows into views: knows the types, the words, and where photos are served.

    It lives for one reply; the few sentences that all lists repeat may be kept from one to the next.
    """

    services: ServiceList
    say: Say
    media: str
    said: dict[Any, str] = field(default_factory=dict)

    @cached_property
    def known(self) -> dict[str, Service]:
        """The types by code: a long list asks for them at every row."""
        return {service.service_code: service for service in self.services.services}

    def request(self, row: Seen) -> View:
        """One request, as anybody may see it."""
        service = self.known.get(row.service_code)
        shown = rules.shown_of(row.shown, service)
        open_ = rules.is_open(row.status)
        place, words = shown is not Shown.NOTHING, shown is Shown.WORDS
        changed = row.updated_at if open_ else (row.ended_at or row.updated_at)
        return {
            "service_request_id": row.service_request_id,
            "status": "open" if open_ else "closed",
            "status_notes": self.status_note(row.status, row.original),
            "service_name": service.service_name if service else self.services.name_of(row.service_code),
            "service_code": row.service_code,
            "description": (row.description or None) if words else None,
            "agency_responsible": self.services.agency_name(row.agency),
            "service_notice": self.notice(row.agency, row.expected_on) if open_ else None,
            "requested_datetime": rules.write_time(row.requested_at),
            "updated_datetime": rules.write_time(changed),
            "expected_datetime": self.end_of(row.expected_on),
            "address": public_text(row.address or "") if place else None,
            "address_id": row.address_id if place else None,
            "zipcode": None,
            "lat": row.lat if place else None,
            "long": row.long if place else None,
            "media_url": self._media_url(row) if words else None,
        }

    def _media_url(self, row: Seen) -> str | None:
        return f"{self.media}/{row.photo}" if row.photo else row.media_url

    def notice(self, agency: str, expected_on: date) -> str:
        """What will be done about a request, and by when."""
        key = (agency, expected_on)
        if key not in self.said:
            name = self.services.agency_name(agency)
            self.said[key] = self.say("service-requests-open311-notice", agency=name, date=expected_on)
        return self.said[key]

    def end_of(self, day: date) -> str:
        """The end of a day, as a time."""
        if day not in self.said:
            self.said[day] = rules.write_time(datetime.combine(day, time(23, 59, 59), UTC))
        return self.said[day]

    def status_note(self, status: Status, original: str | None) -> str:
        """Where a request stands, in words that are not about one person."""
        if status is Status.DUPLICATE and original:
            return self.say("service-requests-open311-duplicate", original=original)
        if status not in self.said:
            waiting = status is Status.WAITING_FOR_CITIZEN
            note = self.say(STATUS + ("waiting-public" if waiting else status.value))
            self.said[status] = note[:1].upper() + note[1:]
        return self.said[status]

    def updates(self, changes: Iterable[Any], replies: Iterable[Any], limit: int) -> list[View]:
        """Steps and replies as one list, oldest first."""
        rows = sorted([*changes, *replies], key=lambda row: (row.created_at, row.id))[:limit]
        return [self.update(row) for row in rows]

    def update(self, row: Any) -> View:
        """One step of the status, or one reply of an official."""
        reply = hasattr(row, "text")
        return {
            "update_id": row.id,
            "service_request_id": row.service_request_id,
            "status": "open" if rules.is_open(row.status) else "closed",
            "updated_datetime": rules.write_time(row.created_at),
            "description": self._reply(row) if reply else self.status_note(row.status, None),
            "media_url": None,
        }

    def _reply(self, row: Any) -> str:
        shown = rules.shown_of(row.shown, self.known.get(row.service_code))
        return public_text(row.text) or "" if shown is Shown.WORDS else self.status_note(row.status, None)

    def service(self, service: Service) -> View:
        """One type of complaint."""
        return {
            "service_code": service.service_code,
            "service_name": service.service_name,
            "description": service.description,
            "metadata": bool(service.attributes),
            "type": "realtime",
            "keywords": ", ".join(service.keywords),
            "group": service.group,
        }

    def services_view(self) -> list[View]:
        return [self.service(service) for service in self.services.services]


def definition(service: Service) -> View:
    """The questions of a type, in the order in which they are asked."""
    return {
        "service_code": service.service_code,
        "attributes": [
            _attribute(attribute, order) for order, attribute in enumerate(_in_order(service.attributes), 1)
        ],
    }


def _in_order(attributes: Sequence[ServiceAttribute]) -> list[ServiceAttribute]:
    return sorted(attributes, key=lambda attribute: attribute.order)


def _attribute(attribute: ServiceAttribute, order: int) -> View:
    return {
        "variable": attribute.variable,
        "code": attribute.code,
        "datatype": attribute.datatype,
        "required": attribute.required,
        "datatype_description": attribute.datatype_description or None,
        "order": order,
        "description": attribute.description,
        "values": [{"key": value.key, "name": value.name} for value in attribute.values],
    }


def public_text(text: str) -> str | None:
    """A text for everybody: no contact details, no more than the standard allows; None when it is empty."""
    return rules.without_contacts(text)[: rules.MAX_DESCRIPTION] or None
