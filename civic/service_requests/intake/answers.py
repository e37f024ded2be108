"""What each question takes as an answer, typed or pressed. `None` means: this was not an answer."""

from __future__ import annotations

from collections.abc import Callable

from civic.service_requests import rules
from civic.service_requests.intake.extra import hear_attribute, press_attribute
from civic.service_requests.intake.placing import place_alone, pressed_place, typed_place, with_address
from civic.service_requests.intake.state import Heard, Knowing, Report, Said, Step, Taken
from civic.service_requests.reading import FIELDS, answer_in, closest, find_place
from civic.service_requests.services import Service

SURE_OF_YES = 0.8
# Fewer words only name a type ("fly tipping"); more describe the problem further.
WORDS_OF_A_DETAIL = 4
# A correction of the type in a few words; more words are a story of their own.
SHORT_CORRECTION = 10


def description(report: Report, text: str, knowing: Knowing) -> Taken:
    """Takes a description, and from it the type, the place and extra answers where it names them."""
    kept, was_cut = rules.cut(text.strip(), rules.MAX_DESCRIPTION)
    said = [Said("cut-description", {"limit": rules.MAX_DESCRIPTION})] if was_cut else []
    report = report.with_(description=kept, unclear=0)
    if not report.type_chosen:
        suggestion = knowing.suggest(kept)
        if suggestion.sure:
            report, told = _with_type(report, suggestion.first, knowing)
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


def _with_type(
    report: Report, code: str, knowing: Knowing, *, chosen: bool = False
) -> tuple[Report, list[Said]]:
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


def typed(report: Report, text: str, command: str | None, heard: Heard, knowing: Knowing) -> Taken | None:
    """Takes a typed text at the question being asked."""
    return TYPED[report.step](report, text, command, heard, knowing)


def _typed_description(
    report: Report, text: str, command: str | None, heard: Heard, knowing: Knowing
) -> Taken | None:
    if command is not None or knowing.words.is_bare(text):
        return Taken(report, (Said("more-words"),))
    if (alone := place_alone(report, text, knowing)) is not None:
        return alone
    if len(text.split()) < 2 and not report.unclear and not knowing.suggest(text).sure:
        return Taken(report.with_(unclear=1), (Said("more-words"),))
    return description(report, text, knowing)


def _typed_type(
    report: Report, text: str, command: str | None, heard: Heard, knowing: Knowing
) -> Taken | None:
    if command in ("skip", "no"):
        return pressed(report, "none", knowing)
    if command is not None:
        return None  # "send" is no slip of "Something else"
    labels = _type_labels(report, knowing)
    position = knowing.words.ordinal(text)
    if position is None or position >= len(labels):
        position = closest(text, [label for _, label in labels])
    if position is not None:
        return pressed(report, labels[position][0], knowing)
    everything = knowing.services.services
    named = closest(text, [service.service_name for service in everything])
    if named is not None:
        return pressed(report, everything[named].service_code, knowing)
    if knowing.words.asks(text) and heard.intent == "ask_policy":
        return None
    suggestion = knowing.suggest(text)
    if suggestion.sure:
        more = _with_more(report, text)
        report, said = _with_type(more, suggestion.first, knowing)
        place = find_place(text, knowing.words)
        if place and not report.place_settled:
            report, told = with_address(report, place, knowing)
            said += told
        return Taken(report, tuple(said))
    describes = heard.intent in ("report_problem", "out_of_scope", "") and suggestion.like_a_problem
    if describes and len(text.split()) >= 3:
        more = _with_more(report, text)
        best = knowing.suggest(more.description or "").best()
        return Taken(more.with_(offered=best, group=None), (Said("choose-one"),))
    return None


def _with_more(report: Report, text: str) -> Report:
    if len(text.split()) < WORDS_OF_A_DETAIL:
        return report
    joined = f"{report.description}\n{text}".strip()
    return report.with_(description=rules.cut(joined, rules.MAX_DESCRIPTION)[0])


def _type_labels(report: Report, knowing: Knowing) -> list[tuple[str, str]]:
    """The buttons of the type question, as (answer, label)."""
    if report.offered:
        labels = [(code, knowing.services.name_of(code)) for code in report.offered]
        return labels
    groups = knowing.services.groups()
    if report.group in groups:
        return [(service.service_code, service.service_name) for service in groups[report.group]]
    return [(f"group={group}", group) for group in groups]


def _typed_attribute(
    report: Report, text: str, command: str | None, heard: Heard, knowing: Knowing
) -> Taken | None:
    service = knowing.services.get(report.service_code or "")
    attribute = service.attribute(report.asked_attribute or "")
    if command == "skip" and attribute.values:
        return Taken(report, (Said("answer-needed"), Said("cannot-skip")))
    if not attribute.values and len(text) > rules.MAX_ANSWER:
        return Taken(report, (Said("answer-too-long", {"limit": rules.MAX_ANSWER}),))
    return hear_attribute(report, attribute, text, knowing)


