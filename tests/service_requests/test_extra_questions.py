"""Extra questions of a type are understood as the answers of surveys are: the same words, the same care."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from civic.kit.i18n import load_catalogue
from civic.service_requests import attributes
from civic.service_requests.areas import Areas
from civic.service_requests.intake.extra import hear_attribute, press_attribute
from civic.service_requests.intake.state import Knowing, Report, Step
from civic.service_requests.places import Gazetteer
from civic.service_requests.reading import lexicon
from civic.service_requests.services import AttributeValue, ServiceAttribute, ServiceList, load
from civic.service_requests.suggester import Suggester
from civic.understanding import vocabulary
from civic.understanding.types import Given, Unclear, Unsure
from tests.fixtures import ROOT

CATALOGUE = load_catalogue(ROOT / "content" / "locales")
WORDS = vocabulary(CATALOGUE, "en")
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
BINS = tuple(
    AttributeValue(key=key, name=name, words=words)
    for key, name, words in (
        ("general", "General waste", ("grey", "rubbish")),
        ("recycling", "Recycling", ("blue", "paper")),
        ("food", "Food waste", ("caddy",)),
    )
)


def of(datatype: str, values: tuple[AttributeValue, ...] = ()) -> ServiceAttribute:
    return ServiceAttribute(
        code="extra", description="Which?", datatype=datatype, required=True, values=values
    )


@pytest.mark.parametrize(
    ("datatype", "typed", "meant"),
    [
        ("singlevaluelist", "recyling", Given("recycling")),
        ("singlevaluelist", "the food one", Given("food")),
        ("singlevaluelist", "2", Given("recycling")),
        ("singlevaluelist", "b", Given("recycling")),
        ("singlevaluelist", "food or paper", Unsure(("recycling", "food"))),
        ("singlevaluelist", "purple", Unclear("choice")),
        ("multivaluelist", "the caddy and the blue one", Given(("recycling", "food"))),
        ("multivaluelist", "1 and 3", Given(("general", "food"))),
        ("multivaluelist", "all of them", Given(("general", "recycling", "food"))),
        ("number", "around thirty", Given(30)),
        ("number", "10 to 20", Unsure((10, 15, 20))),
        ("number", "no idea", Unclear("decimal")),
        ("datetime", "yesterday at 5 pm", Given("2026-03-03T17:00")),
        ("datetime", "yesterday", Given("2026-03-03")),
        ("datetime", "3 March 2026 at 14:30", Given("2026-03-03T14:30")),
        ("datetime", "today at 5", Unsure(("2026-03-04T05:00", "2026-03-04T17:00"))),
        ("datetime", "some time", Unclear("datetime")),
        ("string", " AB12 CDE ", Given("AB12 CDE")),
        ("text", "later, mostly at night", Given("later, mostly at night")),
    ],
)
def test_every_datatype_is_understood(datatype: str, typed: str, meant: object) -> None:
    attribute = of(datatype, BINS if datatype.endswith("list") else ())
    answer = attributes.hear(attribute, typed, WORDS, now=NOW)
    if isinstance(meant, Given):
        assert isinstance(answer, Given) and answer.value == meant.value
    elif isinstance(meant, Unsure):
        assert isinstance(answer, Unsure) and set(answer.values) == set(meant.values)
    else:
        assert isinstance(answer, Unclear)


def knowing(attribute: ServiceAttribute) -> tuple[Knowing, Report]:
    services = load(ROOT / "content" / "services.yml")
    first = services.services[0].model_copy(update={"attributes": (attribute,)})
    changed = services.model_copy(update={"services": (first, *services.services[1:])})
    assert isinstance(changed, ServiceList)
    known = Knowing(
        changed,
        Suggester(services, None).suggest,
        lexicon(CATALOGUE, "en"),
        Gazetteer(),
        Areas(),
        now=NOW,
    )
    report = Report(step=Step.ATTRIBUTE, service_code=first.service_code, asked_attribute=attribute.code)
    return known, report


def test_what_is_only_probable_is_kept_after_one_press() -> None:
    attribute = of("singlevaluelist", BINS)
    known, report = knowing(attribute)
    asked = hear_attribute(report, attribute, "food or paper", known)
    assert asked and not asked.report.attributes and len(asked.report.considered) == 2
    taken = press_attribute(asked.report, "extra", "?1", known)
    assert taken.report.attributes == {"extra": asked.report.considered[1]}
    assert taken.report.considered == ()


def test_several_are_pressed_one_by_one() -> None:
    known, report = knowing(of("multivaluelist", BINS))
    for press in ("+food", "+general", "+general", "+recycling", "-recycling"):
        report = press_attribute(report, "extra", press, known).report
    assert not report.attributes
    done = press_attribute(report, "extra", "!done", known).report
    assert done.attributes == {"extra": ["general", "food"]}
