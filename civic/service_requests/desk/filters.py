"""Which cases are wanted, as it stands in an address: for the inbox, the API, exports and saved filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlencode

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator
from sqlalchemy.orm import Session

from civic.accounts import queries as accounts
from civic.accounts.models import Official
from civic.service_requests.queries import NOBODY, Near, Sort, Wanted
from civic.service_requests.rules import OPEN, Priority, Status

ME = "me"


class CaseFilter(BaseModel):
    """Which service requests are wanted, and in which order."""

    model_config = ConfigDict(extra="ignore")

    status: list[Status] = Field([], max_length=20, description="One or several.")
    open: bool = Field(False, description="Only those that are still to be dealt with.")
    late: bool = Field(False, description="Only open ones whose expected day is over.")
    flagged: bool = Field(False, description="Only those with something that the official has not seen yet.")
    priority: Priority | None = Field(None, description="How urgent.")
    service_code: list[str] = Field([], max_length=50, description="One or several types.")
    agency: str | None = Field(None, max_length=50, description="The department's code.")
    area: str | None = Field(None, max_length=80, description="The area that the place lies in.")
    assignee: str | None = Field(None, max_length=40, description="An official's name, `me` or `nobody`.")
    text: str | None = Field(
        None,
        max_length=200,
        description="A word of description, address or number begins with each of these.",
    )
    since: AwareDatetime | None = Field(None, description="Requested at this time or later.")
    until: AwareDatetime | None = Field(None, description="Requested before this time.")
    lat: float | None = Field(None, ge=-90, le=90, description="Near this point; needs `long`.")
    long: float | None = Field(None, ge=-180, le=180, description="Near this point; needs `lat`.")
    radius: float = Field(500, gt=0, le=50_000, description="So many metres around the point.")
    sort: Sort = Field("newest", description="`expected`: what is due first comes first.")

    @model_validator(mode="after")
    def _whole_points(self) -> CaseFilter:
        if (self.lat is None) != (self.long is None):
            raise ValueError("a point needs both lat and long")
        return self

    def wanted(self, session: Session, official: Official, today: date) -> Wanted:
        """The filter in terms of the tables; somebody who does not exist has no cases."""
        statuses: Sequence[Status] = self.status
        if self.open:
            statuses = [one for one in (self.status or OPEN) if one in OPEN] or [Status.SUBMITTED]
        return Wanted(
            statuses=statuses,
            service_codes=self.service_code,
            agency=self.agency or None,
            area=self.area or None,
            text=self.text or None,
            since=self.since,
            until=self.until,
            assignee=_assignee(session, official, self.assignee),
            late_on=today if self.late else None,
            near=Near(self.lat, self.long, self.radius)
            if self.lat is not None and self.long is not None
            else None,
            priority=self.priority,
            flagged_for=official if self.flagged else None,
            sort=self.sort,
        )

    def query(self, **other: Any) -> str:
        """The filter as it stands in an address; what is as usual is left out."""
        said = {**self.model_dump(mode="json", exclude_defaults=True), **other}
        pairs: dict[str, Any] = {}
        for name, value in said.items():
            if value not in (None, "", [], False):
                pairs[name] = "1" if value is True else value
        return urlencode(pairs, doseq=True)


def parse(query: str | Mapping[str, Sequence[str]]) -> tuple[CaseFilter, list[str]]:
    """The filter in an address, and the names of what in it cannot be used; the rest counts."""
    said = parse_qs(query.lstrip("?"), max_num_fields=100) if isinstance(query, str) else query
    values: dict[str, Any] = {}
    for name, field in CaseFilter.model_fields.items():
        given = [value for value in said.get(name, []) if value.strip()]
        if given:
            values[name] = given if "list" in str(field.annotation) else given[-1]
    wrong: list[str] = []
    for _ in range(len(values) + 1):
        try:
            return CaseFilter.model_validate(values), wrong
        except ValidationError as error:
            for each in error.errors():
                name = str(each["loc"][0]) if each["loc"] else "lat"
                values.pop(name, None)
                if name == "lat":
                    values.pop("long", None)
                wrong.append(name)
    return CaseFilter(), wrong


def _assignee(session: Session, official: Official, named: str | None) -> str | None:
    if not named:
        return None
    if named == ME:
        return official.id
    if named == NOBODY:
        return NOBODY
    found = accounts.find_by_name(session, named)
    return found.id if found else "-"
