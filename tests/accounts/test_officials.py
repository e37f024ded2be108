"""Officials are added, disabled, and sign in: on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from civic.accounts import commands, passwords, queries
from civic.accounts.errors import NameTaken, SignInTooOften, UnknownOfficial
from civic.accounts.models import Official, SignInAttempt
from civic.accounts.rules import FORGET_AFTER, FREE_TRIES, Role
from civic.kit.db import make_sessions

PASSWORD = "seven hedgehogs dance"


@pytest.fixture
def robin(session: Session, now: datetime) -> Official:
    return commands.add_official(session, "Robin", Role.AGENT, PASSWORD, now, agency=" Roads and Paths ")


def fail(session: Session, name: str, times: int, now: datetime) -> None:
    for _ in range(times):
        commands.begin_sign_in(session, name, now)
        session.commit()


def test_an_official_is_found_by_the_name_in_any_case(session: Session, robin: Official) -> None:
    assert queries.by_name(session, " ROBIN ") is robin
    assert (robin.name, robin.role, robin.agency) == ("robin", Role.AGENT, "Roads and Paths")


def test_the_password_itself_is_not_stored(robin: Official) -> None:
    assert PASSWORD not in robin.password_hash
    assert robin.password_hash.startswith("$argon2id$")


def test_a_name_is_given_out_once(session: Session, robin: Official, now: datetime) -> None:
    with pytest.raises(NameTaken):
        commands.add_official(session, "robin", Role.VIEWER, PASSWORD, now)


def test_nobody_can_be_changed_who_does_not_exist(session: Session, now: datetime) -> None:
    with pytest.raises(UnknownOfficial):
        commands.disable(session, "nobody", now)
    with pytest.raises(UnknownOfficial):
        commands.set_password(session, "nobody", PASSWORD)


def test_the_right_password_signs_in(session: Session, robin: Official, now: datetime) -> None:
    claimed = commands.begin_sign_in(session, "robin", now)
    assert claimed is robin
    assert passwords.verify(claimed.password_hash, PASSWORD)
    commands.finish_sign_in(session, claimed, PASSWORD, now)
    session.commit()
    session.refresh(robin)
    assert robin.signed_in_at == now
    assert session.query(SignInAttempt).count() == 0


def test_a_wrong_password_does_not(robin: Official) -> None:
    assert not passwords.verify(robin.password_hash, PASSWORD + "!")


def test_a_password_is_checked_even_for_nobody() -> None:
    assert not passwords.verify(None, PASSWORD)
    # Not even with the words that the stand-in was made of.
    assert not passwords.verify(None, "nobody signs in with this")


def test_a_cheap_hash_is_renewed_at_the_next_sign_in(
    session: Session, robin: Official, now: datetime
) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    robin.password_hash = cheap
    session.commit()
    commands.finish_sign_in(session, robin, PASSWORD, now)
    session.commit()
    session.refresh(robin)
    assert robin.password_hash != cheap
    assert passwords.verify(robin.password_hash, PASSWORD)
    assert passwords.renewed(robin.password_hash, PASSWORD) is None


def test_the_fifth_failure_makes_the_next_try_wait(session: Session, robin: Official, now: datetime) -> None:
    fail(session, "robin", FREE_TRIES + 1, now)
    with pytest.raises(SignInTooOften) as refused:
        commands.begin_sign_in(session, "Robin", now + timedelta(seconds=1))
    assert refused.value.params["retry_after"] == 29
    session.rollback()
    assert commands.begin_sign_in(session, "robin", now + timedelta(seconds=31)) is not None


def test_twenty_tries_at_the_same_instant_are_not_twenty_chances(engine: Engine, now: datetime) -> None:
    sessions = make_sessions(engine)

    def one_try(_: int) -> bool:
        try:
            with sessions.begin() as session:
                commands.begin_sign_in(session, "robin", now)
        except SignInTooOften:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one_try, range(20))) == FREE_TRIES + 1


def test_names_that_nobody_has_wait_in_the_same_way(session: Session, now: datetime) -> None:
    fail(session, "mallory", FREE_TRIES + 1, now)
    with pytest.raises(SignInTooOften):
        commands.begin_sign_in(session, "mallory", now)


def test_a_failure_of_one_name_does_not_make_another_wait(
    session: Session, robin: Official, now: datetime
) -> None:
    fail(session, "mallory", FREE_TRIES + 1, now)
    assert commands.begin_sign_in(session, "robin", now) is robin


def test_failures_are_forgotten_after_a_day(session: Session, robin: Official, now: datetime) -> None:
    fail(session, "robin", FREE_TRIES + 1, now)
    fail(session, "someone", 1, now)
    tomorrow = now + FORGET_AFTER + timedelta(minutes=1)
    commands.begin_sign_in(session, "robin", tomorrow)
    session.commit()
    attempts = session.query(SignInAttempt).all()
    assert [attempt.failures for attempt in attempts] == [1]


def test_what_was_typed_as_a_name_is_not_stored(session: Session, now: datetime) -> None:
    fail(session, PASSWORD, 1, now)
    assert PASSWORD not in session.query(SignInAttempt).one().name_fingerprint


def test_a_disabled_official_cannot_sign_in_and_loses_every_token(
    session: Session, robin: Official, now: datetime
) -> None:
    version = robin.credentials_version
    assert queries.active_with_token(session, robin.id, version) is robin
    commands.disable(session, "robin", now)
    session.flush()
    assert queries.active_with_token(session, robin.id, version) is None
    assert queries.active_with_token(session, robin.id, robin.credentials_version) is None
    assert commands.begin_sign_in(session, "robin", now) is None


def test_disabling_twice_keeps_the_first_time(session: Session, robin: Official, now: datetime) -> None:
    commands.disable(session, "robin", now)
    commands.disable(session, "robin", now + timedelta(days=1))
    assert robin.disabled_at == now


def test_a_new_password_ends_tokens_and_waiting(session: Session, robin: Official, now: datetime) -> None:
    version = robin.credentials_version
    fail(session, "robin", FREE_TRIES + 1, now)
    commands.set_password(session, "robin", "nine owls whistle")
    session.flush()
    assert queries.active_with_token(session, robin.id, version) is None
    claimed = commands.begin_sign_in(session, "robin", now)
    assert claimed is not None
    assert passwords.verify(claimed.password_hash, "nine owls whistle")
    assert not passwords.verify(claimed.password_hash, PASSWORD)


def test_officials_are_listed_by_name_and_counted(session: Session, robin: Official, now: datetime) -> None:
    commands.add_official(session, "alex", Role.ADMIN, PASSWORD, now)
    assert [official.name for official in queries.everyone(session)] == ["alex", "robin"]
    assert queries.how_many(session) == 2
