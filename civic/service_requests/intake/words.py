"""Puts the engine's remarks and questions into the citizen's words, with their buttons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from civic.conversation.types import Choice, Reply
from civic.kit.services import Services
from civic.service_requests import attributes, rules
from civic.service_requests.intake import extra
from civic.service_requests.intake.nearby import Alike
from civic.service_requests.intake.state import Knowing, Report, Said, Step
from civic.service_requests.reading import FIELDS
from civic.service_requests.services import ServiceAttribute

PREFIX = "service-requests-"
# The value of each button: `report:<draft>:<question>:<answer>`, so that an old one is recognised.
BUTTON = "report"
MAP = "https://www.openstreetmap.org/?mlat={lat:.5f}&mlon={long:.5f}#map=18/{lat:.5f}/{long:.5f}"
LONGEST_LABEL = 120
START_OF_TEXT = 60


def map_link(lat: float, long: float) -> str:
    """Where a citizen can look at a point on a map."""
    return MAP.format(lat=lat, long=long)


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
                return self._place(report)
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
            case Step.COMMENT:
                choices = [self._choice(report, "cancel", "button-keep-quiet")]
                text = self.text("ask-comment", number=report.about or "")
                return Reply(text=text, choices=choices, request="photo")
            case Step.WITHDRAW:
                choices = [
                    self._choice(report, "withdraw", "button-withdraw-now"),
                    self._choice(report, "keep", "button-keep-report"),
                ]
                return Reply(text=self.text("ask-withdraw", number=report.about or ""), choices=choices)

    def _choice(self, report: Report, answer: str, key: str) -> Choice:
        return self._labelled(report, answer, self.text(key))

    def _labelled(self, report: Report, answer: str, label: str) -> Choice:
        value = f"{BUTTON}:{self.draft_id}:{report.key}:{answer}"
        return Choice(label=label[:LONGEST_LABEL], value=value)

    def _place(self, report: Report) -> Reply:
        if report.places_offered:
            named = [self._labelled(report, f"named={name}", name) for name in report.places_offered]
            keep = self.text("button-keep-place", place=report.address or "")
            choices = [*named, self._labelled(report, "keep", keep)]
            return Reply(text=self.text("ask-place-offered"), choices=choices, request="location")
        if report.photo_place is not None:
            point = report.photo_place
            text = self.text("ask-photo-place", map=map_link(point.lat, point.long))
            choices = [
                self._choice(report, "photo", "button-photo-place"),
                self._choice(report, "elsewhere", "button-elsewhere"),
            ]
            return Reply(text=text, choices=choices, request="location")
        choices = [self._choice(report, "skip", "button-skip-place")]
        return Reply(text=self.text("ask-place"), choices=choices, request="location")

    def similar(self, found: Sequence[Alike]) -> Reply:
        """Open requests near the place that may be about the same, to be joined instead of sending."""
        lines = [
            self.text(
                "similar-line",
                number=one.number,
                type=self.knowing.services.name_of(one.service_code),
                place=one.address or self.text("similar-no-address"),
                metres=str(one.metres),
                date=one.reported_on,
                others=one.joiners,
                map=map_link(one.lat, one.long),
            )
            for one in found
        ]
        choices = [
            Choice(
                label=self.text("button-join", number=one.number),
                value=f"{BUTTON}:{self.draft_id}:join:{one.number}",
            )
            for one in found
        ]
        none = Choice(label=self.text("button-none-of-them"), value=f"{BUTTON}:{self.draft_id}:join:none")
        return Reply(text="\n\n".join([self.text("similar"), *lines]), choices=[*choices, none])

    def which(self, report: Report) -> Reply:
        """Asks what a bare "yes" meant: one of the requests that were shown, or sending one's own."""
        choices = [
            Choice(
                label=self.text("button-join", number=number),
                value=f"{BUTTON}:{self.draft_id}:join:{number}",
            )
            for number in report.similar
        ]
        send = self._choice(report, "anonymous", "button-send-mine")
        return Reply(text=self.text("ask-which"), choices=[*choices, send])

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
        return self._extra(report, attribute)

    def _extra(self, report: Report, attribute: ServiceAttribute) -> Reply:
        open_ = extra.considered(report, attribute)
        if open_:
            choices = [
                self._labelled(report, f"{extra.CONSIDERED}{place}", attributes.shown(attribute, value))
                for place, value in enumerate(open_)
            ]
            choices.append(self._choice(report, extra.NONE, "button-none"))
            return Reply(text=attribute.description, choices=choices)
        if attribute.datatype != "multivaluelist":
            choices = [self._labelled(report, value.key, value.name) for value in attribute.values]
            return Reply(text=attribute.description, choices=choices)
        so_far = extra.pressed_so_far(report, attribute)
        choices = []
        for value in attribute.values:
            if value.key in so_far:
                label = self.text("button-chosen", label=value.name)
                choices.append(self._labelled(report, f"{extra.REMOVE}{value.key}", label))
            else:
                choices.append(self._labelled(report, f"{extra.ADD}{value.key}", value.name))
        if so_far:
            choices.append(self._choice(report, extra.DONE, "button-done"))
        return Reply(text=f"{attribute.description}\n{self.text('several')}", choices=choices)

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
            self._choice(report, "receipt", "button-receipt"),
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
                answer = attributes.shown(attribute, report.attributes[attribute.code])
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
        point = report.location
        dealing = self.knowing.areas.agency(service, *((point.lat, point.long) if point else (None, None)))
        agency = self.knowing.services.agency_name(dealing)
        public = self.text("consent-private" if service.private else "consent-public")
        return f"{summary}\n\n{self.text('consent', agency=agency)} {public}"

    def place(self, report: Report) -> str | None:
        """The place in words: an address, a shared point, or both."""
        point = report.location
        if point is None or (report.point_from == "named" and report.address):
            return report.address
        if report.address:
            return self.text("address-and-point", address=report.address)
        if report.point_from == "photo":
            return self.text("photo-place")
        # As text: a number would be grouped and rounded by the catalogue.
        return self.text("shared-place", lat=f"{point.lat:.5f}", long=f"{point.long:.5f}")

    def _resume(self, report: Report) -> Reply:
        start, was_cut = rules.cut(report.description or "", START_OF_TEXT)
        choices = [
            self._choice(report, "go_on", "button-go-on"),
            self._choice(report, "new", "button-start-anew"),
        ]
        return Reply(text=self.text("ask-resume", start=start + " …" * was_cut), choices=choices)
