"""Documents end on their day, come back, are uploaded, and are never half imported."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from civic.accounts.rules import Role
from civic.encoder import SentenceEncoder
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from civic.knowledge import duplicates, jobs, queries
from civic.knowledge.live import LiveIndex
from civic.knowledge.models import Document
from tests.fixtures import BUILT, ROOT
from tests.knowledge.conftest import Add
from tests.office import signed_in, web

__all__ = ["signed_in", "web"]

Headers = Callable[[Role], dict[str, str]]


def found(services: Services) -> set[str]:
    """The titles that can be found now."""
    with services.sessions() as session:
        return {entry.title for entry in services.get(LiveIndex).current(session).entries}


def states(services: Services, key: str = "permits") -> list[tuple[int, str]]:
    with services.sessions() as session:
        rows = session.scalars(select(Document).where(Document.key == key).order_by(Document.version))
        return [(row.version, row.state) for row in rows]


def until(path: Path, day: str) -> Path:
    path.write_text(path.read_text().replace("section:", f"valid_until: {day}\nsection:"), encoding="utf-8")
    return path


def test_a_document_is_found_until_its_last_day_ends_in_the_town(
    add: Add, permits: Path, services: Services, clock: SettableClock
) -> None:
    add(until(permits, "2026-06-30"))
    zone = services.settings.time_zone
    # Summer time: midnight in the town is 23:00 in UTC.
    clock.advance(datetime(2026, 6, 30, 22, 59, tzinfo=UTC) - clock.now())
    assert found(services) == {"Parking permits"} and jobs.expire(services.sessions, clock, zone) == 0
    clock.advance(timedelta(minutes=2))
    # The very index that is in memory forgets it, before the job comes round.
    assert found(services) == set()
    assert jobs.expire(services.sessions, clock, zone) == 1
    assert states(services) == [(1, "expired")]
    assert found(services) == set()


def test_an_expired_document_does_not_come_back_with_the_nightly_import(
    add: Add, permits: Path, services: Services
) -> None:
    add(until(permits, "2026-01-31"))
    jobs.expire(services.sessions, services.clock, services.settings.time_zone)
    (again,) = add(permits)
    assert (again.unchanged, states(services)) == (1, [(1, "expired")])
    permits.write_text(permits.read_text().replace("2026-01-31", "2027-01-31"), encoding="utf-8")
    (newer,) = add(permits)
    assert newer.added == 1 and found(services) == {"Parking permits"}


def test_a_version_comes_back_with_its_own_words(
    add: Add, permits: Path, services: Services, web: TestClient, signed_in: Headers
) -> None:
    add(permits)
    permits.write_text(permits.read_text().replace("£110", "£999"), encoding="utf-8")
    add(permits)
    headers = signed_in(Role.DESIGNER)
    versions = web.get("/api/v1/documents/permits/versions", headers=headers).json()
    back = web.post(f"/api/v1/documents/{versions[1]['id']}/restoration", headers=headers)
    assert back.status_code == 201 and back.json()["version"] == 3
    assert states(services) == [(1, "replaced"), (2, "replaced"), (3, "current")]
    passages = web.get("/api/v1/documents/permits/passages", headers=headers).json()
    assert "£110" in str(passages) and "£999" not in str(passages)
    assert found(services) == {"Parking permits"}
    again = web.post(f"/api/v1/documents/{back.json()['id']}/restoration", headers=headers)
    assert again.json()["code"] == "in_force_already"


def test_officials_upload_replace_end_and_withdraw(
    permits: Path, services: Services, web: TestClient, signed_in: Headers
) -> None:
    headers = signed_in(Role.DESIGNER)

    def upload(data: bytes, name: str, **form: str) -> object:
        return web.post("/api/v1/documents", headers=headers, files={"file": (name, data)}, data=form)

    first = upload(permits.read_bytes(), "permits.md").json()  # type: ignore[attr-defined]
    assert (first["added"], first["documents"][0]["key"]) == (1, "permits")
    changed = permits.read_bytes().replace("£60".encode(), "£65".encode())
    assert upload(changed, "../../permits.md").json()["replaced"] == 1  # type: ignore[attr-defined]
    assert states(services) == [(1, "replaced"), (2, "current")]
    bad = upload(b"no pdf", "broken.pdf")
    assert (bad.status_code, bad.json()["code"]) == (422, "unreadable_file")  # type: ignore[attr-defined]
    past = web.patch("/api/v1/documents/permits", headers=headers, json={"valid_until": "2026-03-01"})
    assert past.json()["code"] == "already_over"
    soon = web.patch("/api/v1/documents/permits", headers=headers, json={"valid_until": "2026-03-20"}).json()
    assert soon["ending"] == "soon"
    ending = web.get("/api/v1/documents?ending=true", headers=headers).json()
    assert [item["key"] for item in ending["items"]] == ["permits"]
    gone = web.post("/api/v1/documents/permits/withdrawal", headers=headers, json={"reason": "Old."}).json()
    assert (gone["state"], gone["reason"], found(services)) == ("removed", "Old.", set())
    audit = web.get("/api/v1/audit", headers=signed_in(Role.ADMIN)).text
    for tag in ("upload", "set_validity", "withdraw"):
        assert f"official:{tag}:document" in audit


def test_a_file_that_is_too_large_is_refused(services: Services, web: TestClient, signed_in: Headers) -> None:
    services.settings.max_document_megabytes = 1
    file = {"file": ("large.md", b"# Large\n\n" + b"word " * 300_000)}
    answer = web.post("/api/v1/documents", headers=signed_in(Role.ADMIN), files=file)
    assert answer.json()["code"] == "document_too_large"


def test_near_identical_passages_are_found_across_documents_and_inside_one(
    add: Add, tmp_path: Path, services: Services, web: TestClient, signed_in: Headers
) -> None:
    rule = (
        "Garden waste is collected every second Tuesday from March to November in the brown bin, 240 litres"
    )
    other = "Dogs must be on a lead in all parks and on the promenade between May and September."
    (tmp_path / "a.md").write_text(f"# Garden waste\n\n{rule}.\n\n{other}", encoding="utf-8")
    changed = rule.replace("240", "140")
    (tmp_path / "b.md").write_text(
        f"# Collections\n\n## Summer\n\n{changed}.\n\n## Once more\n\n{changed}, and it is free.",
        encoding="utf-8",
    )
    results = add(tmp_path)
    with services.sessions() as session:
        near = duplicates.pairs(queries.searchable(session))
        documents = {document for result in results for document in result.documents}
        assert len(duplicates.pairs(queries.searchable(session), documents)) == len(near)
        assert duplicates.pairs(queries.searchable(session), {"another"}) == []
    assert any(pair.same_document for pair in near) and not all(pair.same_document for pair in near)
    shown = web.get("/api/v1/duplicates", headers=signed_in(Role.VIEWER)).json()
    assert len(shown) == len(near) and "Dogs must" not in str([one["passages"][1] for one in shown])


def test_all_or_nothing_changes_nothing_when_one_file_is_bad(
    permits: Path, tmp_path: Path, services: Services, encoder: SentenceEncoder
) -> None:
    bad = tmp_path / "zz.pdf"
    bad.write_bytes(b"not a pdf")
    (result,) = jobs.import_together(services.sessions, encoder, [tmp_path], services.clock)
    assert "damaged" in result.problems[0] and found(services) == set()
    bad.unlink()
    (result,) = jobs.import_together(services.sessions, encoder, [tmp_path], services.clock)
    assert result.added == 1 and found(services) == {"Parking permits"}


# ------------------------------------------------------------------------------------- several processes

HOLD = """
import sys, time
from civic.knowledge import commands
real = commands.store
def slow(session, prepared, **how):
    done = real(session, prepared, **how)
    session.flush()
    print("storing", flush=True)
    time.sleep(float(sys.argv.pop()))
    return done
