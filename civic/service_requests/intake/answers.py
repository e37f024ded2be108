"""What each question takes as a typed answer. `None` means: this was not an answer."""

from __future__ import annotations

from collections.abc import Callable

from civic.service_requests import rules
from civic.service_requests.intake.extra import hear_attribute
from civic.service_requests.intake.filling import change, change_type, description, with_type
from civic.service_requests.intake.placing import place_alone, typed_place, with_address
from civic.service_requests.intake.pressing import pressed
from civic.service_requests.intake.state import Heard, Knowing, Report, Said, Step, Taken
from civic.service_requests.reading import FIELDS, closest, find_place

SURE_OF_YES = 0.8
# Fewer words only name a type ("fly tipping"); more describe the problem further.
WORDS_OF_A_DETAIL = 4
# A correction of the type in a few words; more words are a story of their own.
SHORT_CORRECTION = 10


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
        report, said = with_type(more, suggestion.first, knowing)
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
        return change_type(report, text, knowing)  # "it's a street light, not a pothole"
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
