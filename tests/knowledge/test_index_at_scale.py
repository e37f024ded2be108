"""The index of many passages finds what an exact search finds, and is whole or not there."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from civic.encoder import SentenceEncoder
from civic.kit.db import read_session
from civic.kit.services import Services
from civic.knowledge import commands, queries
from civic.knowledge.answering import answer
from civic.knowledge.index import Entry, PassageIndex, Query, Vectors, nearest
from civic.knowledge.index.building import KEPT, open_or_build
from civic.knowledge.index.stored import Batch, StoredIndex
from civic.knowledge.index_files import IndexFiles
from civic.knowledge.live import LiveIndex
from tests.fixtures import ROOT

DIM = 64


def batches(size: int, step: int = 2000) -> Iterator[Batch]:
    """Passages of skewed words around some topics, always the same."""
    random = np.random.default_rng(3)
    words = np.array([f"word{number}" for number in range(5000)])
    chance = 1 / np.arange(1, 5001)
    topics = random.standard_normal((max(2, size // 50), DIM), dtype=np.float32)
    for start in range(0, size, step):
        count = min(step, size - start)
        texts = [" ".join(row) for row in random.choice(words, (count, 15), p=chance / chance.sum())]
        noise = random.standard_normal((count, DIM), dtype=np.float32)
        vectors = unit(topics[random.integers(len(topics), size=count)] + noise).astype("<f2")
        entries = [Entry(f"d{start + n}", 1, "Title", ("A", "B"), text, n) for n, text in enumerate(texts)]
        yield Batch(entries, vectors.astype(np.float32), texts)


def unit(vectors: Vectors) -> Vectors:
    found: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return found


def exact(size: int) -> PassageIndex:
    parts = list(batches(size))
    return PassageIndex(
        [entry for part in parts for entry in part.entries],
        np.concatenate([part.vectors for part in parts]),
        [text for part in parts for text in part.texts],
    )


def questions(size: int, count: int, wordings: int = 1) -> list[Query]:
    """Some words of a passage and a vector near its own."""
    random = np.random.default_rng(5)
    (part,) = batches(size, step=size)
    found = []
    for place in random.integers(size, size=count):
        words = part.texts[place].split()
        texts = tuple(" ".join(random.choice(words, 4)) for _ in range(wordings))
        noise = random.standard_normal((wordings, DIM), dtype=np.float32) / 10
        found.append(Query(texts, unit(part.vectors[place] + noise)))
    return found


@pytest.mark.parametrize("flat_up_to", [50_000, 5_000], ids=["flat", "in lists"])
def test_20000_passages_through_faiss_give_what_an_exact_search_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flat_up_to: int
) -> None:
    monkeypatch.setattr(nearest, "FLAT_UP_TO", flat_up_to)
    size = 20_000
    ours = open_or_build(tmp_path, "one", lambda: batches(size), size)
    theirs = exact(size)
    assert len(ours) == len(theirs) == size
    shares = []
    for query in questions(size, 60) + questions(size, 20, wordings=2):
        found, wanted = ours.search(query), theirs.search(query)
        assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
        expected = {hit.entry: hit for hit in wanted}
        shares.append(np.mean([hit.entry in expected for hit in found]))
        for hit in found:
            if hit.entry in expected:
                same = expected[hit.entry]
                assert (hit.cosine, hit.bm25) == pytest.approx((same.cosine, same.bm25), abs=1e-3)
                assert hit.score == pytest.approx(same.score, abs=5e-3)
    assert np.mean(shares) >= 0.98


def test_scores_order_and_frequencies_are_those_of_the_exact_index(tmp_path: Path) -> None:
    ours, theirs = open_or_build(tmp_path, "one", lambda: batches(600), 600), exact(600)
    for query in questions(600, 5, wordings=2):
        for mine, right in zip(ours.scores(query), theirs.scores(query), strict=True):
            assert mine == pytest.approx(right, abs=1e-4)
        assert list(ours.order(query)[:20]) == list(theirs.order(query)[:20])
        mine, right = ours.search(query, 1)[0], theirs.search(query, 1)[0]
        assert ours.entries[mine.position] == mine.entry and mine.position == right.position
        around = ours.document_around(mine)
        assert ours.vectors_at(around) == pytest.approx(theirs.vectors_at(around), abs=1e-4)
    for stem in ("word0", "word17", "word4999", "nowhere", ""):
        assert ours.frequency(stem) == theirs.frequency(stem)
    assert ours.frequency("word0") > 100
    assert ours.entries[599] == theirs.entries[599] and ours.entries[-2:] == theirs.entries[-2:]


@pytest.mark.parametrize("question", ["", "of the and", "\x00", "nowhere to be found", "word1 " * 500])
def test_no_question_breaks_the_search(tmp_path: Path, question: str) -> None:
    ours = open_or_build(tmp_path, "one", lambda: batches(300), 300)
    hits = ours.search(Query((question,), questions(300, 1)[0].vectors), top=5)
    assert len(hits) == 5
    assert all(np.isfinite([hit.score, hit.cosine, hit.bm25]).all() for hit in hits)


def test_a_build_that_fails_leaves_nothing_and_the_one_before_serves(tmp_path: Path) -> None:
    before = open_or_build(tmp_path, "1", lambda: batches(300), 300)

    def broken() -> Iterator[Batch]:
        yield from batches(300)
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        open_or_build(tmp_path, "2", broken, 300)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "1"]
    assert len(before.search(questions(300, 1)[0])) == 10


def test_a_damaged_index_is_built_anew_and_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    place = open_or_build(tmp_path, "1", lambda: batches(300), 300).folder
    (place / "vectors.f16").write_bytes(b"short")
    (tmp_path / ".making-killed").mkdir()
    again = open_or_build(tmp_path, "1", lambda: batches(300), 300)
    assert len(again.search(questions(300, 1)[0])) == 10
    assert not (tmp_path / ".making-killed").exists()


def test_only_the_newest_indexes_are_kept_and_an_open_one_goes_on(tmp_path: Path) -> None:
    first = open_or_build(tmp_path, "1", lambda: batches(300), 300)
    for name in ("2", "3", "4"):
        open_or_build(tmp_path, name, lambda: batches(300), 300)
    kept = sorted(path.name for path in tmp_path.iterdir() if path.is_dir())
    assert kept == ["3", "4"] and len(kept) == KEPT
    assert len(first.search(questions(300, 1)[0])) == 10


BUILDER = """
import sys
from pathlib import Path
from civic.knowledge.index.building import open_or_build
from tests.knowledge.test_index_at_scale import batches, questions

