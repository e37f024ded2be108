"""What is known of a report so far, what was just heard, and what comes of it: plain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from civic.conversation.types import Location
from civic.service_requests.areas import Areas
from civic.service_requests.places import Gazetteer
from civic.service_requests.reading import Lexicon
from civic.service_requests.services import Service, ServiceAttribute, ServiceList
from civic.service_requests.suggester import Suggestion
from civic.understanding import Meaning


class Step(StrEnum):
    """What the citizen is being asked."""

    RESUME = "resume"
    DESCRIPTION = "description"
    TYPE = "type"
    ATTRIBUTE = "attribute"
    PLACE = "place"
    SUMMARY = "summary"
    NAME = "name"
    PHOTO = "photo"
    CHANGE = "change"
    # About a report that was sent already.
    COMMENT = "comment"
    WITHDRAW = "withdraw"


class Report(BaseModel):
    """A report in the making. Never changed, only replaced: see `with_`."""

    model_config = ConfigDict(frozen=True)

    step: Step = Step.DESCRIPTION
    description: str | None = None
    service_code: str | None = None
    type_chosen: bool = False
    # The types on the buttons; none of them: the groups are offered.
    offered: tuple[str, ...] = ()
    group: str | None = None
    attributes: dict[str, str | list[str]] = {}
    asked_attribute: str | None = None
    # At the extra question of that code: what may be meant, and what was pressed so far of several.
    considered: tuple[str | tuple[str, ...], ...] = ()
    pressed_so_far: tuple[str, ...] = ()
    considered_at: str = ""
    address: str | None = None
    location: Location | None = None
    place_settled: bool = False
    # Who says where the point is: `shared`, `photo` (its camera) or `named` (the list of places).
    point_from: str = ""
    # Names that the typed place may mean; asked with buttons.
    places_offered: tuple[str, ...] = ()
    # Where a photo was taken, until the citizen says whether that is the place.
    photo_place: Location | None = None
    # Open requests that may be about the same, as shown; and for which type and point they were looked for.
    similar: tuple[str, ...] = ()
    looked_at: str = ""
    # Whether "Is it one of these?" was the last thing asked: then a bare "yes" may mean two things.
    asked_which: bool = False
    photos: tuple[str, ...] = ()
    name: str | None = None
    # Whether the name completes the sending ("Send with my name") or is only corrected.
    name_sends: bool = False
    trail: tuple[str, ...] = ()
    pending: str | None = None
    # The request that a comment or a withdrawal is about, and the report that waits beneath it.
    about: str | None = None
    beneath: dict[str, Any] | None = None
    unclear: int = 0
    turns: int = 0

    def with_(self, **changes: Any) -> Report:
        """The report with some parts replaced."""
        return self.model_copy(update=changes)

    @property
    def key(self) -> str:
        """Names the question being asked, so that a button of another question is recognised."""
        return f"{self.step}={self.asked_attribute}" if self.step is Step.ATTRIBUTE else str(self.step)


@dataclass(frozen=True)
class Heard:
    """One message of the citizen: a text, a pressed button (`key` and `answer`), a place, a photo."""

    text: str | None = None
    key: str | None = None
    answer: str = ""
    stale: bool = False
    location: Location | None = None
    photo: str | None = None
    photo_place: Location | None = None
    intent: str = ""
    confidence: float = 0.0


@dataclass(frozen=True)
class Knowing:
    """What the engine may look things up in: the services, the suggester, the words of the language."""

    services: ServiceList
    suggest: Callable[[str], Suggestion]
    words: Lexicon
    places: Gazetteer = field(default_factory=Gazetteer)
    areas: Areas = field(default_factory=Areas)
    meaning: Meaning | None = None
    now: datetime | None = None

    def service(self, report: Report) -> Service | None:
        return self.services.find(report.service_code)

    def missing_attribute(self, report: Report) -> ServiceAttribute | None:
        """The first required extra question without an answer."""
        service = self.service(report)
        attributes = sorted(service.attributes, key=lambda one: one.order) if service else []
        return next((one for one in attributes if one.required and one.code not in report.attributes), None)


@dataclass(frozen=True)
class Said:
    """A remark before the next question: a key of the catalogue without its prefix."""

    key: str
    args: dict[str, object] = field(default_factory=dict)


End = Literal["file", "file_with_receipt", "join", "comment", "withdraw", "cancel", "interrupted"]


@dataclass(frozen=True)
class Taken:
    """What a message led to: the report now, remarks, and whether the talk ends here."""

    report: Report
    said: tuple[Said, ...] = ()
    end: End | None = None
    back: bool = False
    # The request to join.
    number: str = ""
