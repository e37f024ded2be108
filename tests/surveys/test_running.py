"""Surveys that run: subscribers invited once, nobody nagged, quotas that end, no answer thrown away."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from civic.accounts.commands import add_official
from civic.accounts.rules import Role
from civic.audit.models import AuditRow
from civic.conversation.commands import open_conversation
from civic.conversation.queries import messages_since
from civic.conversation.types import Turn
from civic.delivery.commands import prefer
from civic.delivery.rules import Wish
from civic.kit.clock import SettableClock
from civic.kit.db import Sessions, make_sessions
from civic.surveys import buttons, invitations, jobs, quotas, subscribing
from civic.surveys.commands import erase_citizen
from civic.surveys.drafts.commands import keep
from civic.surveys.drafts.queries import drafts
from civic.surveys.models import SurveyAnswer, SurveyInvitation, SurveySession
from civic.surveys.publishing import sync
from civic.surveys.quotas import Quota
from civic.surveys.sheets import examine_bytes
from civic.surveys.talk import Desk
from tests.surveys.conftest import SECRET, Respondent, Respondents

WASTE = "household-waste"
WHOLE = ("yes", "a flat", "2", "glass", "4", "yes", "skip")


@pytest.fixture
def sessions(session: Session, engine: Engine) -> Sessions:
    return make_sessions(engine)


def looked_after(sessions: Sessions, desk: Desk, now: datetime) -> dict[str, int]:
    return jobs.look_after(sessions, SettableClock(now), desk.text, SECRET, desk.random_id)


def subscriber(session: Session, desk: Desk, number: int, now: datetime) -> tuple[str, str]:
    at = open_conversation(session, "web", f"s{number}", "en", now)
    turn = Turn(
        conversation_id=at.id,
        citizen_id=at.citizen_id,
        message_id="m",
        language="en",
        now=now,
        choice=buttons.SUBSCRIBE,
    )
    assert "I will tell you" in subscribing.pressed(session, turn, desk.text).text
    return at.citizen_id, at.id


def answers(respondent: Respondent, texts: tuple[str, ...] = WHOLE) -> str:
    respondent.starts("rubbish survey")
    return [respondent.says(text) for text in texts][-1]


def heard(session: Session, conversation_id: str) -> list[str]:
    return [row.payload["text"] for row in messages_since(session, conversation_id, 0)]


def test_subscribers_are_invited_once_and_reminded_once(
    session: Session, sessions: Sessions, desk: Desk, now: datetime, respondents: Respondents
) -> None:
    sync(session, desk.folder, now)
    people = [subscriber(session, desk, number, now) for number in range(5)]
    prefer(session, people[0][0], Wish.NOTHING, now)
    respondent = respondents("s1")
    answers(respondent)
    assert invitations.invite(session, WASTE, secret=SECRET, seed=1, now=now) == 4
    assert invitations.invite(session, WASTE, secret=SECRET, seed=1, now=now) == 0
    session.commit()
    for _ in range(2):
        looked_after(sessions, desk, now)
    assert invitations.counts(session, WASTE) == {
        "subscribers": 5,
        "waiting": 0,
        "sent": 3,
        "passed_over": 1,
    }
    told = [text for _, at in people for text in heard(session, at)]
    assert sum("new survey" in text for text in told) == 3
    later = now.replace(day=now.day + 7)
    session.commit()
    for _ in range(2):
        looked_after(sessions, desk, later)
    session.expire_all()
    told = [text for _, at in people for text in heard(session, at)]
    assert sum("still open" in text for text in told) == 3


def test_a_draft_is_kept_for_half_a_year_and_then_forgotten_with_a_trace(
    session: Session, sessions: Sessions, desk: Desk, now: datetime
) -> None:
    content = (desk.folder / "library-hours.yml").read_bytes()
    someone = add_official(session, "ada", Role.DESIGNER, "a password of hers", now)
    draft = keep(session, someone, "library.yml", content, examine_bytes(content, "library.yml"), now)
    draft_id = draft.id
    session.commit()
    looked_after(sessions, desk, now + timedelta(days=179))
    assert [one.id for one in drafts(session)] == [draft_id]
    session.commit()
    looked_after(sessions, desk, now + timedelta(days=181))
    session.expire_all()
    assert drafts(session) == []
    trace = session.scalars(select(AuditRow).where(AuditRow.tag == "system:discard:survey_draft")).one()
    assert trace.subject_id == draft_id


def test_a_sample_is_drawn_by_chance_and_the_same_seed_draws_it_again(
    session: Session, desk: Desk, now: datetime
) -> None:
    sync(session, desk.folder, now)
    for number in range(20):
        subscriber(session, desk, number, now)
    drawn: list[set[str]] = []
    for seed in (3, 3, 4):
        assert invitations.invite(session, WASTE, secret=SECRET, seed=seed, now=now, share=0.25) == 5
        drawn.append({row.citizen_id for row in session.query(SurveyInvitation)})
        session.query(SurveyInvitation).delete()
    assert drawn[0] == drawn[1] != drawn[2]


def test_who_left_in_the_middle_is_reminded_once_and_the_answers_outlast_everything(
    session: Session, sessions: Sessions, desk: Desk, respondent: Respondent
) -> None:
    answers(respondent, ("yes", "a flat", "2"))
    respondent.forgets()
    for days in (1, 3, 4):
        looked_after(sessions, desk, respondent.now.replace(day=respondent.now.day + days))
    session.expire_all()
    reminders = [text for text in heard(session, respondent.conversation_id) if "still waiting" in text]
    assert len(reminders) == 1 and "question 3 of" in reminders[0]
    respondent.waits(days=29)
    assert "Which of these bins" in respondent.starts("survey"), "late, but in time"
    respondent.forgets()
    respondent.waits(days=31)
    looked_after(sessions, desk, respondent.now)
    session.expire_all()
    (row,) = respondent.rows
    assert row.state == "expired" and session.query(SurveyAnswer).count() == 2
    assert "Question 1" in respondent.starts("rubbish survey") or "begin" in " ".join(respondent.labels)


def test_a_button_that_comes_too_late_is_told_so_and_the_survey_begins_again(respondent: Respondent) -> None:
    answers(respondent, ("yes",))
    flat = next(button for button in respondent.buttons if button.label == "A flat")
    respondent.waits(days=31)
    assert "So much time" in respondent.presses_old(flat)
    assert "Shall we begin" in respondent.presses("Begin again")


def test_a_full_quota_ends_the_survey_and_keeps_the_answer(
    session: Session, respondents: Respondents, desk: Desk, now: datetime
) -> None:
    first, second, third = (respondents(name) for name in "abc")
    first.starts("rubbish survey")
    definition = read_waste(session)
    quotas.set_quotas(session, WASTE, definition, [Quota("home", "flat", 1)])
    assert "Thank you" in [first.says(text) for text in WHOLE][-1]
    second.starts("rubbish survey")
    second.says("yes")
    assert "already heard from enough" in second.says("a flat")
    assert second.status == "done" and second.rows[0].state == "screened"
    assert session.query(SurveyAnswer).filter_by(session_id=second.rows[0].id).count() == 1
    assert "already answered" in second.starts("rubbish survey")
    assert "How many people" in "".join(
        [third.starts("rubbish survey"), third.says("yes"), third.says("caravan")]
    )
    assert [one.reached for one in quotas.quotas_of(session, WASTE)] == [1]


def test_of_many_who_finish_at_once_as_many_count_as_are_wanted(
    session: Session, engine: Engine, desk: Desk, now: datetime
) -> None:
    sync(session, desk.folder, now)
    quotas.set_quotas(session, WASTE, read_waste(session), [Quota("home", "flat", 3)])
    session.commit()
    people = []
    for number in range(6):
        people.append(Respondent(make_sessions(engine)(), desk, now, f"p{number}"))
        answers(people[-1], WHOLE[:-1])
    together = threading.Barrier(len(people))

    def finishes(one: Respondent) -> str:
        together.wait()
        said = one.says(WHOLE[-1])
        one.session.close()
        return said

    with ThreadPoolExecutor(len(people)) as pool:
        said = list(pool.map(finishes, people))
    assert sum("already heard from enough" in each for each in said) == 3
    states = Counter(session.scalars(select(SurveySession.state)))
    assert states == {"completed": 3, "screened": 3}
    assert [one.reached for one in quotas.quotas_of(session, WASTE)] == [3]
    # The last word is the database's, whatever was read before.
    assert not quotas.take_place(session, WASTE, {"home": "flat"})
    assert quotas.take_place(session, WASTE, {"home": "flat"}, instead_of={"home": "flat"})
    assert not quotas.take_place(session, WASTE, {"home": "flat"}, instead_of={"home": "house"})
    assert quotas.take_place(session, WASTE, {"home": "house"}, instead_of={"home": "flat"})
    assert quotas.take_place(session, WASTE, {"home": "flat"})
    session.expire_all()
    assert [one.reached for one in quotas.quotas_of(session, WASTE)] == [3]
    # Who deletes their data frees their place.
    somebody = session.scalars(select(SurveySession).where(SurveySession.state == "completed")).first()
    assert somebody is not None and somebody.citizen_id is not None
    erase_citizen(session, somebody.citizen_id, now)
    session.expire_all()
    assert [one.reached for one in quotas.quotas_of(session, WASTE)] == [2]


def test_who_changes_an_answer_to_one_that_is_full_keeps_the_first_answers(
    session: Session, respondents: Respondents
) -> None:
    one, other = respondents("one"), respondents("other")
    answers(one)
    answers(other, ("yes", "a house with a garden", *WHOLE[2:]))
    quotas.set_quotas(session, WASTE, read_waste(session), [Quota("home", "house", 0)])
    one.starts("rubbish survey")
    one.says("a house with a garden")
    for _ in range(12):
        if one.status == "done":
            break
        keep = [label for label in one.labels if label.startswith("Keep")]
        said = one.presses(keep[0]) if keep else one.says("skip")
    assert "your first answers count" in said
    kept = {row.state: row.id for row in one.rows}
    assert set(kept) == {"completed", "stopped"}
    values = {answer.question: answer.value for answer in session.query(SurveyAnswer)}
    assert values["home"] in ("flat", "house")
    assert session.query(SurveyAnswer).filter_by(session_id=kept["stopped"]).count() == 0


def read_waste(session: Session) -> Any:
    from civic.surveys import queries

    return queries.one_published(session, WASTE).definition


def test_a_second_time_opens_the_first_answers_and_one_person_counts_once(
    session: Session, respondent: Respondent
) -> None:
    answers(respondent)
    before = respondent.rows[0].id
    assert "go through your answers again" in respondent.starts("rubbish survey")
    assert "Keep: A flat" in respondent.labels
    respondent.says("a house with a garden")
    assert {row.state for row in respondent.rows} == {"completed", "open"}, (
        "the first answers count meanwhile"
    )
    for _ in range(12):
        if respondent.status == "done":
            break
        keep = [label for label in respondent.labels if label.startswith("Keep")]
        respondent.presses(keep[0]) if keep else respondent.says("skip")
    (row,) = respondent.rows
    assert row.state == "completed" and row.id != before and row.edits is None
    kept = {one.question: one.value for one in session.query(SurveyAnswer).filter_by(session_id=row.id)}
    assert kept["home"] == "house" and kept["people"] == 2 and kept["bins"] == ["glass"]


def test_another_survey_waits_its_turn_and_is_offered_after_this_one(respondent: Respondent) -> None:
    answers(respondent, ("yes", "a flat"))
    respondent.says("transport survey", "start_survey")
    for text in ("yes", "never", "cost", "skip", "skip"):
        said = respondent.says(text)
    assert "is waiting at question 2" in said
    assert "How many people" in respondent.presses("Go on")


def test_own_words_beside_other_are_stored(session: Session, respondent: Respondent) -> None:
    answers(respondent, ("yes", "Other: a shepherd's hut"))
    (answer,) = session.query(SurveyAnswer).all()
    assert (answer.value, answer.other) == ("other", "a shepherd's hut")


def test_version_two_is_published_while_version_one_runs(
    session: Session, respondents: Respondents, desk: Desk, now: datetime
) -> None:
    old, new = respondents("old"), respondents("new")
    answers(old, ("yes",))
    path = desk.folder / "household-waste.yml"
    path.write_text(path.read_text().replace("What kind of home do you live in?", "Where do you live?"))
    assert "Where do you live" in "".join([new.starts("rubbish survey"), new.says("yes")])
    assert "What kind of home" in old.says("repeat")
    for person in (old, new):
        for text in WHOLE[1:]:
            said = person.says(text)
        assert "Thank you" in said
    done = session.query(SurveySession).filter_by(state="completed").all()
    assert {row.version for row in done} == {1, 2}
