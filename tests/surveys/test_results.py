"""Results: what is counted, what is hidden, and who is told."""

from __future__ import annotations

from dataclasses import astuple
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from civic.accounts.commands import add_official
from civic.accounts.rules import Role
from civic.conversation.commands import open_conversation
from civic.conversation.types import Reply
from civic.delivery.models import Delivery
from civic.surveys import commands as surveys
from civic.surveys.definition import SurveyDefinition
from civic.surveys.models import SurveySession
from civic.surveys.results import averages, commands, intervals, layout, queries
from civic.surveys.results.models import SurveyResultPage, SurveyResultRow, SurveyResultTexts
from civic.surveys.results.overview import as_json, overview
from civic.surveys.results.splits import splits
from civic.surveys.results.texts import drawn, grouped
from tests.surveys.results_town import answer, parks, publish, town


@pytest.fixture
def survey(session: Session, now: datetime) -> SurveyDefinition:
    definition = parks()
    publish(session, definition, now)
    return definition


def asked(session: Session, by: str | None = None) -> dict[str, Any]:
    session.commit()
    return {one["name"]: one for one in as_json(overview(session, "parks", by))["questions"]}


def counts(question: dict[str, Any]) -> dict[str, int | None]:
    return {cell["name"]: cell["count"] for cell in question["cells"]}


def test_intervals_are_those_of_the_books() -> None:
    low, high = intervals.share(8, 10)  # Brown, Cai and DasGupta, and any statistics program
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    assert intervals.share(0, 10)[0] == 0 and round(intervals.share(0, 10)[1], 4) == 0.2775
    low, high = intervals.average(5.0, 2.0, 11) or (0, 0)
    assert round(high - 5.0, 3) == round(2.228139 * 2.0 / 11**0.5, 3)
    assert intervals.average(5.0, 0.0, 1) is None


def test_every_question_is_counted_as_it_was_answered(
    session: Session, survey: SurveyDefinition, now: datetime
) -> None:
    town(session, survey, now)
    found = asked(session)
    stored = [one.answers for one in queries.respondents(session, "parks")]
    for place in ("mill", "abbey", "none"):
        assert counts(found["park"])[place] == sum(one["park"] == place for one in stored)
    for use in ("sport", "rest", "dogs"):
        assert counts(found["uses"])[use] == sum(use in one["uses"] for one in stored)
    visits = [one["visits"] for one in stored if "visits" in one]
    assert found["visits"]["answered"] == len(visits) and found["visits"]["not_asked"] == 60 - len(visits)
    assert found["visits"]["average"]["mean"] == pytest.approx(np.mean(visits))
    assert sum(cell["count"] for cell in found["visits"]["cells"]) == len(visits)
    assert found["rating"]["average"]["mean"] == pytest.approx(np.mean([one["rating"] for one in stored]))
    assert found["wish"]["skipped"] == sum(one["wish"] is None for one in stored)
    loved = sum(one["wish"] == "I love the playground" for one in stored)
    assert {cell["name"]: cell["count"] for cell in found["wish"]["cells"]}["positive"] >= loved
    firsts = {row["label"]: row["mean"] for row in found["order"]["places"]}
    assert firsts["Trees"] == pytest.approx(np.mean([one["order"].index("tree") + 1 for one in stored]))


def test_the_average_of_counted_points_is_that_of_the_answers() -> None:
    for typed in ([1, 1, 2, 5, 5, 5], [3], [2, 4], [1, 2, 2, 3, 4], [5, 1]):
        column = np.array(typed, dtype=float)
        points = np.array([5.0, 1.0, 2.0, 3.0, 4.0])  # in any order, as over versions
        counted = averages.of_counts(points, np.array([typed.count(int(one)) for one in points]))
        assert astuple(counted) == pytest.approx(astuple(averages.of_numbers(column)), nan_ok=True), typed


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(-1e12, 1e12) | st.integers(-5, 120), min_size=5, max_size=60),
    st.lists(st.sampled_from([3.0, -1e12, 0.001, 99.5]), max_size=3),
)
def test_any_numbers_make_spans_with_room_for_everybody_however_far_off_some_are(
    usual: list[float], odd: list[float]
) -> None:
    question = parks().by_name["visits"]
    values = np.array([*(usual * 3), *odd, np.nan], dtype=float)
    column = layout.Column(question, "number", (), np.zeros(len(values), dtype=np.int64), values)
    (split,) = splits(column, "en", 5)
    *told, nobody = split.counts
    assert nobody == 1 and sum(told) == len(values) - 1
    assert all(many >= 5 for many in told)
    assert len({group.label for group in split.groups}) == len(split.groups)