commands.store = slow
"""


def importing(services: Services, folder: Path, *flags: str, pause: float = 0.0) -> subprocess.Popen[str]:
    """`folkmoot knowledge add` in a process of its own, which sleeps after each document it stores."""
    home = services.settings.home
    code = HOLD.replace("float(sys.argv.pop())", str(pause)) + (
        f"from cli.knowledge import app\napp(['add', {str(folder)!r}, *{list(flags)!r}])\n"
    )
    environment = {
        **os.environ,
        "FOLKMOOT_HOME": str(home),
        "FOLKMOOT_DATABASE_URL": services.engine.url.render_as_string(hide_password=False),
        "OMP_NUM_THREADS": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "folder"
    place.mkdir()
    for number in range(6):
        (place / f"page-{number}.md").write_text(
            f"# Page {number}\n\nThe fee of office number {number} is {number * 7 + 3} pounds a year.",
            encoding="utf-8",
        )
    return place


def test_an_import_that_is_killed_half_way_changes_nothing(
    folder: Path, services: Services, add: Add, permits: Path
) -> None:
    assert (BUILT / "encoder").exists()
    add(permits)
    with services.sessions() as session:
        before = queries.version(session)
    process = importing(services, folder, "--all-or-nothing", pause=1.0)
    assert process.stdout is not None
    assert process.stdout.readline() == "storing\n"
    assert process.stdout.readline() == "storing\n"  # two of six are in its transaction now
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    deadline = time.monotonic() + 10  # PostgreSQL takes a moment to see that nobody is there any more
    while states(services, "page-0") and time.monotonic() < deadline:
        time.sleep(0.1)
    assert found(services) == {"Parking permits"}
    with services.sessions() as session:
        assert queries.version(session) == before
    done = importing(services, folder, "--all-or-nothing")
    out, wrong = done.communicate(timeout=240)
    assert done.returncode == 0 and "6 added" in out, wrong
    assert len(found(services)) == 7


@pytest.mark.parametrize("flags", [(), ("--all-or-nothing",)], ids=["file by file", "all or nothing"])
def test_two_imports_at_once_leave_one_version_of_each_document(
    folder: Path, services: Services, flags: tuple[str, ...]
) -> None:
    both = [importing(services, folder, *flags, pause=0.1) for _ in range(2)]
    said = [process.communicate(timeout=240) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert [states(services, f"page-{number}") for number in range(6)] == [[(1, "current")]] * 6
    assert len(found(services)) == 6
