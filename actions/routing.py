"""Actions that belong to no feature: buttons outside a loop, nothing open, not understood, repeat."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.base import CivicAction, Outcome, choice_handler
from actions.two_acts import is_question
from civic.conversation import queries
from civic.conversation.types import Choice, Reply, Turn
from civic.kit.services import Services
from civic.knowledge import asking


def menu(services: Services, language: str) -> list[Choice]:
    """The three things a citizen comes for, as buttons."""
    return [
        Choice(label=services.text(f"menu-{name}", language), intent=intent)
        for name, intent in (
            ("report", "report_problem"),
            ("survey", "start_survey"),
            ("person", "talk_to_official"),
        )
    ]


class ActionChoose(CivicAction):
    """Hands a pressed button to the feature that offered it."""

    action_name = "action_choose"

    def act(self, session: Session, turn: Turn, services: Services) -> Outcome:
        handler = choice_handler(turn.choice)
        if handler is None:
            return Outcome(replies=[Reply(text=services.text("routing-stale-button", turn.language))])
        return handler(session, turn, services)


class ActionNothingOpen(CivicAction):
    """A yes, no, cancel, place or photo to which nothing was asked."""

    action_name = "action_nothing_open"

    def act(self, session: Session, turn: Turn, services: Services) -> Outcome:
        kind = {"cancel": "cancel", "share_location": "location", "share_photo": "photo"}.get(
            turn.intent, "answer"
        )
        text = services.text(f"routing-nothing-open-{kind}", turn.language)
        return Outcome(replies=[Reply(text=text, choices=menu(services, turn.language))])


class ActionFallback(CivicAction):
    """Looks in the documents all the same; else says plainly that the message was not understood."""

    action_name = "action_fallback"

    def act(self, session: Session, turn: Turn, services: Services) -> Outcome:
        if turn.text and is_question(turn.text):  # then "I do not know" with its ways on is the honest answer
            return Outcome(replies=asking.ask(session, turn, services))
        if turn.text and (answered := asking.ask_if_known(session, turn, services)):
            return Outcome(replies=answered)
        text = services.text("routing-not-understood", turn.language)
        return Outcome(
            replies=[Reply(text=text, choices=menu(services, turn.language), status="not_understood")]
        )


class ActionOutOfScope(CivicAction):
    """Declines what is not the town's; every question is looked up in the documents first."""

    action_name = "action_out_of_scope"

    def act(self, session: Session, turn: Turn, services: Services) -> Outcome:
        if turn.text and is_question(turn.text):  # a town has its llamas; who asks may pass it on to people
            return Outcome(replies=asking.ask(session, turn, services))
        if turn.text and (answered := asking.ask_if_known(session, turn, services)):
            return Outcome(replies=answered)
        text = services.text("routing-out-of-scope", turn.language)
        return Outcome(replies=[Reply(text=text, choices=menu(services, turn.language))])


class ActionRepeat(CivicAction):
    """Says the last message again; its buttons are offered anew."""

    action_name = "action_repeat"

    def act(self, session: Session, turn: Turn, services: Services) -> Outcome:
        last = queries.messages_since(session, turn.conversation_id, 0, limit=1)
        if not last:
            return Outcome(replies=[Reply(text=services.text("routing-nothing-to-repeat", turn.language))])
        payload = dict(last[0].payload)
        choices = []
        for offered in payload.pop("choices", []):
            token = queries.choice(session, turn.conversation_id, offered["token"])
            if token is not None:
                choices.append(Choice(label=token.label, intent=token.intent, value=token.value))
        return Outcome(replies=[Reply(**payload, choices=choices)])