def test_a_small_group_is_hidden_with_another_one(
    session: Session, survey: SurveyDefinition, now: datetime
) -> None:
    for park, many in (("mill", 20), ("abbey", 9), ("none", 2)):
        for _ in range(many):
            answer(session, survey, {"park": park, "rating": 4}, now)
    found = asked(session)
    assert counts(found["park"]) == {"mill": 20, "abbey": None, "none": None}
    assert found["visits"]["hidden"], "nobody was asked it, and it is about a group that is hidden"
    assert all(cell["share"] is None for cell in found["park"]["cells"] if cell["count"] is None)


def test_how_many_were_asked_does_not_tell_a_hidden_group(
    session: Session, survey: SurveyDefinition, now: datetime
) -> None:
    for park, many in (("mill", 20), ("abbey", 9), ("none", 2)):
        for _ in range(many):
            given = {"park": park} if park == "none" else {"park": park, "visits": 3}
            answer(session, survey, given, now)
    found = asked(session)["visits"]
    assert found["hidden"] == "gives_away"
    assert found["answered"] is None and found["not_asked"] is None and found["cells"] == []


def test_a_comparison_shows_only_groups_that_are_shown_alone(
    session: Session, survey: SurveyDefinition, now: datetime
) -> None:
    for park, rating, many in (
        ("mill", 5, 20),
        ("mill", 4, 2),
        ("abbey", 5, 10),
        ("abbey", 4, 12),
        ("none", 4, 20),
    ):
        for _ in range(many):
            answer(session, survey, {"park": park, "rating": rating}, now)
    found = asked(session, by="park")["rating"]
    by = {one["name"]: one for one in found["compared"]}
    shown = {(park, cell["name"]): cell["count"] for park, one in by.items() for cell in one["cells"]}
    assert shown["mill", "4"] is None and shown["mill", "5"] is None
    assert sum(count is None for (_, rating), count in shown.items() if rating == "4") >= 2
    # The other way round the same cells are hidden: one table would tell what the other hides.
    turned = asked(session, by="rating")["park"]
    mirrored = {
        (cell["name"], one["name"]): cell["count"] for one in turned["compared"] for cell in one["cells"]
    }
    assert {key: mirrored[key] for key in shown if key in mirrored} == {
        key: count for key, count in shown.items() if key in mirrored
    }


def test_answers_of_an_anonymous_survey_are_counted_some_at_a_time(session: Session, now: datetime) -> None:
    survey = parks(anonymous=True)
    publish(session, survey, now)
    seen = []
    for number in range(11):
        answer(session, survey, {"park": "mill"}, now)
        session.commit()
        found = overview(session, "parks")
        seen.append((found.completed, found.waiting))
        assert found.completed + found.waiting == number + 1
    assert {completed for completed, _ in seen} == {0, 5, 10}


def test_versions_are_counted_together(session: Session, survey: SurveyDefinition, now: datetime) -> None:
    for _ in range(6):
        answer(session, survey, {"park": "mill", "uses": ["dogs"], "order": ["tree", "play", "bench"]}, now)
    later = parks().model_dump(mode="json")
    park, uses, order = (
        next(q for q in later["questions"] if q["name"] == n) for n in ("park", "uses", "order")
    )
    park["choices"] = [{"name": "lake", "label": "The lake"}, *park["choices"]]
    uses["choices"] = list(reversed(uses["choices"]))
    order["choices"] = list(reversed(order["choices"]))
    later["questions"] = [one for one in later["questions"] if one["name"] != "visits"]
    second = SurveyDefinition.model_validate(later)
    publish(session, second, now, 2)
    for _ in range(7):
        given = {"park": "lake", "uses": ["dogs", "rest"], "order": ["tree", "bench", "play"]}
        answer(session, second, given, now, number=2)
    found = asked(session)
    assert counts(found["park"]) == {"lake": 7, "mill": 6, "abbey": 0, "none": 0}
    assert counts(found["uses"])["rest"] == 7
    assert found["uses"]["cells"][-1]["name"] == "sport" and found["uses"]["answered"] == 13
    assert {row["label"]: row["mean"] for row in found["order"]["places"]}["Trees"] == 1


def test_other_words_and_odd_values_are_packed_and_none_is_lost() -> None:
    survey = parks()
    given = {"park": "a meadow", "uses": ["dogs", "kites"], "visits": 3, "wish": None}
    packed = layout.pack(survey, given, "en", None)
    found = layout.matrix(layout.counted(survey), [(1, survey)], {1: packed + packed})
    assert found.respondents == 2
    assert found.columns["park"].codes[0] == layout.OTHER_WORDS
    assert found.columns["uses"].chose(2)[0] and found.columns["uses"].codes[0] >> 61 == 1
    assert found.columns["wish"].codes[0] == layout.SKIPPED
    assert found.columns["rating"].codes[0] == layout.NOT_ASKED