def _typed_name(
    report: Report, text: str, command: str | None, heard: Heard, knowing: Knowing
) -> Taken | None:
    if command in ("skip", "no", "anonymous"):
        return Taken(report.with_(step=Step.SUMMARY, name=None))
    wanted = knowing.words.field_to_change(text)
    if wanted is not None and wanted[0] != "name":
        return change(report, *wanted, knowing)
    name = knowing.words.own_name(text)
    if command is not None or not rules.looks_like_a_name(name):
        return None
    if not report.name_sends:
        return Taken(report.with_(step=Step.SUMMARY, name=name))
    # The consent stood above the button that led here, so the name completes it.
    return Taken(report.with_(name=name), (), "file")


def _typed_photo(
    report: Report, text: str, command: str | None, heard: Heard, knowing: Knowing
) -> Taken | None:
    return pressed(report, "skip", knowing) if command in ("skip", "no", "send") else None


def _typed_summary(
    report: Report, text: str, command: str | None, heard: Heard, knowing: Knowing
) -> Taken | None:
    if knowing.words.asks(text) and heard.intent not in ("affirm", "deny"):
        return None
    short = len(text.split()) <= 5 and heard.confidence >= SURE_OF_YES
    if command in ("yes", "send"):
        return Taken(report, (), "file")
    if command == "anonymous":
        return Taken(report.with_(name=None), (), "file")
    if command == "no":
        return Taken(report.with_(step=Step.CHANGE))
    wanted = knowing.words.field_to_change(text)
    if wanted is not None:
        return change(report, *wanted, knowing)
    place = find_place(text, knowing.words)
    if place:
        report, said = with_address(report, place, knowing)
        return Taken(report, (Said("changed"), *said))
    if short and heard.intent == "affirm":
        return Taken(report, (), "file")
    suggestion = knowing.suggest(text)
    if suggestion.sure and suggestion.first != report.service_code and len(text.split()) <= SHORT_CORRECTION:
        return _change_type(report, text, knowing)  # "it's a street light, not a pothole"
    return Taken(report.with_(step=Step.CHANGE)) if short and heard.intent == "deny" else None


def _typed_change(
    report: Report, text: str, command: str | None, heard: Heard, knowing: Knowing
) -> Taken | None:
    if command in ("skip", "no", "yes", "send"):
        return Taken(report.with_(step=Step.SUMMARY))
    wanted = knowing.words.field_to_change(text)
    if wanted is None:
        position = knowing.words.ordinal(text)
        if position is None or position >= len(FIELDS):
            return None
        wanted = FIELDS[position], None
    return change(report, *wanted, knowing)


def _typed_resume(
    report: Report, text: str, command: str | None, heard: Heard, knowing: Knowing
) -> Taken | None:
    if command in ("yes",):
        return pressed(report, "go_on", knowing)
    return pressed(report, "new", knowing) if command in ("new", "no") else None


def _typed_comment(
    report: Report, text: str, command: str | None, heard: Heard, knowing: Knowing
) -> Taken | None:
    if command in ("skip", "no"):
        return Taken(report, (), "cancel")
    kept, was_cut = rules.cut(text, rules.MAX_DESCRIPTION)
    said = (Said("cut-description", {"limit": rules.MAX_DESCRIPTION}),) if was_cut else ()
    return Taken(report.with_(description=kept), said, "comment")


def _typed_withdraw(
    report: Report, text: str, command: str | None, heard: Heard, knowing: Knowing
) -> Taken | None:
    if command in ("yes", "send"):
        return Taken(report, (), "withdraw")
    return Taken(report, (), "cancel") if command in ("no", "skip") else None


Typed = Callable[[Report, str, str | None, Heard, Knowing], Taken | None]
TYPED: dict[Step, Typed] = {
    Step.RESUME: _typed_resume,
    Step.DESCRIPTION: _typed_description,
    Step.TYPE: _typed_type,
    Step.ATTRIBUTE: _typed_attribute,
    Step.PLACE: typed_place,
    Step.SUMMARY: _typed_summary,
    Step.NAME: _typed_name,
    Step.PHOTO: _typed_photo,
    Step.CHANGE: _typed_change,
    Step.COMMENT: _typed_comment,
    Step.WITHDRAW: _typed_withdraw,
}


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
    report, said = _with_type(report.with_(unclear=0), answer, knowing, chosen=True)
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
            return _change_type(report, value, knowing)
        case "photo":
            return Taken(report.with_(step=Step.PHOTO))
        case "name":
            return Taken(report.with_(step=Step.NAME, name_sends=False))
    if field == "type" and report.service_code and report.description:
        others = [code for code in knowing.suggest(report.description).best(4) if code != report.service_code]
        return Taken(forget(report, field).with_(offered=tuple(others[:3])))
    return Taken(forget(report, field))


def _change_type(report: Report, value: str, knowing: Knowing) -> Taken:
    everything = knowing.services.services
    named = closest(value, [service.service_name for service in everything])
    suggestion = knowing.suggest(value)
    if named is None and not suggestion.sure:
        return Taken(forget(report, "type").with_(offered=suggestion.best()))
    code = everything[named].service_code if named is not None else suggestion.first
    report, said = _with_type(report.with_(step=Step.SUMMARY), code, knowing, chosen=True)
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
