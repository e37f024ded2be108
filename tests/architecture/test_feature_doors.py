"""Each feature has the same doors, so that any path can be guessed."""

from __future__ import annotations

import pytest
import tomllib

from tests.fixtures import ROOT

FEATURES = {"knowledge", "service_requests", "surveys", "feedback", "contact", "privacy"}

# What features share; a folder of `civic/` is one or the other.
SHARED = {"accounts", "audit", "conversation", "delivery", "encoder", "kit", "understanding"}

DOORS = (
    "civic/{}/__init__.py",
    "actions/{}.py",
    "api/officials/{}.py",
    "content/locales/en/{}.ftl",
    "data/nlu/{}.yml",
    "data/rules/{}.yml",
    "docs/features/{}.md",
    "tests/{}/__init__.py",
)


def folders() -> set[str]:
    return {path.parent.name for path in (ROOT / "civic").glob("*/__init__.py")}


def test_the_product_has_the_features_that_it_should() -> None:
    assert folders() - SHARED == FEATURES
    assert folders() >= SHARED


@pytest.mark.parametrize("door", DOORS)
def test_every_feature_has_this_door(door: str) -> None:
    features = sorted(folders() - SHARED)
    assert len(features) == len(FEATURES)
    assert [door.format(name) for name in features if not (ROOT / door.format(name)).is_file()] == []


def test_every_feature_is_tested() -> None:
    features = folders() - SHARED
    assert features
    assert [name for name in sorted(features) if not list((ROOT / "tests" / name).glob("test_*.py"))] == []


def test_every_feature_stands_in_the_layers() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    inside = next(each for each in contracts if each.get("containers") == ["civic"])
    placed = {name.strip() for layer in inside["layers"] for name in layer.split("|")}
    assert placed == folders()


def test_no_top_level_folder_hides_an_installed_package() -> None:
    assert not (ROOT / "rasa").exists()
