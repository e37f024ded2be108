"""Learns from officials' corrections of the type, and keeps what it learned only when it is better for it.

Of the corrected cases every third is held back. What is kept are their row ids and types, never anybody's
words: these are read from the cases, so who is erased is forgotten here, too.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from civic.audit.models import AuditRow
from civic.service_requests.classifier import Encoder
from civic.service_requests.models import ServiceRequest
from civic.service_requests.services import ServiceList
from civic.service_requests.suggester import Correction, Suggester
from civic.service_requests.wording import Matrix

log = logging.getLogger(__name__)

FILE = "learned/types.json"
CORRECTED = "official:retype:service_request"
# Fewer held-back cases prove nothing.
LEAST_HELD_BACK = 5
HELD_BACK = 3
MOST = 2000


@dataclass(frozen=True)
class Corrected:
    """A case whose type an official changed, with the type that it has now."""

    request_id: str
    text: str
    service_code: str

    @property
    def held_back(self) -> bool:
        """The same cases at every time, so that none is ever learned and tested on."""
        return sha256(self.request_id.encode()).digest()[0] % HELD_BACK == 0


@dataclass(frozen=True)
class Learned:
    """What a round of learning found: right answers on the held-back cases before and after."""

    kept: bool
    reason: str
    corrections: int
    held_back: int
    right_before: int = 0
    right_after: int = 0


def corrections(session: Session) -> list[Corrected]:
    """The newest cases whose type an official corrected and whose words are still there, the oldest first."""
    corrected = select(AuditRow.subject_id).where(AuditRow.tag == CORRECTED)
    rows = session.execute(
        select(ServiceRequest.id, ServiceRequest.description, ServiceRequest.service_code)
        .where(ServiceRequest.id.in_(corrected), ServiceRequest.description != "")
        .order_by(ServiceRequest.id.desc())
        .limit(MOST)
    ).all()
    return [Corrected(*row) for row in reversed(rows)]


def kept(home: Path) -> dict[str, str]:
    """The cases that the suggester in use has learned from, and their types; empty before the first time."""
    try:
        learned = json.loads((home / FILE).read_text(encoding="utf-8"))["cases"]
        return {str(key): str(code) for key, code in learned.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def stamp(home: Path) -> int:
    """Another number whenever something else was kept; 0 before the first time."""
    try:
        return (home / FILE).stat().st_mtime_ns
    except OSError:
        return 0


def in_use(session: Session, home: Path) -> list[Correction]:
    """What the suggester is to learn besides the list of services."""
    learned = kept(home)
    if not learned:
        return []
    rows = session.execute(
        select(ServiceRequest.id, ServiceRequest.description).where(
            ServiceRequest.id.in_(learned), ServiceRequest.description != ""
        )
    )
    return [Correction(row[1], learned[row[0]]) for row in sorted(rows.all())]


def learn(
    session: Session, services: ServiceList, encoder: Encoder | None, known: Matrix | None, home: Path
) -> Learned:
    """Compares what is in use with what all corrections would make of it, and keeps the better one."""
    every = [one for one in corrections(session) if services.find(one.service_code) is not None]
    held = [one for one in every if one.held_back]
    fresh = {one.request_id: one.service_code for one in every if not one.held_back}
    found = len(every), len(held)
    if len(held) < LEAST_HELD_BACK:
        return Learned(False, f"fewer than {LEAST_HELD_BACK} cases are held back", *found)
    if fresh == kept(home):
        return Learned(False, "nothing new", *found)
    before = _right(services, encoder, known, in_use(session, home), held)
    texts = [Correction(one.text, one.service_code) for one in every if not one.held_back]
    after = _right(services, encoder, known, texts, held)
    if after <= before:
        return Learned(False, "not better", *found, before, after)
    learned = Learned(True, "better", *found, before, after)
    _keep(home, fresh, learned)
    return learned


def _right(
    services: ServiceList,
    encoder: Encoder | None,
    known: Matrix | None,
    learned: Sequence[Correction],
    held: Sequence[Corrected],
) -> int:
    suggester = make(services, encoder, known, learned)
    return sum(suggester.suggest(one.text).first == one.service_code for one in held)


def make(
    services: ServiceList, encoder: Encoder | None, known: Matrix | None, learned: Sequence[Correction]
) -> Suggester:
    """A suggester; `known` are the vectors of the list's own texts, so that only the learned are encoded."""
    learned = [one for one in learned if services.find(one.service_code) is not None]
    if encoder is None or known is None or not learned:
        return Suggester(services, encoder, known, learned)
    vectors = encoder.encode([one.text for one in learned])
    return Suggester(services, encoder, np.concatenate([known, vectors]), learned)


def _keep(home: Path, cases: Mapping[str, str], learned: Learned) -> None:
    path = home / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps({"cases": dict(cases), "measured": asdict(learned)}), encoding="utf-8")
    draft.replace(path)
