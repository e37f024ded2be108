"""Tells everybody who follows a case what happened to it: once each, in their channel, as they wish."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from civic.conversation.types import Choice, Reply
from civic.delivery import queries as delivery
from civic.delivery.commands import tell
from civic.delivery.rules import News, wanted
from civic.service_requests import queries
from civic.service_requests.models import ServiceRequest
from civic.service_requests.queries import Subscriber
from civic.service_requests.rules import Priority, Status

# How these messages are marked: what is written after them is about the case they are about.
UPDATE = "service_request_update"
QUESTION = "service_request_question"

Words = Callable[[Subscriber], str]
Choices = Callable[[Subscriber], Sequence[Choice]]

NEWS = {
    Status.WAITING_FOR_CITIZEN: News.QUESTION,
    Status.RESOLVED: News.RESULT,
    Status.REJECTED: News.RESULT,
    Status.DUPLICATE: News.RESULT,
    Status.CLOSED: News.RESULT,
}


def is_reporter(case: ServiceRequest, subscriber: Subscriber) -> bool:
    """Whether somebody is the one who reported it, rather than one who joined."""
    return subscriber.conversation_id == case.conversation_id


def follower(session: Session, case: ServiceRequest, citizen_id: str) -> Subscriber | None:
    """A citizen as somebody who follows the case."""
    return next((one for one in queries.subscribers(session, case) if one.citizen_id == citizen_id), None)


def tell_followers(
    session: Session,
    case: ServiceRequest,
    words: Words,
    dedupe_key: str,
    news: News,
    now: datetime,
    *,
    choices: Choices | None = None,
    status: str = UPDATE,
    only_reporter: bool = False,
    but: str | None = None,
) -> bool:
    """Tells the followers of a case, except the conversation `but`; whether the one who reported it was told.

    What somebody does not wish to hear is not said; what was said under the same key is not said again.
    An emergency is told at any hour.
    """
    reached = False
    for one in queries.subscribers(session, case):
        reporter = is_reporter(case, one)
        if one.conversation_id == but or (only_reporter and not reporter):
            continue
        if not wanted(delivery.wish_of(session, one.citizen_id), news):
            continue
        if delivery.by_key(session, one.conversation_id, dedupe_key) is not None:
            continue
        buttons = list(choices(one)) if choices else []
        said = Reply(text=words(one), choices=buttons, status=status if reporter or buttons else UPDATE)
        urgent = case.priority is Priority.EMERGENCY
        told = tell(session, one.conversation_id, said, dedupe_key=dedupe_key, now=now, urgent=urgent)
        reached = reached or (told and reporter)
    return reached


def names_the_reporter(case: ServiceRequest, text: str) -> bool:
    """Whether words to the one who reported say their name: others who joined do not read these then."""
    names = set(re.findall(r"\w{3,}", (case.name or "").casefold()))
    return bool(names & set(re.findall(r"\w{3,}", text.casefold())))
