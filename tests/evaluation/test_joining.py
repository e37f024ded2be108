"""Reports of the same thing are recognised better than by type and 50 metres alone."""

from __future__ import annotations

import pytest

from civic.kit.settings import Settings
from civic.service_requests import joining
from evaluation.joining import evaluate, load_pairs
from tests.fixtures import BUILT


def test_more_is_found_and_less_mistaken_than_by_the_simple_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLKMOOT_ENCODER_DIR", str(BUILT / "encoder"))
    pairs = load_pairs(Settings())
    assert len(pairs.same) >= 150
    figures = evaluate(pairs)
    rule, ours = figures["same type within 50 m"], figures["ours"]
    assert ours["recall"] > rule["recall"]
    assert ours["false_merges"] < rule["false_merges"] / 1.5


def test_other_numbers_are_other_things() -> None:
    assert joining.numbers_differ("lamp 1147 is out", "lamp 1148 is out")
    assert not joining.numbers_differ("lamp 1147 is out", "light 1147 flickers")
    assert not joining.numbers_differ("lamp 1147 is out", "the lamp by the church is out")


@pytest.mark.parametrize("sign", range(5))
def test_each_sign_counts_in_its_own_direction(sign: int) -> None:
    signs = [0.6, 1.0, 0.5, 0.2, 0.0]
    more = [*signs]
    more[sign] += 0.3
    grows = joining.probability(more) > joining.probability(signs)
    assert grows is (joining.WEIGHTS[sign] > 0)


def test_distances_are_those_of_the_globe() -> None:
    # One minute of latitude is a nautical mile.
    assert joining.metres(51.0, -2.0, 51.0 + 1 / 60, -2.0) == pytest.approx(1853, abs=2)
    assert joining.metres(51.0, -2.0, 51.0, -2.0) == 0
