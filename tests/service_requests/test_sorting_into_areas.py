"""Cases of before an area was drawn are sorted into it by one command, and are found there at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from civic.accounts.commands import add_official
from civic.accounts.rules import Role
from civic.kit.ids import new_id
from civic.kit.settings import Settings
from civic.service_requests import areas as area_files
from civic.service_requests import queries
from civic.service_requests.models import ServiceRequest
from civic.service_requests.queries import Wanted
from civic.service_requests.rules import Status
from cli import services as command
from cli.first_start import migrate
from cli.wiring import build_services
from tests.fixtures import NOON, ROOT
from tests.office import PASSWORD


def test_old_cases_are_sorted_piece_by_piece_and_nothing_else_of_them_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLKMOOT_HOME", str(tmp_path))
    monkeypatch.setenv("FOLKMOOT_CONTENT", str(ROOT / "content"))
    monkeypatch.setattr(command, "AT_ONCE", 2)
    house = build_services(Settings(_env_file=None))  # type: ignore[call-arg]
    migrate(house)
    drawn = area_files.load(ROOT / "content" / area_files.FILE)
    park = next(one for one in drawn.areas if one.name in drawn.names)
    inside = park.polygon.representative_point()
    name = drawn.name(inside.y, inside.x)
    with house.sessions.begin() as session:
        # Two of before, one with a name that was given up since, one without a place, one on the moon.
        for number, (lat, area) in enumerate(
            [(inside.y, None), (inside.y, None), (inside.y, "Old name"), (None, None), (80.0, "Old name")]
        ):
            at = NOON + timedelta(minutes=number)
            session.add(
                ServiceRequest(
                    id=new_id(at),
                    service_request_id=f"FM-3{number:04d}",
                    service_code="pothole",
                    agency="highways",
                    status=Status.SUBMITTED,
                    description="a hole",
                    lat=lat,
                    long=inside.x if lat else None,
                    area=area,
                    language="en",
                    requested_at=at,
                    updated_at=at,
                    expected_on=at.date(),
                )
            )
        clerk = add_official(session, "clerk", Role.ADMIN, PASSWORD, NOON)

    said = CliRunner().invoke(command.app, ["areas"])
    assert said.exit_code == 0, said.output
    assert "4 cases with a place, 4 of them sorted" in said.output
    with house.sessions() as session:
        cases = session.scalars(select(ServiceRequest).order_by(ServiceRequest.id)).all()
        assert [case.area for case in cases] == [name, name, name, None, None]
        assert {case.version for case in cases} == {1}
        assert [case.updated_at for case in cases] == [case.requested_at for case in cases]
        # The index of words has the areas, too.
        for wanted in (Wanted(area=name), Wanted(area=name, text="hole")):
            assert len(queries.page(session, clerk, wanted, 10).items) == 3
        assert queries.count_up_to(session, clerk, Wanted(area=name, text="hole"), 10) == 3

    again = CliRunner().invoke(command.app, ["areas"])
    assert "4 cases with a place, 0 of them sorted" in again.output
