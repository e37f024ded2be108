"""An import takes each file as a whole, skips what it has, keeps old versions, and survives bad files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from civic.encoder import SentenceEncoder
from civic.kit.services import Services
from civic.knowledge import commands, jobs, queries
from civic.knowledge.index import PassageIndex, Query
from civic.knowledge.live import LiveIndex
from civic.knowledge.models import Document, Passage
from civic.knowledge.prepare import unpack
from tests.knowledge.conftest import Add


def index_of(services: Services) -> PassageIndex:
    with services.sessions() as session:
        return services.get(LiveIndex).current(session)


def best(services: Services, question: str) -> str:
    live = services.get(LiveIndex)
    return index_of(services).search(Query.of(live.encoder, question), 1)[0].entry.text


def states(services: Services, key: str) -> list[tuple[int, str]]:
    with services.sessions() as session:
        rows = session.scalars(select(Document).where(Document.key == key).order_by(Document.version))
        return [(row.version, row.state) for row in rows]


def test_an_unchanged_file_is_skipped(add: Add, permits: Path, services: Services) -> None:
    (first,) = add(permits)
    (second,) = add(permits)
    assert (first.added, first.passages, second.unchanged, second.passages) == (1, 3, 1, 0)
    assert states(services, "permits") == [(1, "current")]


def test_a_changed_file_replaces_its_old_version_which_stays_readable(
    add: Add, permits: Path, services: Services
) -> None:
    add(permits)
    with services.sessions() as session:
        old = queries.document(session, "permits")
        assert old is not None
    permits.write_text(permits.read_text().replace("£110", "£125"), encoding="utf-8")
    (result,) = add(permits)
    assert result.replaced == 1
    assert states(services, "permits") == [(1, "replaced"), (2, "current")]
    assert "£125" in best(services, "price of the second permit")
    with services.sessions() as session:
        texts = [one.text for one in queries.passages(session, old.id)]
    assert any("£110" in text for text in texts)
    assert all("£110" not in entry.text for entry in index_of(services).entries)


def test_a_bad_file_among_good_ones_costs_none_of_them(add: Add, permits: Path, tmp_path: Path) -> None:
    bad = tmp_path / "a-bad.pdf"
    bad.write_bytes(b"not a pdf")
    lines = tmp_path / "z-lines.jsonl"
    lines.write_text('{"id": "one", "title": "One", "text": "Text one."}\n{"id": broken\n', encoding="utf-8")
    results = {result.path.name: result for result in add(tmp_path)}
    assert results["a-bad.pdf"].failed and "damaged" in results["a-bad.pdf"].problems[0]
    assert results["permits.md"].added == 1
    assert results["z-lines.jsonl"].added == 1 and not results["z-lines.jsonl"].failed
    assert results["z-lines.jsonl"].problems == ["line 2: this is not JSON"]


def test_a_file_that_fails_half_way_leaves_nothing_behind(
    add: Add, tmp_path: Path, services: Services, encoder: SentenceEncoder
) -> None:
    path = tmp_path / "two.jsonl"
    path.write_text(
        "\n".join(json.dumps({"id": f"d{n}", "title": "T", "text": f"Text {n}."}) for n in range(90)),
        encoding="utf-8",
    )

    class Failing:
        """The encoder of a machine that runs out of memory after the first document."""

        digest = encoder.digest
        calls = 0

        def encode(self, texts: list[str]) -> object:
            self.calls += 1
            if self.calls > 1:
                raise MemoryError
            return encoder.encode(texts)

    with pytest.raises(MemoryError):
        list(jobs.import_files(services.sessions, Failing(), [path], services.clock))  # type: ignore[arg-type]
    assert len(index_of(services)) == 0
    (result,) = add(path)
    assert result.added == 90


def test_two_files_that_share_a_name_by_chance_do_not_replace_each_other(
    add: Add, tmp_path: Path, services: Services
) -> None:
    for folder, words in (("parking", "Parking costs money."), ("trees", "Trees are green.")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "index.md").write_text(f"# {folder}\n\n{words}", encoding="utf-8")
    together = add(tmp_path)
    assert [result.added for result in together] == [1, 0]
    assert "index" in together[1].problems[0]
    (later,) = add(tmp_path / "trees")
    assert later.failed and "--id" in later.problems[0]
    (named,) = add(tmp_path / "trees" / "index.md", name="trees")
    assert named.added == 1
    assert {entry.title for entry in index_of(services).entries} == {"parking", "trees"}


def test_a_moved_file_goes_on_as_the_same_document(add: Add, tmp_path: Path, services: Services) -> None:
    old, new = tmp_path / "fees.md", tmp_path / "moved" / "fees.md"
    old.write_text("# Fees\n\nTen pounds.", encoding="utf-8")
    add(old)
    new.parent.mkdir()
    old.rename(new)
    new.write_text("# Fees\n\nEleven pounds.", encoding="utf-8")
    (result,) = add(new)
    assert result.replaced == 1


def test_a_change_by_another_process_is_picked_up_without_a_restart(
    add: Add, permits: Path, services: Services, encoder: SentenceEncoder
) -> None:
    running = LiveIndex(encoder)
    with services.sessions() as session:
        assert len(running.current(session)) == 0
    add(permits)
    with services.sessions() as session:
        built = running.current(session)
        assert len(built) == 3
        assert running.current(session) is built  # unchanged: nothing is built again
    with services.sessions.begin() as session:
        commands.remove(session, "permits", services.clock.now())
    with services.sessions() as session:
        assert len(running.current(session)) == 0


def test_a_withdrawn_document_can_come_back(add: Add, permits: Path, services: Services) -> None:
    add(permits)
    with services.sessions.begin() as session:
        commands.remove(session, "permits", services.clock.now())
    (result,) = add(permits)
    assert result.added == 1
    assert states(services, "permits") == [(1, "removed"), (2, "current")]


def test_stored_vectors_rank_like_fresh_ones(
    add: Add, permits: Path, services: Services, encoder: SentenceEncoder
) -> None:
    add(permits)
    with services.sessions() as session:
        stored = [one.vector for one in queries.searchable(session)]
    vectors = unpack(stored)
    assert vectors.shape == (3, encoder.dim)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_vectors_of_another_encoder_are_never_compared_with_this_ones(
    add: Add, permits: Path, services: Services, encoder: SentenceEncoder
) -> None:
    add(permits)
    with services.sessions.begin() as session:
        session.query(Document).update({"encoder": "an earlier model"})
        session.query(Passage).update({"vector": b"\0" * 6})
    assert "£110" in best(services, "price of the second permit")
    assert jobs.reindex(services.sessions, encoder) == 1
    assert jobs.reindex(services.sessions, encoder) == 0
    with services.sessions() as session:
        assert {len(one.vector) for one in queries.searchable(session)} == {2 * encoder.dim}
