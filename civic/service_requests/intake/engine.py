"""Takes one message into a report and decides what to ask next.

Pure: no clock, no database, no words of its own.
"""

from __future__ import annotations

from dataclasses import replace

from civic.service_requests import rules
from civic.service_requests.intake import answers, filling, pressing
from civic.service_requests.intake.placing import place_alone
from civic.service_requests.intake.state import Heard, Knowing, Report, Said, Step, Taken

CLOSED = (Step.TYPE, Step.SUMMARY, Step.CHANGE, Step.RESUME, Step.WITHDRAW)
DETOURS = (Step.RESUME, Step.NAME, Step.PHOTO, Step.CHANGE, Step.COMMENT, Step.WITHDRAW)
# What the citizen may want in between; the rule of the intent answers, then the question is asked again.
ELSEWHERE = frozenset(
    {"ask_policy", "check_status", "start_survey", "give_feedback", "talk_to_official", "delete_my_data"}
    | {"greet", "bye", "thank", "bot_challenge"}
)
# Said in so many words, these interrupt open questions too: nobody means them as a place or a description.
FIRM = frozenset({"talk_to_official", "delete_my_data"})
SMALL_TALK = frozenset({"greet", "bye", "thank", "bot_challenge"})
FIRM_CONFIDENCE = 0.8
FIRM_WORDS = 8


def begin(heard: Heard, knowing: Knowing, start: Report | None = None) -> Taken:
    """Starts a report with the message that asked for it, which may say everything already.

    `start` holds what was shared just before: people send the photo first and the words after it.
    """
    report, said = _add_shared((start or Report()).with_(turns=1), heard, knowing)
    text = heard.text or ""
    said = [*_danger(text, knowing), *said]
    words = knowing.words
    if rules.says_something(text) and not words.is_bare(text) and not words.command(text):
        taken = place_alone(report, text, knowing) or filling.description(report, text, knowing)
        report, said = taken.report, [*said, *taken.said]
    return Taken(settle(report, knowing), tuple(said))


def take(report: Report, heard: Heard, knowing: Knowing) -> Taken:
    """Takes a message as an answer to the question that was asked, or as a command, or as neither."""
    report = report.with_(turns=report.turns + 1)
    before = report
    if report.step in (Step.COMMENT, Step.WITHDRAW) and heard.location:
        heard = replace(heard, location=None)  # a request that was sent stays where it is
    report, said = _add_shared(report, heard, knowing)
    said = [*_danger(heard.text or "", knowing), *said]
    if heard.key is not None or heard.stale:
        taken = _pressed(report, heard, knowing)
    elif heard.photo and report.step is Step.COMMENT:
        taken = Taken(report.with_(description=heard.text), (), "comment")
        said = []
    elif heard.text:
        taken = _typed(report, heard, knowing)
    elif heard.location or heard.photo:
        taken = Taken(_after_sharing(report, heard), ())
    elif heard.intent == "report_problem":
        taken = Taken(report, (Said("already-here"),))
    else:
        taken = _by_intent(report, heard, knowing)
    if taken.end is not None:
        return replace(taken, said=(*said, *taken.said))
    after = settle(taken.report, knowing)
    if after.key != before.key and not taken.back:
        after = after.with_(trail=_lengthened(before))
    return Taken(after, (*said, *taken.said))


def settle(report: Report, knowing: Knowing) -> Report:
    """The report with the question that comes next: the first thing that is still missing."""
    if report.step in DETOURS:
        return report
    if report.description is None:
        return report.with_(step=Step.DESCRIPTION)
    service = knowing.service(report)
    if service is None:
        offered = report.offered
        if not offered and report.group is None:
            offered = knowing.suggest(report.description).best()
        return report.with_(step=Step.TYPE, offered=offered)
    attribute = knowing.missing_attribute(report)
    if attribute is not None:
        return report.with_(step=Step.ATTRIBUTE, asked_attribute=attribute.code)
    if not report.place_settled and not service.no_place:
        return report.with_(step=Step.PLACE)
    return report.with_(step=Step.SUMMARY)


def _lengthened(before: Report) -> tuple[str, ...]:
    return before.trail if before.step in (*DETOURS, Step.SUMMARY) else (*before.trail, before.key)


def _danger(text: str, knowing: Knowing) -> list[Said]:
    return [Said("danger")] if text and rules.find_danger(text, knowing.services.danger_phrases) else []


def _add_shared(report: Report, heard: Heard, knowing: Knowing) -> tuple[Report, list[Said]]:
    """Adds a photo and a place, whatever was being asked: people send them when they have them."""
    said = []
    if heard.photo and heard.photo not in report.photos:
        if len(report.photos) < rules.MAX_PHOTOS:
            report = report.with_(photos=(*report.photos, heard.photo))
            said.append(Said("kept-photo"))
            place = heard.photo_place
            if place and not report.place_settled and not knowing.areas.outside(place.lat, place.long):
                report = report.with_(photo_place=place)
        else:
            said.append(Said("too-many-photos", {"limit": rules.MAX_PHOTOS}))
    if heard.location and knowing.areas.outside(heard.location.lat, heard.location.long):
        said.append(Said("outside"))
    elif heard.location:
        report = report.with_(
            location=heard.location, point_from="shared", place_settled=True, places_offered=()
        )
        if report.step is not Step.PLACE:
            said.append(Said("kept-place"))
    return report, said


