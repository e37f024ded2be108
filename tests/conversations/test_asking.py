"""A question is answered from the town's documents with the source, or refused honestly."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.people import Citizen, OfficialAtWork
from tests.stack import Stack


@pytest.mark.parametrize(
    ("question", "title", "words"),
    [
        ("How do I apply for a blue badge?", "Blue Badge", "badge"),
        ("how much does a garden waste bin cost", "Waste and recycling", "£"),
        ("hw do i aply for a parkng permit", "Parking permits", "permit"),
        ("WHEN DO I HAVE TO APPLY FOR A SCHOOL PLACE???", "school", "apply"),
        ("good morning, can you tell me how to register to vote", "vote", "register"),
    ],
)
def test_a_question_is_answered_with_its_source(
    citizen: Citizen, stack: Stack, question: str, title: str, words: str
) -> None:
    citizen.says(question)
    assert "answered" in citizen.statuses, citizen.heard
    (citation, *_) = citizen.citations
    assert title.casefold() in citation["title"].casefold()
    assert words.casefold() in citation["quote"].casefold() + citizen.heard.casefold()
    page = httpx.get(citation["url"])
    assert page.status_code == 200
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.text))
    first = re.sub(r"\s+", " ", citation["quote"]).split(". ")[0][:40].rstrip(".")
    assert first in shown.replace("&#39;", "'").replace("&amp;", "&")


def test_a_question_nobody_has_written_about_is_refused_and_can_be_passed_on(
    citizen: Citizen, official: OfficialAtWork
) -> None:
    citizen.says("Can I keep two alpacas and a camel on my balcony?")
    assert "answered" not in citizen.statuses, citizen.heard
    citizen.presses("Pass my question on")
    assert "passed your question on" in citizen.heard
    questions = official.gets("/questions")
    assert any("alpacas" in str(item) for item in questions["items"])


def test_an_answer_that_did_not_help_reaches_the_officials(
    citizen: Citizen, official: OfficialAtWork
) -> None:
    citizen.says("How much does a second resident permit cost for my van called Budgerigar?")
    citizen.presses("No")
    questions = official.gets("/questions")
    assert any("Budgerigar" in str(item) for item in questions["items"])


def test_a_question_of_another_world_is_not_answered_from_the_documents(citizen: Citizen) -> None:
    citizen.says("who won the football world cup in 1998?")
    assert "answered" not in citizen.statuses
    assert not citizen.citations
