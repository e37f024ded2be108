"""What is done again and again without anybody asking: late cases are escalated. Safe to run twice."""

from __future__ import annotations

from civic.kit.clock import Clock
from civic.kit.db import Sessions
from civic.service_requests.escalation import escalate
from civic.service_requests.services import ServiceList


def escalate_late(sessions: Sessions, clock: Clock, services: ServiceList) -> int:
    """Escalates every late case that has a step due, some at a time; returns how many steps were taken."""
    taken, after, now = 0, "", clock.now()
    while True:
        with sessions.begin() as session:
            some, after = escalate(session, services, now, after)
        taken += some
        if not after:
            return taken