def built():
    print("built", flush=True)
    yield from batches(3000)

index = open_or_build(Path(sys.argv[1]), "same", built, 3000)
print(index.search(questions(3000, 1)[0])[0].entry.document_id)
"""


def test_of_two_processes_at_once_one_builds_and_both_search(tmp_path: Path) -> None:
    command = [sys.executable, "-c", BUILDER, str(tmp_path)]
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=180)[0].split() for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert sorted(len(words) for words in said) == [1, 2], "one built, the other found it"
    assert said[0][-1] == said[1][-1]


def test_a_large_collection_is_served_from_files_and_the_index_before_answers_meanwhile(
    services: Services, town: None, encoder: SentenceEncoder, tmp_path: Path
) -> None:
    files = IndexFiles(services.sessions, tmp_path / "index", large=100)
    live = LiveIndex(encoder, files)
    with read_session(services.sessions) as session:
        # The first one is built in the background too: a turn must not wait for it.
        assert len(live.current(session)) == 0
    first = wait_for(services, live)
    query = Query.of(encoder, "What does a second parking permit cost?")
    assert first.search(query)[0].entry.title == small(services, encoder).search(query)[0].entry.title
    with services.sessions.begin() as session:
        gone = queries.current_documents(session)[0]
        commands.remove(session, gone.key, services.clock.now())
    asked = next(entry.text for entry in first.entries if entry.document_id == gone.id)
    with read_session(services.sessions) as session:
        meanwhile = live.current(session)
        assert meanwhile.search(Query.of(encoder, asked))[0].entry.document_id == gone.id
        shown = answer(session, live, asked)
        assert all(one.hit.entry.document_id != gone.id for one in shown.cited), "quoted though withdrawn"
    second = wait_for(services, live, after=meanwhile)
    assert len(second) < len(first)
    assert all(entry.document_id != gone.id for entry in second.entries)


def small(services: Services, encoder: SentenceEncoder) -> PassageIndex:
    with read_session(services.sessions) as session:
        return LiveIndex(encoder).current(session)


def wait_for(services: Services, live: LiveIndex, after: PassageIndex | None = None) -> PassageIndex:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with read_session(services.sessions) as session:
            found = live.current(session)
        if isinstance(found, StoredIndex) and found is not after:
            return found
        time.sleep(0.05)
    raise AssertionError(f"no index was built; threads: {threading.enumerate()}")
