"""The first start makes one official and loads the demonstration once; a crash in between does no harm."""

from __future__ import annotations

import pytest

from civic.accounts import commands as accounts
from civic.accounts import queries as officials
from civic.accounts.passwords import verify
from civic.accounts.rules import Role
from civic.encoder import SentenceEncoder
from civic.kit.services import Services
from civic.knowledge import queries as knowledge
from civic.service_requests.models import ServiceRequest
from civic.surveys.models import SurveySession
from civic.surveys.queries import one_published
from civic.surveys.results.overview import overview
from civic.surveys.rules import Standing
from cli import first_start
from cli.wiring import provide_parts
from tests.ops.running import built_home


def nobody(note: str) -> None: ...


@pytest.fixture
def town(services: Services) -> Services:
    """Services with every part, and the encoder that was built."""
    provide_parts(services)
    encoder = built_home() / "encoder"
    services.provide(SentenceEncoder, lambda _: SentenceEncoder.load(encoder))
    return services


def counts(town: Services) -> tuple[int, int]:
    with town.sessions() as session:
        return len(list(knowledge.current_documents(session))), session.query(ServiceRequest).count()


def test_the_demonstration_is_loaded_once_and_never_comes_back(town: Services) -> None:
    assert first_start.demonstration(town, nobody) == []
    documents, cases = counts(town)
    assert documents >= 20
    assert cases > 0
    with town.sessions() as session:
        example = one_published(session, "example-parks")
        # Results to look at from the first day, and nothing that a citizen could be asked.
        assert example.standing(town.clock.now()) is Standing.CLOSED
        found = overview(session, "example-parks")
        assert found.completed == 84 and all(one.hidden is None for one in found.figures)
        assert [one.skipped for one in found.figures] == [0, 0, 5, 0, 4, 0, 25]
        assert session.query(SurveySession).filter(SurveySession.citizen_id.is_not(None)).count() == 0
    with town.sessions.begin() as session:
        for case in session.query(ServiceRequest):
            session.delete(case)
    assert first_start.demonstration(town, nobody) == []
    assert counts(town) == (documents, 0)


def test_a_town_that_wants_no_demonstration_starts_empty(town: Services) -> None:
    town.settings = town.settings.model_copy(update={"demonstration": False})
    first_start.demonstration(town, nobody)
    assert counts(town) == (0, 0)


def test_the_first_official_is_made_once_and_the_password_is_the_one_in_the_file(services: Services) -> None:
    made = first_start.first_official(services)
    assert made is not None
    with services.sessions() as session:
        official = officials.by_name(session, made.name)
        assert verify(official.password_hash, made.password)
        assert official.role == Role.ADMIN
    assert made.password in made.file.read_text()
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert first_start.first_official(services) is None


def test_a_crash_after_the_file_and_before_the_database_locks_nobody_out(services: Services) -> None:
    file = services.settings.home / "first-official.txt"
    file.parent.mkdir(parents=True)
    file.write_text("name: town.clerk\npassword: written-before-the-crash\n")
    made = first_start.first_official(services)
    assert made is not None
    assert made.password == "written-before-the-crash"


def test_a_town_with_officials_gets_no_further_one(services: Services) -> None:
    with services.sessions.begin() as session:
        accounts.add_official(session, "mayor", Role.ADMIN, "a-password-of-length", services.clock.now())
    assert first_start.first_official(services) is None
    assert not (services.settings.home / "first-official.txt").exists()
