"""What fills a report, changes a part of it, or takes one out again."""

from __future__ import annotations

from civic.service_requests import rules
from civic.service_requests.intake.placing import with_address
from civic.service_requests.intake.state import Knowing, Report, Said, Step, Taken
from civic.service_requests.reading import answer_in, closest, find_place


def description(report: Report, text: str, knowing: Knowing) -> Taken:
    """Takes a description, and from it the type, the place and extra answers where it names them."""
    kept, was_cut = rules.cut(text.strip(), rules.MAX_DESCRIPTION)
    said = [Said("cut-description", {"limit": rules.MAX_DESCRIPTION})] if was_cut else []
    report = report.with_(description=kept, unclear=0)
    if not report.type_chosen:
        suggestion = knowing.suggest(kept)
        if suggestion.sure:
            report, told = with_type(report, suggestion.first, knowing)
            said += told
        elif report.service_code is None:
            report = report.with_(offered=suggestion.best(), group=None)
    else:
        report = _read_attributes(report, kept, knowing)
    place = find_place(kept, knowing.words)
    if place is None and (known := knowing.places.named_in_sentence(kept)) is not None:
        place = known.name
    if place and len(place) <= rules.MAX_ADDRESS:
        report, told = with_address(report, place, knowing)
        said += told
    return Taken(report, tuple(said))


def with_type(
    report: Report, code: str, knowing: Knowing, *, chosen: bool = False
) -> tuple[Report, list[Said]]:
    """The report as one of a type, with the extra answers that its words hold already, and what to say."""
    service = knowing.services.get(code)
    kept = {one.code for one in service.attributes}
    new = report.service_code != code
    report = report.with_(
        service_code=code,
        type_chosen=chosen or report.type_chosen,
        offered=(),
        group=None,
        attributes={key: value for key, value in report.attributes.items() if key in kept},
    )
    said = []
    if new and not chosen:
        said.append(Said("understood-type", {"type": service.service_name}))
    if new and service.emergency:
        said.append(Said("emergency-service"))
    return _read_attributes(report, report.description or "", knowing), said


def _read_attributes(report: Report, text: str, knowing: Knowing) -> Report:
    service = knowing.service(report)
    found = {
        attribute.code: answer
        for attribute in (service.attributes if service else ())
        if attribute.code not in report.attributes and (answer := answer_in(text, attribute))
    }
    return report.with_(attributes={**report.attributes, **found}) if found else report


def change(report: Report, field: str, value: str | None, knowing: Knowing) -> Taken:
    """Changes one part of the report: at once where the new value was said, else by asking for it."""
    changed = (Said("changed"),)
    match field:
        case "description" if value:
            taken = description(report.with_(step=Step.SUMMARY), value, knowing)
            return Taken(taken.report, (*changed, *taken.said))
        case "place" if value and len(value) <= rules.MAX_ADDRESS:
            place = report.with_(step=Step.SUMMARY, location=None, point_from="")
            place, said = with_address(place, value, knowing, asked=True)
            return Taken(place, (*changed, *said))
        case "name" if value and rules.looks_like_a_name(value):
            return Taken(report.with_(step=Step.SUMMARY, name=value), changed)
        case "type" if value:
            return change_type(report, value, knowing)
        case "photo":
            return Taken(report.with_(step=Step.PHOTO))
        case "name":
            return Taken(report.with_(step=Step.NAME, name_sends=False))
    if field == "type" and report.service_code and report.description:
        others = [code for code in knowing.suggest(report.description).best(4) if code != report.service_code]
        return Taken(forget(report, field).with_(offered=tuple(others[:3])))
    return Taken(forget(report, field))


def change_type(report: Report, value: str, knowing: Knowing) -> Taken:
    """Changes the type to the one that is named or described; offers the likeliest where neither is sure."""
    everything = knowing.services.services
    named = closest(value, [service.service_name for service in everything])
    suggestion = knowing.suggest(value)
    if named is None and not suggestion.sure:
        return Taken(forget(report, "type").with_(offered=suggestion.best()))
    code = everything[named].service_code if named is not None else suggestion.first
    report, said = with_type(report.with_(step=Step.SUMMARY), code, knowing, chosen=True)
    return Taken(report, (Said("changed"), *said))


def forget(report: Report, key: str) -> Report:
    """The report without the answer to one question, which is then asked again."""
    step, _, attribute = key.partition("=")
    match step:
        case Step.DESCRIPTION:
            return report.with_(step=Step.DESCRIPTION, description=None)
        case Step.TYPE:
            return report.with_(step=Step.TYPE, service_code=None, type_chosen=False, offered=(), group=None)
        case Step.ATTRIBUTE:
            kept = {code: value for code, value in report.attributes.items() if code != attribute}
            return report.with_(step=Step.ATTRIBUTE, attributes=kept)
        case Step.PLACE:
            return report.with_(
                step=Step.PLACE, place_settled=False, address=None, location=None, places_offered=()
            )
    return report.with_(step=Step.SUMMARY)
