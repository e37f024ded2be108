"""Parts are made once, and ahead of the first citizen."""

from __future__ import annotations

import logging

import pytest

from civic.kit.services import Services
from civic.kit.settings import Settings


class Kettle:
    """A part."""


class Broken:
    """A part that cannot be made."""


def test_a_warm_house_has_made_every_part_and_a_broken_one_keeps_no_other_cold(
    caplog: pytest.LogCaptureFixture,
) -> None:
    services = Services(Settings(database_url="sqlite://"))
    made = []
    services.provide(Broken, lambda s: 1 / 0)
    services.provide(Kettle, lambda s: made.append("kettle") or Kettle())
    with caplog.at_level(logging.WARNING):
        services.warm()
    assert made == ["kettle"]
    assert "Broken could not be made ahead: ZeroDivisionError" in caplog.text
    assert services.get(Kettle) is services.get(Kettle)
    assert made == ["kettle"]
    with pytest.raises(ZeroDivisionError):
        services.get(Broken)
