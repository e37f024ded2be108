"""Giving feedback: the text, then what it is about and how many stars, both of which may be left out."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.base import LoopAction
from civic.conversation.types import Choice, LoopStep, Reply, Turn
from civic.feedback import talk
from civic.feedback.rules import OPTIONS, Labels, Step
from civic.kit.services import Services


class FeedbackForm(LoopAction):
    """Takes an opinion or a suggestion."""

    action_name = "feedback_form"

    def advance(self, session: Session, turn: Turn, services: Services) -> LoopStep:
        labels = {step: _labels(step, services, turn.language) for step in OPTIONS}
        opening = services.text("feedback-opening-words", turn.language)
        progress = talk.advance(session, turn, opening=opening, labels=labels)
        said = [services.text(key, turn.language) for key in progress.say]
        if progress.ask is not None:
            said.append(services.text(f"feedback-ask-{progress.ask}", turn.language))
        choices = [
            Choice(label=label, value=f"{talk.PREFIX}{progress.ask}:{option}")
            for option, label in (labels[progress.ask].of.items() if progress.ask in labels else ())
        ]
        replies = [Reply(text="\n\n".join(said), choices=choices)] if said else []
        return LoopStep(replies=replies, status=progress.status)


def _labels(step: Step, services: Services, language: str) -> Labels:
    return Labels({option: services.text(f"feedback-{step}-{option}", language) for option in OPTIONS[step]})
