"""What another system sends as a new request: read and checked as a whole, every mistake named at once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from civic.service_requests import rules as cases
from civic.service_requests.areas import Areas
from civic.service_requests.open311 import rules
from civic.service_requests.open311.errors import Reason, Refusal, refuse
from civic.service_requests.services import Service, ServiceAttribute, ServiceList

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Submission:
    """A request that can be filed."""

    service: Service
    agency: str
    description: str
    address: str | None
    address_id: str | None
    lat: float | None
    long: float | None
    attributes: dict[str, Any]
    media_url: str | None
    token: str | None
    area: str | None = None
    contact: dict[str, str | None] = field(default_factory=dict)

    @property
    def name(self) -> str | None:
        """First and last name together, as the desk shows a name."""
        parts = [self.contact.get("first_name"), self.contact.get("last_name")]
        return rules.fit(" ".join(part for part in parts if part))[: cases.MAX_NAME] or None


def read_submission(fields: Fields, services: ServiceList, areas: Areas) -> Submission:
    """What was sent, if it can be filed; else a refusal with each thing that is wrong."""
    service = _service(one(fields, "service_code"), services)
    wrong: list[str] = []
    lat, long = place_of(fields, wrong)
    address, address_id = one(fields, "address_string"), one(fields, "address_id")
    if lat is None and not wrong and not address and not address_id and not service.no_place:
        wrong.append("A place is needed: lat and long, or address_string, or address_id.")
    if lat is not None and long is not None and areas.outside(lat, long):
        wrong.append("This place lies outside the municipality, so nobody here can act on it.")
    description = one(fields, "description") or ""
    if len(description) > rules.MAX_DESCRIPTION:
        wrong.append(f"The description may have {rules.MAX_DESCRIPTION} characters at most.")
    media_url = one(fields, "media_url")
    if media_url and not usable_url(media_url):
        wrong.append("The media_url must be a full http or https address.")
    token = one(fields, "token")
    if token and not rules.usable_token(token):
        wrong.append("A token has 8 to 64 letters, digits, dots, hyphens and underscores.")
    submission = Submission(
        service=service,
        agency=areas.agency(service, lat, long),
        description=description,
        address=cases.cut(address, cases.MAX_ADDRESS)[0] if address else None,
        address_id=_short(fields, "address_id", rules.MAX_SHORT, wrong),
        lat=lat,
        long=long,
        attributes=read_attributes(fields, service, wrong),
        media_url=media_url,
        token=token,
        area=areas.name(lat, long),
        contact=read_contact(fields, wrong),
    )
    if wrong:
        raise Refusal([Reason(400, sentence) for sentence in wrong])
    return submission


def _service(code: str | None, services: ServiceList) -> Service:
    if code is None:
        raise refuse(400, "The service_code is missing.")
    service = services.find(code)
    if service is None:
        raise refuse(404, "There is no service with this service_code.")
    return service


def one(fields: Fields, name: str) -> str | None:
    """The last value of a field, fit to be kept; an empty one is as good as none."""
    values = fields.get(name)
    return (rules.fit(values[-1]).strip() or None) if values else None


def _short(fields: Fields, name: str, limit: int, wrong: list[str]) -> str | None:
    value = one(fields, name)
    if value is not None and len(value) > limit:
        wrong.append(f"The {name} may have {limit} characters at most.")
        return None
    return value


def number(text: str) -> float | None:
    """A finite number in plain digits, or None."""
    try:
        value = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def place_of(fields: Fields, wrong: list[str]) -> tuple[float | None, float | None]:
    """Both coordinates, or neither; anything else is noted in `wrong`."""
    said = one(fields, "lat"), one(fields, "long")
    if said == (None, None):
        return None, None
    if None in said:
        wrong.append("lat and long must be sent together.")
        return None, None
    lat, long = number(said[0] or ""), number(said[1] or "")
    if lat is None or long is None or abs(lat) > 90 or abs(long) > 180:
        wrong.append("lat and long must be degrees of WGS 84, such as 51.5017 and -1.2434.")
        return None, None
    return lat, long


def usable_url(url: str) -> bool:
    """Whether a text is an address on the web that may be shown as a link."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
        # Touching the port reads it: a false one raises.
        _ = parts.port
    except ValueError:
        return False
    printable = url.isascii() and url.isprintable() and not set(url) & set(' <>"{}|\\^`')
    return parts.scheme in ("http", "https") and bool(host) and printable and len(url) <= rules.MAX_MEDIA_URL


def read_contact(fields: Fields, wrong: list[str]) -> dict[str, str | None]:
    """Who reports, as far as was said."""
    limits = {"first_name": 80, "last_name": 80, "email": 200, "phone": 40}
    limits |= {"account_id": rules.MAX_SHORT, "device_id": rules.MAX_SHORT}
    contact = {name: _short(fields, name, limit, wrong) for name, limit in limits.items()}
    if contact["email"] and not rules.EMAIL.fullmatch(contact["email"]):
        wrong.append("The email is not an e-mail address.")
    return contact


# ------------------------------------------------------------------------------------------- attributes


def read_attributes(fields: Fields, service: Service, wrong: list[str]) -> dict[str, Any]:
    """The answers to a service's questions; those that the service does not ask are left out."""
    answers: dict[str, Any] = {}
    for attribute in service.attributes:
        if not attribute.variable:
            continue
        given = [
            value
            for name in (f"attribute[{attribute.code}]", f"attribute[{attribute.code}][]")
            for value in (rules.fit(each).strip() for each in fields.get(name, ()))
            if value
        ]
        if not given:
            if attribute.required:
                wrong.append(f"attribute[{attribute.code}] is required: {attribute.description}")
            continue
        problem = _wrong_answer(attribute, given)
        if problem:
            wrong.append(f"attribute[{attribute.code}] {problem}")
        else:
            many = attribute.datatype == "multivaluelist"
            answers[attribute.code] = list(dict.fromkeys(given)) if many else given[-1]
    return answers


def _wrong_answer(attribute: ServiceAttribute, given: Sequence[str]) -> str | None:
    many = attribute.datatype == "multivaluelist"
    if len(given) > 1 and not many:
        return "takes one value, and several were sent."
    value = given[-1]
    limit = cases.MAX_DESCRIPTION if attribute.datatype == "text" else cases.MAX_ANSWER
    if max(map(len, given)) > limit:
        return f"may have {limit} characters at most."
    match attribute.datatype:
        case "singlevaluelist" | "multivaluelist":
            keys = [each.key for each in attribute.values]
            if set(given) - set(keys):
                return f"must be one of these keys: {', '.join(keys)}."
        case "number":
            if number(value) is None:
                return "must be a number."
        case "datetime":
            if rules.read_time(value) is None:
                return "must be a time with its zone, such as 2010-01-01T00:00:00Z."
        case "string":
            if "\n" in value or "\r" in value:
                return "must be on one line."
    return None
