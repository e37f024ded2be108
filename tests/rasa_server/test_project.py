"""The Rasa project is complete: every intent is taught, has a rule, and its words are the catalogue's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from fluent.syntax import FluentParser, ast

from tests.rasa_server.conftest import run
from tests.rasa_server.fakes import RASA_PYTHON, ROOT

MACHINE = {"choose", "inform", "share_location", "share_photo"}
FEATURES = ["smalltalk", "knowledge", "service_requests", "surveys", "feedback", "contact", "privacy"]
MORE = {"ask_policy": 80, "report_problem": 80, "out_of_scope": 80}
LEAST = 25


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    return load(ROOT / "domain.yml")


@pytest.fixture(scope="module")
def examples() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for feature in FEATURES:
        for entry in load(ROOT / "data" / "nlu" / f"{feature}.yml")["nlu"]:
            assert entry["intent"] not in found
            found[entry["intent"]] = [line.removeprefix("- ") for line in entry["examples"].splitlines()]
    return found


@pytest.fixture(scope="module")
def rules() -> list[dict[str, Any]]:
    return [
        rule for feature in FEATURES for rule in load(ROOT / "data" / "rules" / f"{feature}.yml")["rules"]
    ]


def test_every_intent_has_a_rule(domain: dict[str, Any], rules: list[dict[str, Any]]) -> None:
    with_rule = [rule["steps"][0]["intent"] for rule in rules if "intent" in rule["steps"][0]]
    assert sorted(with_rule) == sorted([*domain["intents"], "nlu_fallback"])


def test_every_typed_intent_has_enough_examples(
    domain: dict[str, Any], examples: dict[str, list[str]]
) -> None:
    assert set(examples) == set(domain["intents"]) - MACHINE
    counts = {intent: len(lines) for intent, lines in examples.items()}
    assert {i: n for i, n in counts.items() if n < MORE.get(i, LEAST)} == {}


def test_no_example_is_given_twice(examples: dict[str, list[str]]) -> None:
    lines = [line.casefold() for group in examples.values() for line in group]
    assert {line for line in lines if lines.count(line) > 1} == set()


def test_every_loop_is_a_form_without_slots_an_action_and_has_an_end(
    domain: dict[str, Any], rules: list[dict[str, Any]]
) -> None:
    assert set(domain["forms"]) == {"survey_form", "complaint_form", "feedback_form", "contact_form"}
    for form, settings in domain["forms"].items():
        assert settings == {"required_slots": []}
        assert form in domain["actions"]
        steps = [rule["steps"] for rule in rules]
        assert any(s[1:] == [{"action": form}, {"active_loop": form}] for s in steps)
        assert [{"action": form}, {"active_loop": None}] in steps


def test_the_domain_says_the_words_of_the_catalogue(domain: dict[str, Any]) -> None:
    source = (ROOT / "content" / "locales" / "en" / "smalltalk.ftl").read_text(encoding="utf-8")
    catalogue = {}
    for entry in FluentParser().parse(source).body:
        if isinstance(entry, ast.Message) and entry.id.name.startswith("utter-"):
            assert entry.value is not None
            (words,) = entry.value.elements
            assert isinstance(words, ast.TextElement), "words of small talk have no variables"
            catalogue[entry.id.name.replace("-", "_")] = words.value
    responses = {name: [one["text"] for one in said] for name, said in domain["responses"].items()}
    assert responses == {name: [text] for name, text in catalogue.items()}


def test_every_action_of_the_domain_exists_and_every_one_that_exists_is_in_the_domain(
    domain: dict[str, Any],
) -> None:
    from actions.registry import action_classes

    assert sorted(kind.action_name for kind in action_classes()) == sorted(domain["actions"])


def test_rasa_itself_finds_no_fault(rasa_home: Path) -> None:
    said = run(str(RASA_PYTHON), "-W", "ignore", "-m", "rasa_server", "data", "validate", home=rasa_home)
    warned = re.findall(r"UserWarning: (.+)", said)
    expected = [
        f"The intent '{name}' is listed in the domain file, but is not found" for name in sorted(MACHINE)
    ]
    # Sent by the gateway, never typed; and Rasa says `utter_default` itself when it has lost the thread.
    expected.append("The utterance 'utter_default' is not used in any story or rule")
    assert len(warned) == len(expected)
    for line, start in zip(sorted(warned), sorted(expected), strict=True):
        assert line.startswith(start)


def test_the_test_stories_run_as_written(rasa_home: Path, tmp_path: Path) -> None:
    stories = ROOT / "tests" / "rasa_server" / "test_stories.yml"
    said = run(
        *(str(RASA_PYTHON), "-W", "ignore", "-m", "rasa_server", "test", "core"),
        *("--model", str(rasa_home / "models"), "--stories", str(stories), "--out", str(tmp_path)),
        *("--fail-on-prediction-errors",),
        home=rasa_home,
    )
    count = len(load(stories)["stories"])
    assert re.search(rf"Correct:\s+{count} / {count}", said), said[-3000:]
    assert (
        "stories: []" in (tmp_path / "failed_test_stories.yml").read_text()
        or "None of the test stories failed" in (tmp_path / "failed_test_stories.yml").read_text()
    )