def test_who_deletes_their_data_is_counted_no_more_and_quoted_no_more(
    session: Session, survey: SurveyDefinition, now: datetime
) -> None:
    talk = open_conversation(session, "web", "a", "en", now)
    for number in range(6):
        mine = {"conversation_id": talk.id, "citizen_id": talk.citizen_id} if not number else {}
        answer(session, survey, {"park": "mill", "wish": "Benches"}, now, **mine)
    session.add(
        SurveyResultTexts(
            survey_id="parks",
            question="wish",
            answers=6,
            sampled=6,
            groups=[{"size": 6, "quotes": ["Benches"]}],
            made_at=now,
        )
    )
    session.flush()
    surveys.erase_citizen(session, talk.citizen_id, now)
    session.commit()
    assert overview(session, "parks").completed == 5
    assert session.query(SurveyResultTexts).count() == 0


def test_sessions_from_before_are_counted_when_somebody_catches_up(
    session: Session, survey: SurveyDefinition, now: datetime
) -> None:
    for _ in range(6):
        answer(session, survey, {"park": "mill"}, now, counted=False)
    session.commit()
    assert overview(session, "parks").completed == 0
    assert commands.catch_up(session, "parks") == 6 and commands.catch_up(session, "parks") == 0
    assert counts(asked(session)["park"])["mill"] == 6


def test_where_people_leave_is_counted_question_by_question(
    session: Session, survey: SurveyDefinition, now: datetime
) -> None:
    for _ in range(20):
        answer(session, survey, {"park": "mill"}, now)
    for question, many in (("visits", 6), ("wish", 8)):
        for _ in range(many):
            row = answer(session, survey, {"park": "mill"}, now, counted=False)
            row.state, row.last_question, row.completed_at = "open", question, None
    session.commit()
    rows = {one.name: (one.came, one.left) for one in overview(session, "parks").left}
    assert rows["park"] == (34, 0) and rows["visits"] == (34, 6) and rows["wish"] == (28, 8)
    assert rows["order"] == (20, 0)


class ByFirstLetter:
    """Texts that begin alike mean the same."""

    def encode(self, sentences: Any) -> Any:
        vectors = np.zeros((len(sentences), 26), dtype=np.float32)
        for at, one in enumerate(sentences):
            vectors[at, ord(one[0].lower()) - ord("a")] = 1
        return vectors


def test_free_answers_are_grouped_and_nobodys_words_stand_alone(
    session: Session, survey: SurveyDefinition, now: datetime
) -> None:
    texts = ["benches, call 01234 567890"] * 3 + ["Benches by the pond", "better benches", "benches!"]
    texts += ["a pony"] * 2 + ["swings"] * 5
    for one in texts:
        answer(session, survey, {"park": "mill", "wish": one}, now)
    session.commit()
    commands.group_texts(
        session, "parks", ByFirstLetter(), lambda said: said.replace("01234 567890", "[phone]"), now
    )
    groups = asked(session)["wish"]["texts"]["groups"]
    assert [one["size"] for one in groups] in ([6, 7], [6, 5, 2])
    assert sum(one["size"] for one in groups) == 13
    quoted = " ".join(quote for one in groups for quote in one["quotes"])
    assert "pony" not in quoted and "01234" not in quoted


def test_a_sample_of_too_many_texts_is_the_same_each_time() -> None:
    many = [f"text {number}" for number in range(5000)]
    assert len(drawn(many, "a")) == 2000 and drawn(many, "a") == drawn(many, "a") != drawn(many, "b")
    assert grouped([], ByFirstLetter(), 5) == ([], 0)


def test_those_who_answered_are_told_once(session: Session, survey: SurveyDefinition, now: datetime) -> None:
    official = add_official(session, "dora", Role.DESIGNER, "seven hedgehogs dance", now)
    for name in ("a", "b", "c"):
        talk = open_conversation(session, "telegram", name, "en", now)
        answer(session, survey, {"park": "mill"}, now, conversation_id=talk.id, citizen_id=talk.citizen_id)
    answer(session, survey, {"park": "mill"}, now)

    def publishes() -> None:
        figures = as_json(overview(session, "parks"))
        commands.publish_page(
            session,
            "parks",
            said="Much",
            did="",
            questions=["park"],
            figures=figures,
            tell_them=True,
            actor=official,
            now=now,
        )
        session.commit()

    def reply(title: str, survey_id: str, language: str) -> Reply:
        return Reply(text=f"{title} {survey_id}")

    publishes()
    told = [commands.share_back(session, reply, now, limit=2) for _ in range(4)]
    publishes()
    session.commit()
    assert sum(told) == 3 and commands.share_back(session, reply, now) == 0
    assert session.query(Delivery).count() == 3
    assert session.get_one(SurveyResultPage, "parks").told_at == now


def test_a_packed_row_says_nothing_about_when_or_who(session: Session, now: datetime) -> None:
    survey = parks(anonymous=True)
    publish(session, survey, now)
    answer(session, survey, {"park": "mill"}, now)
    session.commit()
    columns = set(session.execute(text("SELECT * FROM survey_result_rows")).keys())
    assert columns == {"survey_id", "session_id", "version", "counted", "cells"}
    assert session.query(SurveyResultRow).count() == session.query(SurveySession).count() == 1
