"""Puts the engine's remarks and questions into the citizen's words, with their buttons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from civic.conversation.types import Choice, Reply
from civic.kit.services import Services
from civic.service_requests import rules
from civic.service_requests.intake.state import Knowing, Report, Said, Step
from civic.service_requests.reading import FIELDS

PREFIX = "service-requests-"
# The value of each button: `report:<draft>:<question>:<answer>`, so that an old one is recognised.
BUTTON = "report"
LONGEST_LABEL = 120
START_OF_TEXT = 60


@dataclass(frozen=True)
class Speaker:
    """Speaks one language about one draft."""

    services: Services
    knowing: Knowing
    language: str
    draft_id: str

    def text(self, key: str, **args: object) -> str:
        return self.services.text(PREFIX + key, self.language, **args)

    def remarks(self, said: Iterable[Said]) -> list[Reply]:
        """Remarks as one message; a warning of danger is a message of its own, and the first."""
        said = list(said)
        warnings = [one for one in said if one.key == "danger"]
        others = [one for one in said if one.key != "danger"]
        replies = [Reply(text=self.text(one.key), status="emergency") for one in warnings[:1]]
        if others:
            replies.append(Reply(text=" ".join(self.text(one.key, **one.args) for one in others)))
        return replies

    def question(self, report: Report) -> Reply:
        """What is asked now."""
        match report.step:
            case Step.DESCRIPTION:
                return Reply(text=self.text("ask-description"), request=None)
            case Step.TYPE:
                return self._type(report)
            case Step.ATTRIBUTE:
                return self._attribute(report)
            case Step.PLACE:
                choices = [self._choice(report, "skip", "button-skip-place")]
                return Reply(text=self.text("ask-place"), choices=choices, request="location")
            case Step.SUMMARY:
                return self._summary(report)
            case Step.NAME:
                choices = [self._choice(report, "anonymous", "button-stay-anonymous")]
                key = "ask-name" if report.name_sends else "ask-name-only"
                return Reply(text=self.text(key), choices=choices)
            case Step.PHOTO:
                choices = [self._choice(report, "skip", "button-skip-photo")]
                return Reply(text=self.text("ask-photo"), choices=choices, request="photo")
            case Step.CHANGE:
                choices = [self._choice(report, name, f"field-{name}") for name in FIELDS]
                choices.append(self._choice(report, "back_to_summary", "button-to-summary"))
                return Reply(text=self.text("ask-change"), choices=choices)
            case Step.RESUME:
                return self._resume(report)

    def _choice(self, report: Report, answer: str, key: str) -> Choice:
        return self._labelled(report, answer, self.text(key))

    def _labelled(self, report: Report, answer: str, label: str) -> Choice:
        value = f"{BUTTON}:{self.draft_id}:{report.key}:{answer}"
        return Choice(label=label[:LONGEST_LABEL], value=value)

    def _type(self, report: Report) -> Reply:
        services = self.knowing.services
        groups = services.groups()
        if report.offered:
            choices = [self._labelled(report, code, services.name_of(code)) for code in report.offered]
            choices.append(self._choice(report, "none", "button-none"))
            return Reply(text=self.text("ask-type"), choices=choices)
        if report.group in groups:
            choices = [
                self._labelled(report, service.service_code, service.service_name)
                for service in groups[report.group]
            ]
            choices.append(self._choice(report, "back", "button-back"))
            return Reply(text=self.text("ask-group-type", group=report.group), choices=choices)
        choices = [self._labelled(report, f"group={group}", group) for group in groups]
        return Reply(text=self.text("ask-group"), choices=choices)

    def _attribute(self, report: Report) -> Reply:
        service = self.knowing.services.get(report.service_code or "")
        attribute = service.attribute(report.asked_attribute or "")
        choices = [self._labelled(report, value.key, value.name) for value in attribute.values]
        return Reply(text=attribute.description, choices=choices)

    def _summary(self, report: Report) -> Reply:
        if report.name:
            send = [
                self._choice(report, "send", "button-send"),
                self._choice(report, "anonymous", "button-send-anonymously"),
            ]
        else:
            send = [
                self._choice(report, "anonymous", "button-send-anonymously"),
                self._choice(report, "name", "button-send-with-name"),
            ]
        choices = [
            *send,
            self._choice(report, "change", "button-change"),
            self._choice(report, "cancel", "button-cancel"),
        ]
        return Reply(
            text=self.summary(report),
            choices=choices,
            request="photo" if len(report.photos) < rules.MAX_PHOTOS else None,
        )

    def summary(self, report: Report) -> str:
        """Everything that would be sent, and what sending it means."""
        service = self.knowing.services.get(report.service_code or "")
        lines = []
        for attribute in service.attributes:
            if attribute.code in report.attributes:
                answer = attribute.name_of(report.attributes[attribute.code])
                lines.append(self.text("summary-attribute", question=attribute.description, answer=answer))
        if not service.no_place or report.place_settled:
            place = self.place(report)
            lines.append(self.text("summary-place", place=place) if place else self.text("summary-no-place"))
        lines.append(self.text("summary-photos", count=len(report.photos)))
        name = report.name
        lines.append(self.text("summary-name", name=name) if name else self.text("summary-anonymous"))
        summary = self.text(
            "summary",
            description=report.description or "",
            type=service.service_name,
            details="\n".join(lines),
        )
        agency = self.knowing.services.agency_name(service.agency)
        public = self.text("consent-private" if service.private else "consent-public")
        return f"{summary}\n\n{self.text('consent', agency=agency)} {public}"

    def place(self, report: Report) -> str | None:
        """The place in words: an address, a shared point, or both."""
        point = report.location
        if point is None:
            return report.address
        if report.address:
            return self.text("address-and-point", address=report.address)
        # As text: a number would be grouped and rounded by the catalogue.
        return self.text("shared-place", lat=f"{point.lat:.5f}", long=f"{point.long:.5f}")

    def _resume(self, report: Report) -> Reply:
        start, was_cut = rules.cut(report.description or "", START_OF_TEXT)
        choices = [
            self._choice(report, "go_on", "button-go-on"),
            self._choice(report, "new", "button-start-anew"),
        ]
        return Reply(text=self.text("ask-resume", start=start + " …" * was_cut), choices=choices)
