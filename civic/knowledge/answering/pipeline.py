"""From a question to an answer: the steps in their order. Each may end the question; the last one does."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from civic.knowledge.answering.outcomes import Answer
from civic.knowledge.answering.state import Asking, Circumstances, Step
from civic.knowledge.answering.steps.a_question import a_question
from civic.knowledge.answering.steps.cite import cite
from civic.knowledge.answering.steps.conclude import conclude
from civic.knowledge.answering.steps.conditions import conditions
from civic.knowledge.answering.steps.context import context
from civic.knowledge.answering.steps.documents import documents
from civic.knowledge.answering.steps.emergency import emergency
from civic.knowledge.answering.steps.judge import judge
from civic.knowledge.answering.steps.personal_data import personal_data
from civic.knowledge.answering.steps.plain import plain
from civic.knowledge.answering.steps.refuse import refuse
from civic.knowledge.answering.steps.retrieve import retrieve
from civic.knowledge.answering.steps.spelling import spelling
from civic.knowledge.answering.steps.split import split
from civic.knowledge.answering.steps.vague import vague
from civic.knowledge.live import LiveIndex

STEPS: tuple[Step, ...] = (
    emergency,
    personal_data,
    a_question,
    documents,
    plain,
    spelling,
    split,
    context,
    refuse,
    retrieve,
    vague,
    judge,
    cite,
    conditions,
    conclude,
)


def answer(
    session: Session,
    live: LiveIndex,
    question: str,
    *,
    history: Sequence[str] = (),
    threshold: float = 0.0,
    around: Circumstances | None = None,
) -> Answer:
    """Answers from the documents in force, or says why not; `threshold` 0 means the measured one."""
    asking = Asking(session, live, question, history, threshold, around or Circumstances())
    for step in STEPS:
        ended = step(asking)
        if ended is not None:
            return ended
    raise AssertionError("the last step ends every question")
