"""How well typed answers to surveys are understood, beside exact matching and matching by words.

    python -m evaluation.survey_answers [--without-meaning] [--wrong] [--json OUT]

The answers of `survey_answers.csv` were written for this, about the surveys in `content/surveys`. `seen` were
looked at while the understanding was built; `unseen` were not, and slips they showed were mended since;
`fresh` came last: at their first run 84.4 % were right, 1.7 % silently wrong. What must become of an answer:

    =x   kept at once as x (several joined by +, own words in brackets)
    ~x   kept as x, or asked back with x among what is offered
    ?x   asked back, x among what is offered
    >x   the wish x (back, skip, why, ...)
    -    not taken

A silent error is the worst case: something was kept at once, without a question, that was not meant.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from rich.table import Table

from civic.encoder import SentenceEncoder
from civic.kit.i18n import Catalogue, load_catalogue
from civic.kit.settings import Settings
from civic.surveys.definition import SurveyDefinition, SurveyQuestion
from civic.surveys.engine import state as engine
from civic.surveys.engine.step import step
from civic.surveys.engine.types import TYPES
from civic.surveys.engine.values import Value
from civic.surveys.hearing import read
from civic.surveys.sheets import files_in, read_file
from civic.understanding import Meaning, vocabulary
from civic.understanding.meaning import near
from evaluation.paper import paper

ROOT = Path(__file__).parent.parent
ANSWERS = Path(__file__).parent / "survey_answers.csv"
SETS = ("seen", "unseen", "fresh")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
Method = Callable[["Typed"], str]


@dataclass(frozen=True)
class Typed:
    """One line of the set."""

    set: str
    survey: str
    question: str
    typed: str
    meant: str


def typed_answers(name: str | None = None) -> list[Typed]:
    """Every line, or those of one set."""
    with ANSWERS.open(encoding="utf-8", newline="") as file:
        rows = [Typed(**row) for row in csv.DictReader(file)]
    return [row for row in rows if name in (None, row.set)]


@lru_cache(maxsize=1)
def words() -> Catalogue:
    """The catalogue of this checkout."""
    return load_catalogue(ROOT / "content" / "locales")


@lru_cache
def survey_of_ours(survey: str) -> SurveyDefinition:
    """A survey of the folder, whatever kind of file it is."""
    return read_file(next(path for path in files_in(ROOT / "content" / "surveys") if path.stem == survey))


@lru_cache
def alone(survey: str, name: str) -> SurveyDefinition:
    """A survey of nothing but one question of a survey of ours."""
    whole = survey_of_ours(survey)
    alone_now = {"relevant": None, "group": None, "choice_filter": None}
    question = whole.by_name[name].model_copy(update=alone_now)
    return whole.model_copy(update={"questions": (question,), "groups": ()})


def outcome(definition: SurveyDefinition, typed: str, meaning: Meaning | None = None) -> str:
    """What becomes of a typed answer, in the words of the set."""
    asking = engine.SurveyState(stage=engine.Stage.ASKING)
    answer = read(definition.questions[0], asking, typed, vocabulary(words(), "en"), meaning, now=NOON)
    if isinstance(answer, engine.Move):
        return f">{answer.value}"
    after = step(definition, asking, answer, NOON)
    if after.state.answers:
        kept = after.state.answers[0]
        return f"={shown(kept.value)}" + (f" ({kept.other})" if kept.other else "")
    if after.state.suggested:
        return "?" + "|".join(shown(value) for value in after.state.suggested)
    return "-"


def shown(value: Value | None) -> str:
    """A value as the set writes it."""
    return "+".join(value) if isinstance(value, tuple) else str(value)


def right(found: str, meant: str) -> bool:
    """Whether what became of it is what was meant."""
    if meant[:1] == "~" and found == f"={meant[1:]}":
        return True
    if meant[:1] in "?~" and found.startswith("?"):
        wanted = set(meant[1:].split("+"))
        return any(wanted & set(one.split("+")) for one in found[1:].split("|"))
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


def by_words(question: SurveyQuestion, typed: str) -> str:
    """What a simple bot does: the choice with most words in common, the first number, a yes or a no."""
    said = set(re.findall(r"\w+", typed.casefold()))
    if question.choices:
        forms = {
            choice.name: " ".join([*choice.label.root.values(), *choice.also]).casefold()
            for choice in question.choices
        }
        points = {name: len(said & set(re.findall(r"\w+", form))) for name, form in forms.items()}
        if question.type == "select_multiple":
            found = [name for name, count in points.items() if count]
            return f"={'+'.join(found)}" if found else by_exact_match(question, typed)
        best = max(points.values())
        winners = [name for name, count in points.items() if count == best]
        return f"={winners[0]}" if best and len(winners) == 1 else by_exact_match(question, typed)
    if question.type == "yes_no" and ("yes" in said) != ("no" in said):
        return "=yes" if "yes" in said else "=no"
    if question.type in ("integer", "decimal", "range") and (number := re.search(r"\d+", typed)):
        return f"={int(number[0])}"
    return by_exact_match(question, typed)


def silent(found: str, meant: str) -> bool:
    """Whether something was kept without a question that was not meant."""
    return found.startswith("=") and not right(found, meant)


@dataclass(frozen=True)
class Score:
    """The shares of one method on one set."""

    accuracy: float
    silent_errors: float
    count: int


def score(lines: Sequence[Typed], method: Method) -> Score:
    """How often a method is right, and how often it is wrong without saying so."""
    found = [(method(line), line.meant) for line in lines]
    good = sum(right(*one) for one in found) / len(lines)
    return Score(round(good, 4), round(sum(silent(*one) for one in found) / len(lines), 4), len(lines))


def methods(meaning: Meaning | None) -> dict[str, Method]:
    """The methods to compare, in the same run."""
    return {
        "exact": lambda one: by_exact_match(alone(one.survey, one.question).questions[0], one.typed),
        "words": lambda one: by_words(alone(one.survey, one.question).questions[0], one.typed),
        "ours": lambda one: outcome(alone(one.survey, one.question), one.typed, meaning),
    }


def encoder_meaning(settings: Settings) -> Meaning:
    """The meaning of the shipped sentence encoder."""
    encoder = SentenceEncoder.load(settings.encoder_dir)
    return lambda text, labels: near(encoder, text, labels)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints accuracy and silent errors of every method on every set."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--without-meaning", action="store_true", help="words alone, without the encoder")
    parser.add_argument("--wrong", action="store_true", help="list what ours gets wrong")
    parser.add_argument("--json", type=Path, metavar="OUT")
    parser.add_argument("--data", type=Path, help="not needed: this set is our own")
    options = parser.parse_args(arguments)
    meaning = None if options.without_meaning else encoder_meaning(Settings())
    compared = methods(meaning)
    table = Table("set", "answers", *(f"{name}: {what}" for name in compared for what in ("right", "silent")))
    figures: dict[str, dict[str, dict[str, float]]] = {}
    for name in (*SETS, None):
        lines = typed_answers(name)
        scores = {method: score(lines, call) for method, call in compared.items()}
        figures[name or "all"] = {method: vars(one) for method, one in scores.items()}
        cells = [f"{part:.1%}" for one in scores.values() for part in (one.accuracy, one.silent_errors)]
        table.add_row(name or "all", str(len(lines)), *cells)
    console = paper()
    console.print(table)
    if options.wrong:
        for line in typed_answers():
            found = compared["ours"](line)
            if not right(found, line.meant):
                mark = "SILENT" if silent(found, line.meant) else "      "
                console.print(
                    f"{mark} {line.set:6} {line.question}: {line.typed!r} meant {line.meant} got {found}",
                    markup=False,
                )
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
