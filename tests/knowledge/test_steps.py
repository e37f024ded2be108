"""Each step of the pipeline, each outcome with its words, and refusals that are data."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from civic.kit.services import Services
from civic.knowledge import rules
from civic.knowledge.answering import STEPS, Answer, Circumstances, Status, answer, refusals, words_key
from civic.knowledge.answering.steps.plain import in_plain_words
from civic.knowledge.live import LiveIndex
from civic.knowledge.models import Question
from tests.fixtures import ROOT
from tests.knowledge.conftest import Add, Asker

# How a question is judged no database plays a part in; what is found in it is looked at on both.
pytestmark = pytest.mark.one_database

REFUSALS = ROOT / "content" / "refusals.yml"
Ask = Callable[..., Answer]


@pytest.fixture
def ask(services: Services) -> Ask:
    def ask(text: str, *history: str, **around: object) -> Answer:
        with services.sessions() as session:
            circumstances = Circumstances(**{"refusals": refusals.load(REFUSALS), **around})  # type: ignore[arg-type]
            return answer(session, services.get(LiveIndex), text, history=history, around=circumstances)

    return ask


def statuses() -> list[str]:
    return [*Status, *(one.status for one in refusals.load(REFUSALS).refusals)]


# ------------------------------------------------------------------------------------- walking the registry


def test_every_status_has_words_of_its_own(services: Services) -> None:
    texts = {
        services.text(words_key(status), "en", title="T", why="part", missing="M", kinds="K", topics=2)
        for status in statuses()
    }
    assert len(texts) == len(statuses()) >= 13


@pytest.mark.parametrize("step", [step.__name__ for step in STEPS])
def test_every_step_has_a_test_and_a_file_of_its_own(step: str) -> None:
    assert (ROOT / "civic" / "knowledge" / "answering" / "steps" / f"{step}.py").is_file()
    assert re.search(rf"def test_step_{step}_\w+\(", Path(__file__).read_text(encoding="utf-8")), step


def test_every_step_stands_in_the_table_of_the_docs() -> None:
    page = (ROOT / "docs" / "features" / "knowledge.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \d+ \| `(\w+)`", page, re.M)
    assert rows == [step.__name__ for step in STEPS]


# ------------------------------------------------------------------------------------------------ the steps


def test_step_emergency_comes_before_everything(ask: Ask) -> None:
    found = ask("how much is a permit", danger="fire_gas", personal_data=("phone",))
    assert (found.status, found.detail) == (Status.EMERGENCY_SIGNPOSTED, "fire_gas")


def test_step_personal_data_ends_the_question(ask: Ask) -> None:
    found = ask("how much is a permit", personal_data=("phone", "email"))
    assert (found.status, found.detail) == (Status.PERSONAL_DATA_REFUSED, "phone,email")


def test_step_a_question_wants_a_word(ask: Ask) -> None:
    assert ask("🙂 ?!").status == Status.UNANSWERABLE_NO_QUESTION


@pytest.mark.both_databases
def test_step_documents_says_when_there_are_none(ask: Ask) -> None:
    assert ask("how much is a permit").status == Status.ERROR_NO_DOCUMENTS


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    "text",
    [
        "hi there!! can u tell me wen the libary opens plz 😊",
        "Good morning, I'd like to know when the library is open. Many thanks",
        "whenis thelibrary open",
        "ok, one more thing: when does the library open",
    ],
)
def test_step_plain_looks_for_the_question_in_a_chat_message(ask: Ask, text: str) -> None:
    found = ask(text)
    assert found.shown and "library" in found.cited[0].hit.entry.title.lower()


@pytest.mark.parametrize("text", ["please", "hello", "can you tell me", "HMO licence", "the dis office"])
def test_too_little_is_never_left_of_a_message(text: str) -> None:
    assert in_plain_words(text, {"dis": 3}) == text


@pytest.mark.usefixtures("town")
def test_step_spelling_finds_what_was_meant(ask: Ask) -> None:
    found = ask("hw do i aply for a parkng permit")
    assert found.status == Status.ANSWERED and "parking" in found.cited[0].hit.entry.title.lower()


@pytest.mark.usefixtures("town")
def test_step_split_answers_each_part_with_its_own_quote(ask: Ask) -> None:
    found = ask("how many books can I borrow and what is the fine for not picking up after my dog")
    assert found.status == Status.ANSWERED and len(found.cited) == 2
    assert "15 items" in found.cited[0].words and "£100" in found.cited[1].words


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("how much is a permit and how long does it take", 2),
        ("where is the tip? when is it open?", 2),
        ("terms and conditions of the permit", 1),
        ("can my wife and I share a permit", 1),
        ("is there a discount? I live alone", 1),
        ("when are bins collected and what is collected and where do I put them and who does it", 1),
        ("how much and is it", 1),
    ],
)
def test_a_message_is_split_only_between_questions(text: str, parts: int) -> None:
    assert len(rules.parts_of(text)) == parts


@pytest.mark.usefixtures("town")
def test_step_context_takes_the_topic_from_the_turns_before(ask: Ask) -> None:
    history = ("how much is a resident parking permit?", "and for electric cars?", "thanks")
    found = ask("and for visitors?", *history)
    assert found.hit is not None and "parking" in found.hit.entry.title.lower()


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("text", ["and for my husband?", "what about my mum then"])
def test_the_same_question_for_somebody_else_gets_the_same_answer(ask: Ask, text: str) -> None:
    found = ask(text, "how much is a blue badge")
    assert "A badge costs £10" in (found.quoted or "")
    assert not ask(text).shown


@pytest.mark.parametrize(
    ("history", "text", "context"),
    [
        (["how much is a permit?", "and for electric cars?"], "and for two?", 2),
        (["how many books can I borrow?", "parking"], "how much is it?", 1),
        (["how much is a permit?"], "how many books can I borrow from the library?", 0),
        (["🙂", "???"], "and for two?", 0),
    ],
)
def test_only_what_a_question_leans_on_is_taken_along(history: list[str], text: str, context: int) -> None:
    found = rules.context_of(text, history)
    assert len(found) == context
    assert not any("books" in turn for turn in found)


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("can I sue the council", "unanswerable_legal_advice"),
        ("which party is the best one to vote for", "unanswerable_party_politics"),
        ("where does councillor Jones live", "unanswerable_about_a_person"),
    ],
)
def test_step_refuse_ends_what_is_never_answered(ask: Ask, text: str, status: str) -> None:
    found = ask(text)
    assert found.status == status and not found.cited


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("text", ["how do I register to vote", "do students pay council tax"])
def test_what_only_looks_like_a_refusal_is_answered(ask: Ask, text: str) -> None:
    assert ask(text).shown


@pytest.mark.usefixtures("town")
def test_step_retrieve_keeps_the_next_best_passages(ask: Ask) -> None:
    found = ask("how much does a second resident permit cost?")
    assert len(found.others) >= 4
    assert found.hit is not None and found.hit.entry not in [one.entry for one in found.others]


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    "text", ["parking", "blue badge", "help with money", "it doesn't work", "council tax"]
)
def test_step_vague_asks_back_once_with_topics(ask: Ask, text: str) -> None:
    found = ask(text)
    assert found.status == Status.CLARIFY
    labels = [topic.label for topic in found.topics]
    assert 2 <= len(labels) <= 4 and len(set(labels)) == len(labels)
    assert ask(text, may_clarify=False).status != Status.CLARIFY


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("text", ["bins", "the bins pls", "recycling"])
def test_a_word_that_no_passage_answers_is_asked_back_about(ask: Ask, text: str) -> None:
    assert ask(text).status == Status.CLARIFY
    assert ask(text, may_clarify=False).status != Status.CLARIFY
    assert ask("zebras").status == Status.UNANSWERABLE_NO_SOURCE


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    "text", ["library opening times", "sandbags", "how much is a blue badge", "what is the bus pass for"]
)
def test_what_asks_something_is_not_vague_however_short(ask: Ask, text: str) -> None:
    assert ask(text).status != Status.CLARIFY


@pytest.mark.usefixtures("town")
def test_step_judge_refuses_what_no_document_says(ask: Ask) -> None:
    assert ask("can I import a cat from Spain").status == Status.UNANSWERABLE_NO_SOURCE
    assert ask("tell me a joke").status == "unanswerable_out_of_scope"


@pytest.mark.both_databases
@pytest.mark.usefixtures("town")
def test_step_cite_quotes_the_words_of_the_document(ask: Ask) -> None:
    found = ask("how much is a blue badge")
    assert "A badge costs £10" in (found.quoted or "")


def test_step_conditions_keeps_the_line_above_a_list(ask: Ask, add: Add, tmp_path: Path) -> None:
    lines = "\n".join(f"- {name}: {price} pounds" for name, price in LIST)
    path = tmp_path / "pool.md"
    path.write_text(
        f"# Swimming pool\n\n## Prices\n\nIf you are over 65 and live here, you pay:\n\n{lines}\n",
        encoding="utf-8",
    )
    add(path)
    found = ask("how much is a family swim at the pool")
    (one,) = found.cited
    assert "family swim" in one.words
    kept = one.words + (one.hit.entry.text[slice(*one.head)] if one.head else "")
    assert "over 65" in kept


def test_step_conclude_points_at_conditions_that_are_left_out(ask: Ask, add: Add, tmp_path: Path) -> None:
    path = tmp_path / "skips.md"
    path.write_text(
        "# Skip permits\n\nA skip permit for the road costs 48 pounds a week, subject to conditions. "
        "The form is online. Pay by card. We answer within a day. Bring nothing along. Lamps come with it.\n",
        encoding="utf-8",
    )
    add(path)
    found = ask("how much is a skip permit for the road")
    assert (found.status, found.detail) == (Status.ANSWERED_PARTLY, "conditions")


LIST = [
    ("single swim", 3),
    ("family swim for two adults and two children at the week-end", 9),
    ("ten swims", 25),
    ("month", 30),
]


# -------------------------------------------------------------------------------------- refusals are data


@pytest.mark.usefixtures("town")
def test_a_new_refusal_needs_no_code(services: Services, tmp_path: Path) -> None:
    path = tmp_path / "refusals.yml"
    path.write_text(
        "refusals:\n  - status: unanswerable_medicine\n    patterns: ['\\bpills\\b']\n"
        "    examples: [which medicine should I take, is my rash dangerous]\n",
        encoding="utf-8",
    )
    listed = refusals.load(path)
    with services.sessions() as session:
        for text in ("may I take these pills", "what medicine should I take for my cough"):
            found = answer(session, services.get(LiveIndex), text, around=Circumstances(refusals=listed))
            assert found.status == "unanswerable_medicine"


@pytest.mark.parametrize(
    "text",
    [
        "refusals:\n  - status: nonsense\n    patterns: [x]\n",
        "refusals:\n  - status: unanswerable_nothing\n",
        "refusals:\n  - status: unanswerable_twice\n    patterns: [a]\n"
        "  - status: unanswerable_twice\n    patterns: [b]\n",
        "refusals:\n  - status: unanswerable_broken\n    patterns: ['(']\n",
        "refusals: [",
    ],
)
def test_a_mistake_in_the_refusals_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "refusals.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(refusals.BrokenRefusals, match=r"refusals\.yml"):
        refusals.load(path)


# ------------------------------------------------------------------------------------ what the citizen does


@pytest.mark.both_databases
@pytest.mark.usefixtures("town")
def test_a_topic_pressed_is_answered_and_noted_with_what_it_makes_clear(
    asker: Callable[..., Asker], services: Services
) -> None:
    citizen = asker()
    assert citizen.asks("blue badge") == "clarify"
    vague = newest(services)
    citizen.presses("Misuse")
    assert "£1,000" in citizen.citation.quote
    noted = newest(services)
    assert (noted.clarifies, noted.status, noted.topic) == (
        vague.id,
        "answered",
        "Blue Badge parking for disabled people",
    )


@pytest.mark.usefixtures("town")
def test_two_vague_messages_in_a_row_are_asked_back_once(asker: Callable[..., Asker]) -> None:
    citizen = asker()
    assert citizen.asks("parking") == "clarify"
    assert citizen.asks("council tax") != "clarify"
    assert citizen.asks("allotments") == "clarify"


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("typed", ["that's not what I meant", "no, that is not what I asked", "wrong answer"])
def test_not_what_i_meant_is_understood_typed(asker: Callable[..., Asker], typed: str) -> None:
    citizen = asker()
    citizen.asks("how much does a second resident permit cost?")
    citizen.asks(typed)
    assert citizen.status == "others_shown"
    assert citizen.labels == ["Yes", "Pass my question on", "Ask in other words"]


@pytest.mark.usefixtures("town")
def test_other_passages_are_shown_two_at_a_time_until_there_are_none(asker: Callable[..., Asker]) -> None:
    citizen = asker()
    citizen.asks("how much does a second resident permit cost?")
    button = next(one for one in citizen.choices if one.label == "Not what I meant")
    seen = [citizen.citation.quote]
    for _ in range(3):
        citizen.presses_token(button)
        quotes = [citation.quote for reply in citizen.replies for citation in reply.citations]
        assert len(quotes) >= 2
        seen += quotes
    citizen.presses_token(button)
    assert "nothing else" in citizen.heard and len(set(seen)) >= 7


@pytest.mark.both_databases
@pytest.mark.usefixtures("town")
def test_a_fault_inside_never_becomes_silence(
    asker: Callable[..., Asker], services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(LiveIndex):
        def current(self, session: object) -> object:  # type: ignore[override]
            raise ZeroDivisionError("the secret of the citizen")

    services.provide(LiveIndex, lambda s: Broken(None))  # type: ignore[arg-type]
    citizen = asker()
    assert citizen.asks("how much is a permit") == "error_internal"
    assert "went wrong" in citizen.heard and "Pass my question on" in citizen.labels
    assert newest(services).status == "error_internal"
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.both_databases
@pytest.mark.usefixtures("town")
def test_inside_a_report_a_question_with_a_phone_number_is_refused_and_noted_without_it(
    asker: Callable[..., Asker], services: Services
) -> None:
    citizen = asker()
    assert (
        citizen.asks("how much is a permit, call 07700 900123", loop="complaint_form")
        == "personal_data_refused"
    )
    assert newest(services).text == "how much is a permit, call [phone number]"


def newest(services: Services) -> Question:
    from civic.knowledge.queries import QuestionFilter, questions

    with services.sessions() as session:
        rows, _ = questions(session, QuestionFilter(state=None), limit=1)
        return rows[0]
