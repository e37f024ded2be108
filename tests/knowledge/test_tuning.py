"""Tuning makes questions of the documents, goes on where it was stopped, and keeps what finds more."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from civic.encoder import SentenceEncoder
from civic.encoder.export import load
from civic.encoder.runtime import BATCH_SIZE, Vectors
from civic.kit.db import read_session
from civic.kit.services import Services
from civic.knowledge import commands, queries
from civic.knowledge.answering import answer
from civic.knowledge.encoding import FOLDER, Encoding
from civic.knowledge.index import Entry
from civic.knowledge.live import LiveIndex
from civic.knowledge.prepare import PreparedDocument
from civic.knowledge.tuning import pairs, run, training
from civic.knowledge.tuning.judging import Judgement
from civic.knowledge.tuning.pairs import Pair
from civic.knowledge.tuning.training import Plan

STILL = Plan(batch=4, most_steps=2, rate=0.0)


def entry(document: str, heading: str, text: str, ordinal: int = 1) -> Entry:
    return Entry(document, ordinal, f"Title of {document}", (f"Title of {document}", heading), text)


LONG = "You must apply for a permit in advance. It costs ten pounds a year. You can pay at the town hall."


def test_titles_headings_faqs_officials_answers_and_sentences_become_questions() -> None:
    entries = [
        entry("a", "What does it cost?", LONG),
        entry("b", "Opening hours", "Q: When do you open on Sundays?\nA: We open at ten and close at four."),
        entry("c", "Anything", LONG.replace("permit", "licence")),
    ]
    found = pairs.make(entries, {"a": "a", "b": "b", "c": "c"}, {"c": "May I sell flowers in the street?"})
    made = {(one.kind, one.question): one for one in [*found.training, *found.held_back]}
    asks = made["question", "Title of a: What does it cost?"]
    assert asks.text.endswith(LONG) and "What does it cost?" not in asks.text
    assert made["faq", "When do you open on Sundays?"].text == "We open at ten and close at four."
    assert made["official", "May I sell flowers in the street?"].passage == 2
    assert {kind for kind, _ in made} >= {"title", "heading", "question", "faq", "official"}


def test_no_document_is_both_trained_on_and_judged_by() -> None:
    entries = [entry(f"d{n}", f"How is it number {n}?", f"{LONG} Number {n}.") for n in range(40)]
    found = pairs.make(entries, {one.document_id: one.document_id for one in entries}, {})
    trained = {entries[one.passage].document_id for one in found.training}
    judged = {entries[one.passage].document_id for one in found.held_back}
    assert len(judged) == 8 and not trained & judged
    assert "sentence" in {one.kind for one in found.training}
    assert "sentence" not in {one.kind for one in found.held_back}


def test_no_step_holds_a_passage_twice_since_the_others_are_its_wrong_answers() -> None:
    many = [Pair("title", f"question {n % 7}", f"text {n % 5}", n) for n in range(50)]
    for step in range(20):
        batch = training._batch(many, step, Plan(batch=16))
        assert len({one.text for one in batch}) == len(batch) == len({one.question for one in batch})


def test_only_a_clear_gain_is_a_gain() -> None:
    before = Judgement(0.5, 0.8, 0.6, 50)
    assert Judgement(0.5, 0.8, 0.61, 50).is_better_than(before)
    assert not Judgement(0.6, 0.9, 0.601, 50).is_better_than(before)
    assert not before.is_better_than(before)


def test_too_few_documents_are_refused_with_a_remedy(services: Services) -> None:
    with read_session(services.sessions) as session, pytest.raises(run.NothingToLearn) as said:
        run.material(session)
    assert "knowledge add" in (said.value.remedy or "")


@pytest.fixture
def learning() -> list[Pair]:
    return [
        Pair("title", f"What about thing {n}?", f"The thing number {n} is {n * n}.", n) for n in range(12)
    ]


def test_training_that_was_stopped_goes_on_and_ends_as_if_it_had_not_been(
    tmp_path: Path, learning: list[Pair]
) -> None:
    torch = pytest.importorskip("torch", reason="the libraries for training are not installed")
    plan = Plan(batch=4, most_steps=4, save_every=2, rate=1e-3, longest=32)

    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    for name in ("whole", "parts"):
        (tmp_path / name).mkdir()
    training.train(None, learning, tmp_path / "whole", "same", plan, lambda done, total: None)
    with pytest.raises(KeyboardInterrupt):
        training.train(None, learning, tmp_path / "parts", "same", plan, stop)
    told: list[int] = []
    training.train(None, learning, tmp_path / "parts", "same", plan, lambda done, total: told.append(done))
    assert told == [2, 3, 4]
    whole, parts = (
        torch.load(tmp_path / name / "checkpoint.pt", weights_only=True)["model"]
        for name in ("whole", "parts")
    )
    assert whole.keys() == parts.keys()
    assert all(torch.allclose(whole[name], parts[name], atol=1e-6) for name in whole)
    told.clear()
    training.train(None, learning, tmp_path / "parts", "other", plan, lambda done, total: told.append(done))
    assert told[0] == 0, "what was trained on other pairs is not gone on with"


@pytest.fixture
def half_a_town(services: Services, prepared_town: list[PreparedDocument]) -> None:
    """Every other demonstration document in force: enough to judge by, and encoded in half the time."""
    with services.sessions.begin() as session:
        for one in prepared_town[::2]:
            commands.store(session, one, source=one.document.key, now=services.clock.now())


# What is learned is the same on any database; that both keep an encoder's vectors, test_import_job.py shows.
on_one_database = pytest.mark.one_database


@on_one_database
def test_an_encoder_that_finds_no_more_is_not_kept(
    services: Services, half_a_town: None, encoder: SentenceEncoder, tmp_path: Path
) -> None:
    pytest.importorskip("torch", reason="the libraries for training are not installed")
    before = digests(services)
    outcome = tune(services, encoder, encoder, tmp_path / "work")
    assert outcome.kept == "old"
    assert outcome.before.questions >= 15
    assert digests(services) == before
    assert not (services.settings.home / FOLDER).exists()
    assert sorted(path.name for path in (tmp_path / "work").iterdir()) == [".lock", "result.json"]


class Confused(SentenceEncoder):
    """An encoder that serves and finds nothing: whatever is trained is better."""

    def encode(self, sentences: Sequence[str], batch_size: int = BATCH_SIZE) -> Vectors:
        rows = [np.frombuffer(hashlib.sha512(one.encode()).digest() * 6, np.uint8) for one in sentences]
        vectors = np.array(rows, np.float32).reshape(len(rows), self.dim) - 128
        found: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return found


@on_one_database
def test_a_better_one_is_put_into_force_with_all_its_vectors_and_a_running_process_takes_it(
    services: Services, half_a_town: None, encoder: SentenceEncoder, tmp_path: Path
) -> None:
    pytest.importorskip("torch", reason="the libraries for training are not installed")
    live = services.get(LiveIndex)
    with read_session(services.sessions) as session:
        live.current(session)
    assert live.encoder is encoder
    confused = Confused(encoder.manifest, encoder._session, encoder._tokenizer)
    outcome = tune(services, encoder, confused, tmp_path / "work")
    assert outcome.kept == "new"
    assert outcome.after.mrr > outcome.before.mrr
    tuned = services.get(Encoding).current()
    assert tuned.digest == outcome.digest and set(digests(services)) == {outcome.digest}
    with read_session(services.sessions) as session:
        live.current(session)
    assert live.encoder.digest == outcome.digest
    assert run.undo(services.sessions, services.settings.home / FOLDER)
    assert services.get(Encoding).current() is encoder
    assert not run.undo(services.sessions, services.settings.home / FOLDER)


@on_one_database
def test_another_model_is_tried_instead_of_training_and_may_have_longer_vectors(
    services: Services, half_a_town: None, encoder: SentenceEncoder, tmp_path: Path
) -> None:
    """Two of the general model side by side: whatever is found, the vectors are of another length."""
    pytest.importorskip("torch", reason="the libraries for training are not installed")
    parts = pytest.importorskip("sentence_transformers.sentence_transformer.modules")
    library = pytest.importorskip("sentence_transformers")
    words = load(None)[0]
    pooling = parts.Pooling(encoder.dim, pooling_mode=("mean", "max"))
    library.SentenceTransformer(modules=[words, pooling], device="cpu").save(str(tmp_path / "other"))
    confused = Confused(encoder.manifest, encoder._session, encoder._tokenizer)
    outcome = tune(services, encoder, confused, tmp_path / "work", str(tmp_path / "other"))
    assert outcome.kept == "new" and outcome.effort > 1
    assert services.get(Encoding).current().dim == 2 * encoder.dim
    with services.sessions() as session:
        found = answer(session, services.get(LiveIndex), "how much is a resident parking permit")
    assert found.hit and found.hit.entry.title == "Residents' and visitors' parking permits"
    assert run.undo(services.sessions, services.settings.home / FOLDER)


def tune(
    services: Services,
    general: SentenceEncoder,
    serving: SentenceEncoder,
    work: Path,
    model: str | None = None,
) -> run.Outcome:
    return run.tune(
        services.sessions,
        general,
        serving,
        work=work,
        place=services.settings.home / FOLDER,
        progress=lambda what, done, total: None,
        plan=STILL,
        model=model,
    )


def digests(services: Services) -> list[str]:
    with read_session(services.sessions) as session:
        return [one.encoder for one in queries.current_documents(session)]
