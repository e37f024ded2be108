"""An extra question of a type: typed, pressed, or several pressed one by one."""

from __future__ import annotations

from civic.service_requests import attributes
from civic.service_requests.intake.state import Knowing, Report, Said, Taken
from civic.service_requests.services import ServiceAttribute
from civic.understanding.types import Given, Unsure, Value

# What the buttons carry besides a key: one of those considered, a press of several, and its end.
CONSIDERED, NONE, ADD, REMOVE, DONE = "?", "?none", "+", "-", "!done"
_REMARKS = {"number": "not-a-number", "datetime": "not-a-moment"}


def hear_attribute(report: Report, attribute: ServiceAttribute, text: str, knowing: Knowing) -> Taken | None:
    """Takes a typed answer; what is only probable is asked back, never taken silently."""
    open_ = considered(report, attribute)
    answer = attributes.hear(attribute, text, knowing.words.answers, knowing.meaning, knowing.now, open_)
    if isinstance(answer, Given):
        return Taken(_answered(report, attribute.code, answer.value))
    if isinstance(answer, Unsure):
        values = tuple(one if isinstance(one, tuple) else str(one) for one in answer.values)
        return Taken(report.with_(considered=values, considered_at=attribute.code), (Said("answer-unsure"),))
    remark = _REMARKS.get(attribute.datatype)
    return Taken(report, (Said(remark),)) if remark else None


def considered(report: Report, attribute: ServiceAttribute) -> tuple[Value, ...]:
    """What may be meant at this question, as it was asked back."""
    return report.considered if report.considered_at == attribute.code else ()


def pressed_so_far(report: Report, attribute: ServiceAttribute) -> tuple[str, ...]:
    """Which of several answers are pressed at this question."""
    return report.pressed_so_far if report.considered_at == attribute.code else ()


def press_attribute(report: Report, code: str, answer: str, knowing: Knowing) -> Taken:
    """Takes a button of the question."""
    attribute = knowing.services.get(report.service_code or "").attribute(code)
    if answer == NONE:
        return Taken(report.with_(considered=()))
    if answer.startswith(CONSIDERED):
        open_, place = considered(report, attribute), answer.removeprefix(CONSIDERED)
        if not place.isdigit() or int(place) >= len(open_):
            return Taken(report, (Said("stale-button"),))
        return Taken(_answered(report, code, open_[int(place)]))
    if attribute.datatype != "multivaluelist":
        return Taken(_answered(report, code, answer))
    so_far = pressed_so_far(report, attribute)
    if answer == DONE:
        return Taken(_answered(report, code, so_far)) if so_far else Taken(report)
    key, others = answer[1:], tuple(one for one in so_far if one != answer[1:])
    wanted = {*others, key} if answer[:1] == ADD else set(others)
    ordered = tuple(value.key for value in attribute.values if value.key in wanted)
    return Taken(report.with_(pressed_so_far=ordered, considered=(), considered_at=code))


def _answered(report: Report, code: str, value: Value) -> Report:
    return report.with_(
        attributes={**report.attributes, code: attributes.kept(value)},
        considered=(),
        pressed_so_far=(),
        considered_at="",
        unclear=0,
    )
