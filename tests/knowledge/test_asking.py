"""A citizen asks, reads a quote with its source, rates it, and can always go on to people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from actions.routing import ActionFallback
from civic.conversation.types import Choice
from civic.kit.services import Services
from civic.knowledge import asking, commands, queries
from civic.knowledge.answering import Status
from civic.knowledge.models import Question
from civic.knowledge.queries import QuestionFilter
from tests.knowledge.conftest import POLICIES, Add, Asker

# What is said of a question is the same on any database; what is found and kept is looked at on both.
pytestmark = pytest.mark.one_database

AskerOf = Callable[..., Asker]


def stored(services: Services, state: str | None = None) -> list[Question]:
    with services.sessions() as session:
        rows, _ = queries.questions(session, QuestionFilter(state=state), limit=50)
        return list(rows)


@pytest.mark.both_databases
@pytest.mark.usefixtures("town")
def test_the_answer_quotes_the_document_and_names_title_section_and_date(
    asker: AskerOf, services: Services
) -> None:
    citizen = asker()
    assert citizen.asks("how much does a second resident permit cost?") == "answered"
    found = citizen.citation
    assert "the second £110" in found.quote
    assert (found.title, found.section) == ("Residents' and visitors' parking permits", "Resident permits")
    assert (found.date, found.page) == ("2025-06-02", None)
    assert found.url.startswith(f"{services.settings.site}/documents/")
    assert found.title in citizen.replies[0].text
    text = (POLICIES / "parking-permits.md").read_text(encoding="utf-8")
    assert found.quote in text
    assert citizen.replies[-1].text == "Did this help?"
    assert citizen.labels == ["Yes", "No", "Not what I meant"]


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("what is the fine for not picking up after my dog", "£100"),
        ("how soon must I register my baby?", "42 days"),
        ("can i have a bonfire on my allotment", "Bonfires"),
        ("I am the only adult at home, is there a council tax discount", "25%"),
        ("where do I get sandbags", "sandbags"),
        ("blue badge wen i have dementia", "dementia"),
        ("DO I NEED PHOTO ID TO VOTE", "photo identification"),
        # The encoder hardly knows the word; the page's title is named, and its third passage has the price.
        ("how much is an allotment", "£84"),
    ],
)
def test_questions_in_everyday_words_are_answered(asker: AskerOf, question: str, words: str) -> None:
    citizen = asker()
    assert citizen.asks(question) == "answered"
    assert words in citizen.citation.quote


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    "question",
    [
        "which doctor is taking new patients",
        "can I import a cat from Spain",
        "who may keep a horse in the town hall",
    ],
)
def test_what_no_document_says_is_not_answered(asker: AskerOf, services: Services, question: str) -> None:
    citizen = asker()
    assert citizen.asks(question) == "unanswerable_no_source"
    assert "do not know" in citizen.heard
    assert citizen.labels == ["Pass my question on", "Ask in other words"]
    assert not any(reply.citations for reply in citizen.replies)
    assert stored(services, "open") == []  # nobody is troubled before the citizen asks for it


@pytest.mark.both_databases
@pytest.mark.usefixtures("town")
def test_a_follow_up_is_understood_from_the_turn_before(asker: AskerOf) -> None:
    citizen = asker()
    citizen.asks("how much is a resident parking permit?")
    citizen.asks("and for electric cars?")
    assert citizen.status == "answered"
    assert "Fully electric vehicles pay half" in citizen.citation.quote


@pytest.mark.usefixtures("town")
def test_an_earlier_topic_does_not_colour_a_new_question(asker: AskerOf) -> None:
    citizen = asker()
    citizen.asks("how much is a resident parking permit?")
    citizen.asks("how many books can I borrow from the library?")
    assert "15 items" in citizen.citation.quote


@pytest.mark.both_databases
def test_an_answer_that_helped_needs_nobody(
    asker: AskerOf, add: Add, permits: Path, services: Services
) -> None:
    add(permits)
    citizen = asker()
    citizen.asks("how much is the second parking permit")
    assert "Good to hear" in citizen.presses("Yes")
    (question,) = stored(services)
    assert (question.helpful, question.state, question.status) == (True, "none", "answered")
    assert question.quote and question.document_id and question.score


@pytest.mark.both_databases
def test_an_unhelpful_answer_is_put_before_the_officials_and_can_be_passed_on(
    asker: AskerOf, add: Add, permits: Path, services: Services
) -> None:
    add(permits)
    citizen = asker()
    citizen.asks("how much is the second parking permit")
    citizen.presses("No")
    (question,) = stored(services, "open")
    assert (question.helpful, question.reason) == (False, "unhelpful")
    assert citizen.labels == ["Pass my question on", "Ask in other words"]
    pass_on = citizen.choices[0]
    assert "passed your question on" in citizen.presses("Pass my question on")
    citizen.presses_token(pass_on)  # a double tap
    (question,) = stored(services, "open")
    assert (question.reason, question.conversation_id) == ("passed_on", citizen.conversation_id)


@pytest.mark.both_databases
def test_a_question_without_an_answer_can_be_passed_on_or_asked_in_other_words(
    asker: AskerOf, add: Add, permits: Path, services: Services
) -> None:
    add(permits)
    citizen = asker()
    citizen.asks("who may keep a horse in the town hall")
    assert "in other words" in citizen.presses("Ask in other words").lower()
    assert stored(services, "open") == []
    citizen.asks("who may keep a horse in the town hall")
    citizen.presses("Pass my question on")
    (question,) = stored(services, "open")
    assert question.text == "who may keep a horse in the town hall"
    assert question.opened_at == services.clock.now()


@pytest.mark.both_databases
def test_nobody_can_press_the_buttons_of_another_conversation(
    asker: AskerOf, add: Add, permits: Path, services: Services
) -> None:
    add(permits)
    citizen, stranger = asker(), asker("chat-2")
    citizen.asks("who may keep a horse in the town hall")
    assert "earlier question" in stranger.presses_token(citizen.choices[0])
    assert stored(services, "open") == []


@pytest.mark.parametrize(
    "value", ["knowledge", "knowledge:", "knowledge:helpful:", "knowledge:drop:1", "knowledge:pass_on:x:y"]
)
def test_a_button_that_means_nothing_says_so(asker: AskerOf, value: str) -> None:
    assert "earlier question" in asker().presses_token(Choice(label="x", value=value))


@pytest.mark.both_databases
def test_a_typed_yes_or_no_rates_the_last_answer_for_a_while(
    asker: AskerOf, add: Add, permits: Path, services: Services
) -> None:
    add(permits)
    citizen = asker()
    citizen.asks("how much is the second parking permit")
    with services.sessions.begin() as session:
        replies = asking.answer_in_words(session, citizen.turn(text="nope", intent="deny"), services)
    assert "I am sorry" in replies[0].text
    assert stored(services, "open")[0].reason == "unhelpful"
    citizen.asks("how much is the second parking permit")
    services.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]
    with services.sessions.begin() as session:
        assert not asking.answer_in_words(session, citizen.turn(text="yes", intent="affirm"), services)


def test_what_if_i_dont_is_a_question_and_rates_nothing(
    asker: AskerOf, add: Add, permits: Path, services: Services
) -> None:
    add(permits)
    citizen = asker()
    citizen.asks("how much is the second parking permit")
    with services.sessions.begin() as session:
        turn = citizen.turn(text="what if I dont pay", intent="deny")
        replies = asking.answer_in_words(session, turn, services)
    assert replies and "I am sorry" not in replies[0].text
    assert not any(one.reason == "unhelpful" for one in stored(services))


def test_a_yes_to_something_else_rates_nothing(
    asker: AskerOf, add: Add, permits: Path, services: Services
) -> None:
    add(permits)
    citizen = asker()
    citizen.asks("how much is the second parking permit")
    citizen.history.append("hello again")
    with services.sessions.begin() as session:
        assert not asking.answer_in_words(session, citizen.turn(text="yes", intent="affirm"), services)
    assert [one.helpful for one in stored(services)] == [None]


@pytest.mark.both_databases
def test_a_typed_yes_to_passing_on_takes_the_last_question(asker: AskerOf, services: Services) -> None:
    citizen = asker()
    yes = {"text": "yes please", "intent": "affirm"}
    with services.sessions.begin() as session:
        assert not asking.answer_in_words(session, citizen.turn(**yes), services)
    citizen.asks("is there a zoo")
    with services.sessions.begin() as session:
        replies = asking.answer_in_words(session, citizen.turn(**yes), services)
    assert "passed your question on" in replies[0].text
    assert [one.text for one in stored(services, "open")] == ["is there a zoo"]


def test_a_typed_no_to_passing_on_passes_nothing_on(asker: AskerOf, services: Services) -> None:
    citizen = asker()
    citizen.asks("is there a zoo")
    with services.sessions.begin() as session:
        assert not asking.answer_in_words(session, citizen.turn(text="no", intent="deny"), services)
    assert stored(services, "open") == []


def test_inside_a_survey_the_answer_comes_without_buttons(asker: AskerOf, add: Add, permits: Path) -> None:
    add(permits)
    citizen = asker()
    assert citizen.asks("how much is the second parking permit", loop="survey_form") == "answered"
    assert len(citizen.replies) == 1 and citizen.labels == []


@pytest.mark.usefixtures("town")
def test_a_refusal_names_the_nearest_page_by_a_button_and_inside_a_survey_by_a_link(asker: AskerOf) -> None:
    question = "how do i get rid of a mattress"
    citizen = asker()
    assert citizen.asks(question) == "unanswerable_no_source"
    assert citizen.labels[0] == "Bulky waste collection"
    inside = asker()
    assert inside.asks(question, loop="survey_form") == "unanswerable_no_source"
    assert inside.labels == [] and "nearest I have" in inside.heard
    (page, *_) = inside.replies[0].citations
    assert page.title == "Bulky waste collection" and "/documents/" in page.url and page.quote == ""


@pytest.mark.usefixtures("town")
def test_a_street_that_no_document_knows_does_not_keep_the_answer_back(asker: AskerOf) -> None:
    citizen = asker()
    assert citizen.asks("library opening hours in Abbey Road") == "answered"
    assert "Central Library" in citizen.citation.quote
    assert citizen.asks("who owns the house in Elm Close") == "unanswerable_no_source"


@pytest.mark.parametrize("text", ["🙂🙂", "???", " ", "a"])
def test_what_holds_no_word_is_asked_again(asker: AskerOf, text: str) -> None:
    assert asker().asks(text) == "unanswerable_no_question"


@pytest.mark.both_databases
def test_without_documents_the_question_can_still_be_passed_on(asker: AskerOf) -> None:
    citizen = asker()
    assert citizen.asks("how much is a permit") == "error_no_documents"
    assert "Pass my question on" in citizen.labels


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    "text", ["<b>bin</b> day?", '/ask{"x": 1}', "bin " * 1250, "'; DROP TABLE documents; --"]
)
def test_hostile_and_endless_questions_get_a_plain_reply(asker: AskerOf, text: str) -> None:
    assert asker().asks(text) in set(Status)


def test_a_stricter_setting_refuses_more(asker: AskerOf, add: Add, permits: Path, services: Services) -> None:
    add(permits)
    services.settings.answer_threshold = 1.0
    assert asker().asks("how much is the second parking permit") == "unanswerable_no_source"


@pytest.mark.both_databases
def test_deleting_a_citizens_data_forgets_their_questions_only(asker: AskerOf, services: Services) -> None:
    one, other = asker(), asker("chat-2")
    one.asks("my secret question")
    other.asks("the question of somebody else")
    with services.sessions.begin() as session:
        commands.erase(session, one.citizen_id, services.clock.now())
    assert [question.text for question in stored(services)] == ["the question of somebody else"]


@pytest.mark.usefixtures("town")
def test_a_question_that_is_not_answered_for_certain_is_given_the_nearest_page(asker: AskerOf) -> None:
    citizen = asker()
    assert citizen.asks("how do i get rid of a mattress") == "unanswerable_no_source"
    assert "nearest" in citizen.heard and not any(reply.citations for reply in citizen.replies)
    assert citizen.labels == ["Bulky waste collection", "Pass my question on", "Ask in other words"]
    citizen.presses("Bulky waste collection")
    assert "attresses" in citizen.citation.quote


@pytest.mark.both_databases
@pytest.mark.usefixtures("town")
def test_a_question_that_nobody_took_for_one_is_answered_if_the_documents_do(
    asker: AskerOf, services: Services
) -> None:
    citizen = asker()
    with services.sessions.begin() as session:
        known = citizen.turn(text="how much does a second resident permit cost?", intent="nlu_fallback")
        (answered, *_) = ActionFallback(services).act(session, known, services).replies
        unknown = citizen.turn(text="colourless green ideas sleep", intent="nlu_fallback")
        (refused,) = ActionFallback(services).act(session, unknown, services).replies
    assert answered.citations and "£110" in answered.citations[0].quote
    assert refused.status == "not_understood" and not refused.citations
    assert [one.status for one in stored(services)] == ["answered"]
