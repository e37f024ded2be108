"""A complaint beside a question is noticed; a circumstance of one's own is no complaint."""

from __future__ import annotations

from actions.two_acts import two_acts
from civic.encoder import SentenceEncoder
from civic.service_requests.services import load
from civic.service_requests.suggester import Suggester
from evaluation.alarms import lines, measure
from tests.fixtures import BUILT, ROOT


def test_most_complaints_beside_a_question_are_noticed_and_few_others() -> None:
    suggester = Suggester(load(ROOT / "content" / "services.yml"), SentenceEncoder.load(BUILT / "encoder"))
    labelled = lines(ROOT / "evaluation" / "two_acts.jsonl")
    figures = measure(labelled, lambda text: "two" if two_acts(text, suggester.suggest) else None)
    assert len(labelled) >= 60 and figures["to_notice"] >= 25
    assert figures["recall"] >= 0.9, figures["missed"]
    assert figures["false_alarms"] <= 0.05, figures["false"]


def test_a_message_with_one_act_costs_no_suggestion() -> None:
    def suggest(text: str) -> object:
        raise AssertionError("one clause is one act")

    assert two_acts("how much is a permit", suggest) is None  # type: ignore[arg-type]
    assert two_acts("I live alone, do I pay less council tax", suggest) is None  # type: ignore[arg-type]
