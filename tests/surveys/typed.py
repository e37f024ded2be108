"""The labelled set of typed answers, and what becomes of each: ours and exact matching side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from civic.kit.i18n import load_catalogue
from civic.surveys.definition import SurveyDefinition, SurveyQuestion
from civic.surveys.engine import state as engine
from civic.surveys.engine.step import step
from civic.surveys.engine.types import TYPES
from civic.surveys.engine.values import Value
from civic.surveys.sheets import files_in, read_file
from civic.surveys.understanding import read, vocabulary

ROOT = Path(__file__).resolve().parents[2]
SURVEYS = ROOT / "content" / "surveys"
CATALOGUE = load_catalogue(ROOT / "content" / "locales")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Typed:
    """One line of the set."""

    survey: str
    question: str
    typed: str
    meant: str


def typed_answers(file: str = "typed_answers.tsv") -> list[Typed]:
    """Every line of a set."""
    lines = (Path(__file__).parent / file).read_text(encoding="utf-8").splitlines()
    return [Typed(*line.split("\t")) for line in lines if line and not line.startswith("#")]


@lru_cache
def survey_of_ours(survey: str) -> SurveyDefinition:
    """A survey of the folder, whatever kind of file it is."""
    return read_file(next(path for path in files_in(SURVEYS) if path.stem == survey))


@lru_cache
def alone(survey: str, name: str) -> SurveyDefinition:
    """A survey of nothing but one question of a survey of ours."""
    whole = survey_of_ours(survey)
    alone_now = {"relevant": None, "group": None, "choice_filter": None}
    question = whole.by_name[name].model_copy(update=alone_now)
    return whole.model_copy(update={"questions": (question,), "groups": ()})


def outcome(definition: SurveyDefinition, typed: str) -> str:
    """What becomes of a typed answer, in the words of the set."""
    asking = engine.SurveyState(stage=engine.Stage.ASKING)
    answer = read(definition.questions[0], asking, typed, vocabulary(CATALOGUE, "en"), now=NOON)
    if isinstance(answer, engine.Move):
        return f">{answer.value}"
    after = step(definition, asking, answer, NOON)
    if after.state.answers:
        return f"={shown(after.state.answers[0].value)}"
    if after.state.suggested:
        return "?" + "|".join(shown(value) for value in after.state.suggested)
    return "-"


def shown(value: Value | None) -> str:
    return "+".join(value) if isinstance(value, tuple) else str(value)


def right(found: str, meant: str) -> bool:
    """Whether what became of it is what was meant."""
    if meant.startswith("?") and found.startswith("?"):
        wanted = set(meant[1:].split("+"))
        return any(wanted <= set(one.split("+")) for one in found[1:].split("|"))
    return found == meant


def by_exact_match(question: SurveyQuestion, typed: str) -> str:
    """What a form does that takes labels, names and digits only."""
    kind, text = TYPES[question.type], typed.strip().casefold()
    for choice in question.choices:
        if text in (choice.name, choice.label.in_language("en").casefold()):
            return f"={choice.name}"
    if question.type == "yes_no":
        return f"={text}" if text in ("yes", "no") else "-"
    if question.type == "text":
        return f"={typed}"
    if text in {move.value for move in engine.Move}:
        return f">{text}"
    try:
        number = float(text)
    except ValueError:
        return "-"
    if question.choices:
        names = [choice.name for choice in question.choices]
        return f"={names[int(number) - 1]}" if number in range(1, len(names) + 1) else "-"
    if question.type == "range" and text not in kind.options(question):
        return "-"
    return f"={text}"
