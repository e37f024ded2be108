"""A process killed with -9 in the middle of escalating: the next one escalates each case, and each once."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter

from sqlalchemy import select

from civic.audit.models import AuditRow
from civic.kit.services import Services
from tests.fixtures import ROOT
from tests.service_requests.following import Follower, Hall

# The job of the product in a process of its own. Its calendar kills it when it is asked for the n-th day.
JOB = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from civic.kit.clock import SettableClock
from civic.kit.db import make_engine, make_sessions
from civic.service_requests.calendar import Calendar
from civic.service_requests.jobs import escalate_late
from civic.service_requests.services import load

url, now, left = sys.argv[1], datetime.fromisoformat(sys.argv[2]), int(sys.argv[3])

def holiday(day):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return False

services = load(Path("content/services.yml")).keeping(Calendar(is_holiday=holiday))
print(escalate_late(make_sessions(make_engine(url)), SettableClock(now), services))
"""


def run(services: Services, *, killed_at_day: int = 0) -> subprocess.CompletedProcess[str]:
    url = services.engine.url.render_as_string(hide_password=False)
    arguments = [url, services.clock.now().isoformat(), str(killed_at_day)]
    command = [sys.executable, "-c", JOB, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_what_a_killed_process_began_the_next_one_does_and_nobody_is_told_twice(services: Services) -> None:
    hall = Hall(services)
    for name in ("anna", "ben", "cleo"):
        hall.files(Follower(services, name))
    hall.passes(days=23)
    # Each case is seven working days late: the tenth day is asked for when the first case has both its steps.
    assert run(services, killed_at_day=10).returncode == -signal.SIGKILL
    assert hall.alerts() == [], "half of it was kept"
    # The second process takes the steps of all three; a third one finds nothing left to do.
    assert [run(services).stdout.strip() for _ in range(2)] == ["6", "0"]
    assert Counter((one.request_id, one.role) for one in hall.alerts()).most_common(1)[0][1] == 1
    assert Counter(one.role for one in hall.alerts()) == {"agent": 3, "admin": 3}
    with services.sessions() as session:
        tag = AuditRow.tag == "system:escalate:service_request"
        assert len(session.scalars(select(AuditRow).where(tag)).all()) == 6