def _after_sharing(report: Report, heard: Heard) -> Report:
    if report.step is Step.PHOTO and heard.photo:
        return report.with_(step=Step.SUMMARY)
    # Correcting the place ends with a place shared.
    return report.with_(step=Step.SUMMARY) if report.step is Step.CHANGE else report


def _pressed(report: Report, heard: Heard, knowing: Knowing) -> Taken:
    if heard.key == "join" and heard.answer in report.similar and report.step is Step.SUMMARY:
        return Taken(report, (), "join", number=heard.answer)
    if heard.key == "join" and heard.answer == "none" and report.step is Step.SUMMARY:
        return Taken(report)
    if heard.stale or heard.key != report.key:
        return Taken(report, () if _says_the_same(report, heard) else (Said("stale-button"),))
    if heard.answer == "cancel":
        return Taken(report, (), "cancel")
    if heard.answer == "back":
        return _back(report, knowing)
    return pressing.pressed(report, heard.answer, knowing)


def _says_the_same(report: Report, heard: Heard) -> bool:
    """A double tap: the button of the last question once more, with the answer that was taken."""
    kept = {"type": report.service_code, **{f"attribute={key}": v for key, v in report.attributes.items()}}
    return not heard.stale and bool(heard.answer) and kept.get(heard.key or "") == heard.answer


def _typed(report: Report, heard: Heard, knowing: Knowing) -> Taken:
    text = (heard.text or "").strip()
    command = knowing.words.command(text)
    match command:
        case "cancel":
            return Taken(report, (), "cancel")
        case "help":
            return Taken(report, (Said(f"help-{report.step}"),))
        case "repeat":
            return Taken(report)
        case "back":
            return _back(report, knowing)
    if _interrupts_first(report, heard, text, knowing):
        return Taken(report, (), "interrupted")
    if not rules.says_something(text):
        remark = "not-words" if report.step is Step.DESCRIPTION else _unclear(report)
        return Taken(report, (Said(remark),))
    wanted = _asks_to_change(report, text, knowing)
    if wanted is not None:
        return filling.change(report, *wanted, knowing)
    taken = answers.typed(report, text, command, heard, knowing)
    if taken is not None:
        return taken
    if heard.intent in ELSEWHERE:
        return Taken(report, (), "interrupted")
    return Taken(report.with_(unclear=report.unclear + 1), (Said(_unclear(report)),))


def _asks_to_change(report: Report, text: str, knowing: Knowing) -> tuple[str, str | None] | None:
    """A correction before the summary, e.g. "wrong type" while the place is being asked."""
    if report.step not in (Step.TYPE, Step.ATTRIBUTE, Step.PLACE, Step.PHOTO) or len(text.split()) > 5:
        return None
    wanted = knowing.words.field_to_change(text)
    return wanted if wanted is not None and knowing.words.says_change(text) else None


def _interrupts_first(report: Report, heard: Heard, text: str, knowing: Knowing) -> bool:
    """Whether an open question gives way; a valid answer to a closed question always counts."""
    attribute = report.step is Step.ATTRIBUTE and _is_list(report, knowing)
    # A comment may be a question: it goes to the department as it is.
    if report.step in CLOSED or report.step is Step.COMMENT or attribute:
        return False
    if text.endswith("?") and heard.intent == "ask_policy":
        return True
    if heard.confidence < FIRM_CONFIDENCE:
        return False
    if heard.intent == "ask_policy" and knowing.words.asks(text):
        return True
    if len(text.split()) > FIRM_WORDS:
        return False
    if heard.intent in FIRM:
        return True
    # "Hello" is no place; but a name may look like anything.
    return heard.intent in SMALL_TALK and report.step is not Step.NAME and len(text.split()) <= 3


def _is_list(report: Report, knowing: Knowing) -> bool:
    service = knowing.service(report)
    return bool(service and report.asked_attribute and service.attribute(report.asked_attribute).values)


def _by_intent(report: Report, heard: Heard, knowing: Knowing) -> Taken:
    """A button of another message, such as a menu: it means an intent and says nothing else."""
    if heard.intent == "cancel":
        return Taken(report, (), "cancel")
    if heard.intent == "help":
        return Taken(report, (Said(f"help-{report.step}"),))
    if heard.intent == "repeat":
        return Taken(report)
    if heard.intent in ELSEWHERE:
        return Taken(report, (), "interrupted")
    return Taken(report, (Said(_unclear(report)),))


def _unclear(report: Report) -> str:
    return {
        Step.DESCRIPTION: "more-words",
        Step.PLACE: "place-unclear",
        Step.SUMMARY: "summary-unclear",
        Step.NAME: "not-a-name",
        Step.PHOTO: "no-photos-yet",
        Step.WITHDRAW: "withdraw-unclear",
        Step.COMMENT: "comment-unclear",
    }.get(report.step, "choose-one")


def _back(report: Report, knowing: Knowing) -> Taken:
    """One question back, and its answer is taken back; from a detour, back to the summary."""
    if report.step in (Step.COMMENT, Step.WITHDRAW):
        return Taken(report, (), "cancel")
    if report.step in (Step.NAME, Step.PHOTO, Step.CHANGE):
        return Taken(report.with_(step=Step.SUMMARY), back=True)
    if report.step is Step.TYPE and report.group is not None:
        return Taken(report.with_(group=None), back=True)
    trail = report.trail
    if not trail:
        if report.description is None or report.step is Step.RESUME:
            return Taken(report, (Said("first-step"),), back=True)
        trail = (str(Step.DESCRIPTION),)
    return Taken(filling.forget(report, trail[-1]).with_(trail=trail[:-1]), back=True)
