"""Everyday questions to the demonstration town: most are answered in the right words, few others at all."""

from __future__ import annotations

import json

import pytest

from civic.kit.services import Services
from civic.knowledge.answering import Status, answer
from civic.knowledge.live import LiveIndex
from evaluation.typing_slips import slipped
from tests.fixtures import ROOT


@pytest.mark.usefixtures("town")
def test_most_everyday_questions_are_answered_and_few_others(services: Services) -> None:
    lines = (ROOT / "evaluation" / "marlow_vale_questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line) for line in lines]
    live = services.get(LiveIndex)
    with services.sessions() as session:
        found = [answer(session, live, one["text"]) for one in asked]
    answerable = [(one, got) for one, got in zip(asked, found, strict=True) if one["document"]]
    others = [got for one, got in zip(asked, found, strict=True) if not one["document"]]
    shown = [(one, got) for one, got in answerable if got.status is Status.ANSWERED]
    right = [one for one, got in shown if one["must_contain"].lower() in (got.quoted or "").lower()]
    wrong = [got for got in others if got.status is Status.ANSWERED]
    counts = f"{len(shown)}/{len(answerable)} answered, {len(right)} right; {len(wrong)}/{len(others)} others"
    print(counts)
    assert len(answerable) >= 80 and len(others) >= 40
    assert len(shown) / len(answerable) >= 0.8, counts
    assert len(right) / len(shown) >= 0.75, counts
    assert len(wrong) / len(others) <= 0.1, counts


@pytest.mark.usefixtures("town")
def test_a_slip_of_the_finger_costs_few_answers(services: Services) -> None:
    lines = (ROOT / "evaluation" / "marlow_vale_questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [one for line in lines if (one := json.loads(line))["document"]]
    live = services.get(LiveIndex)
    with services.sessions() as session:
        found = [answer(session, live, text) for text in slipped("one typo", [one["text"] for one in asked])]
    shown = [
        got.hit.entry.document_id
        for got in found
        if got.status in (Status.ANSWERED, Status.ANSWERED_PARTLY) and got.hit
    ]
    # Without looking for what was meant it is less than a half.
    assert len(shown) / len(asked) >= 0.7, len(shown)
