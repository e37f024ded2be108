"""What each question takes as a button."""

from __future__ import annotations

from civic.service_requests.intake.extra import press_attribute
from civic.service_requests.intake.filling import change, description, with_type
from civic.service_requests.intake.placing import pressed_place
from civic.service_requests.intake.state import Knowing, Report, Said, Step, Taken
from civic.service_requests.reading import FIELDS
from civic.service_requests.services import Service


def pressed(report: Report, answer: str, knowing: Knowing) -> Taken:
    """Takes a button of the question being asked."""
    match report.step:
        case Step.TYPE:
            return _pressed_type(report, answer, knowing)
        case Step.ATTRIBUTE if report.asked_attribute:
            return press_attribute(report, report.asked_attribute, answer, knowing)
        case Step.PLACE:
            return pressed_place(report, answer, knowing)
        case Step.SUMMARY:
            return _pressed_summary(report, answer)
        case Step.NAME:
            return Taken(report.with_(step=Step.SUMMARY, name=None))
        case Step.PHOTO:
            said = (Said("photos-removed"),) if report.photos else ()
            return Taken(report.with_(step=Step.SUMMARY, photos=()), said)
        case Step.CHANGE:
            if answer in FIELDS:
                return change(report, answer, None, knowing)
            return Taken(report.with_(step=Step.SUMMARY))
        case Step.RESUME if answer == "new":
            fresh = Report(turns=report.turns)
            return description(fresh, report.pending, knowing) if report.pending else Taken(fresh)
        case Step.RESUME:
            return Taken(report.with_(step=Step.DESCRIPTION, pending=None))
        case Step.WITHDRAW:
            return Taken(report, (), "withdraw" if answer == "withdraw" else "cancel")
    return Taken(report, (Said("stale-button"),))


def _pressed_type(report: Report, answer: str, knowing: Knowing) -> Taken:
    if answer == "none":
        return Taken(report.with_(offered=(), group="", unclear=0))
    if answer.startswith("group="):
        return Taken(report.with_(offered=(), group=answer.removeprefix("group="), unclear=0))
    service: Service | None = knowing.services.find(answer)
    if service is None:
        return Taken(report, (Said("stale-button"),))
    report, said = with_type(report.with_(unclear=0), answer, knowing, chosen=True)
    return Taken(report, tuple(said))


def _pressed_summary(report: Report, answer: str) -> Taken:
    match answer:
        case "receipt":
            return Taken(report.with_(name=None), (), "file_with_receipt")
        case "send":
            return Taken(report, (), "file")
        case "anonymous":
            return Taken(report.with_(name=None), (), "file")
        case "name":
            return Taken(report.with_(step=Step.NAME, name_sends=True))
        case _:
            return Taken(report.with_(step=Step.CHANGE))
