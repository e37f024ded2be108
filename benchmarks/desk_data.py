"""A town's service requests of three years, made up: the same ones each time, with the skew of real desks.

Types follow Zipf's law, and so do streets, areas and words. More comes in winter, on Mondays and with the
years. Nearly all old cases are ended; of the last weeks most are open. A fifth came by Open311, a twelfth of
the resolved ones is rated; nobody is behind them, and they have no photos. Texts are
sentences of `content/services.yml` and words by frequency, with the names of places that the town knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from civic.service_requests.finding.rules import document
from civic.service_requests.places import load as load_places
from civic.service_requests.rules import OPEN, Status
from civic.service_requests.services import ServiceList

BATCH = 5_000
DAYS = 3 * 365
AREAS = tuple(f"Ward {number}" for number in range(1, 13))
VOCABULARY = 40_000
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MIDDLE = (51.5017, -1.2434)
ENDS = (Status.RESOLVED, Status.CLOSED, Status.REJECTED, Status.DUPLICATE)
END_SHARES = (0.22, 0.62, 0.09, 0.07)
OPEN_SHARES = (0.34, 0.24, 0.28, 0.1, 0.04)


@dataclass(frozen=True)
class Batch:
    """Some cases as rows of each table, columns in the order of `TABLES`."""

    rows: dict[str, list[tuple[Any, ...]]]


TABLES: dict[str, tuple[str, ...]] = {
    "service_requests": (
        "id",
        "service_request_id",
        "service_code",
        "agency",
        "status",
        "description",
        "address",
        "lat",
        "long",
        "area",
        "attributes",
        "name",
        "language",
        "source",
        "shown",
        "requested_at",
        "updated_at",
        "expected_on",
        "assignee_id",
        "priority",
        "paused_days",
        "escalated",
        "version",
    ),
    "service_request_words": ("id", "request_id", "words"),
    "service_request_changes": ("id", "request_id", "source", "target", "actor", "created_at"),
    "service_request_messages": (
        "id",
        "request_id",
        "author",
        "official_id",
        "internal",
        "text",
        "told",
        "created_at",
    ),
    "service_request_verdicts": (
        "id",
        "request_id",
        "change_id",
        "asked_at",
        "verdict",
        "rating",
        "rated_at",
    ),
    "open311_requests": ("request_id", "token", "description"),
}


class Town:
    """Makes the rows of so many cases up to a moment; `officials` are ids by department."""

    def __init__(
        self, rows: int, services: ServiceList, places: Any, officials: dict[str, list[str]], now: datetime
    ) -> None:
        self.rows = rows
        self.services = services.services
        self.streets = [place.name for place in load_places(places)]
        self.officials = officials
        self.now = now
        self.random = np.random.default_rng(20)
        self.words = self._vocabulary()
        self.word_shares = _zipf(len(self.words), 1.05)

    def _vocabulary(self) -> list[str]:
        """Words of the town's own examples first, then made-up ones."""
        said = " ".join(" ".join(one.examples) for one in self.services).lower().split()
        own = list(dict.fromkeys(word.strip(".,!?;:'\"") for word in said))
        syllables = np.array(["ba", "ne", "ri", "to", "lu", "sha", "per", "mon", "dek", "fil", "gor", "wy"])
        lengths = self.random.integers(2, 6, VOCABULARY)
        made = {"".join(self.random.choice(syllables, size=length)) for length in lengths}
        return [word for word in own if word] + sorted(made)

    def moments(self) -> list[datetime]:
        """When each case came, in order."""
        days = np.arange(DAYS)
        weight = 1 + 0.5 * days / DAYS + 0.25 * np.cos(2 * np.pi * days / 365)
        weight *= np.where(days % 7 < 5, 1.2, 0.6)
        day = np.sort(self.random.choice(DAYS, size=self.rows, p=weight / weight.sum()))
        seconds = self.random.normal(13 * 3600, 4 * 3600, self.rows).clip(0, 86_399)
        # Nothing comes after now.
        start = (self.now - timedelta(days=DAYS + 1)).replace(hour=0, minute=0, second=0, microsecond=0)
        offsets = np.sort(day * 86_400.0 + seconds)
        return [start + timedelta(seconds=float(each)) for each in offsets]

    def batches(self) -> Iterator[Batch]:
        moments = self.moments()
        shares = _zipf(len(self.services), 0.9)
        street_shares = _zipf(len(self.streets), 0.7)
        area_shares = _zipf(len(AREAS), 0.6)
        for at in range(0, self.rows, BATCH):
            many = min(BATCH, self.rows - at)
            kinds = self.random.choice(len(self.services), size=many, p=shares)
            streets = self.random.choice(len(self.streets), size=many, p=street_shares)
            areas = self.random.choice(len(AREAS), size=many, p=area_shares)
            words = self.random.choice(len(self.words), size=many * 14, p=self.word_shares)
            chance = self.random.random((many, 12))
            spread = self.random.normal(0, 0.025, (many, 2))
            rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}
            for n in range(many):
                drawn = [self.words[i] for i in words[n * 14 : n * 14 + 4 + int(chance[n, 0] * 10)]]
                self._case(
                    rows,
                    at + n,
                    moments[at + n],
                    self.services[kinds[n]],
                    self.streets[streets[n]],
                    AREAS[areas[n]],
                    drawn,
                    [float(each) for each in chance[n]],
                    (float(spread[n, 0]), float(spread[n, 1])),
                )
            yield Batch(rows)

    def _case(
        self,
        rows: dict[str, list[tuple[Any, ...]]],
        index: int,
        came: datetime,
        service: Any,
        street: str,
        area: str,
        words: list[str],
        chance: list[float],
        spread: tuple[float, float],
    ) -> None:
        age = (self.now - came).total_seconds() / 86_400
        # Half of what is two weeks old is still open, and two in a hundred of what is old.
        is_open = chance[1] < 0.02 + 0.96 * 0.5 ** (age / 14)
        status = _pick(OPEN, OPEN_SHARES, chance[2]) if is_open else _pick(ENDS, END_SHARES, chance[2])
        case_id, number = _id(came, index), f"FM-{_base32(index, 5)}"
        example = service.examples[int(chance[3] * len(service.examples))]
        description = f"{example}. {' '.join(words)}".strip()
        placed = chance[4] < 0.85 and not service.no_place
        address = f"{1 + int(chance[5] * 180)} {street}" if chance[4] < 0.95 else None
        staff = self.officials.get(service.agency, [])
        given = bool(staff) and chance[7] < (0.6 if is_open else 0.95)
        assignee = staff[int(chance[6] * len(staff))] if given else None
        expected = (came + timedelta(days=1.4 * service.expected_days)).date()
        by_open311 = chance[8] < 0.2
        ended = min(came + timedelta(days=0.2 + 25 * chance[9] ** 2), self.now)
        changed = ended if not is_open else min(came + timedelta(days=3 * chance[9]), self.now)
        lat, long = (MIDDLE[0] + spread[0], MIDDLE[1] + spread[1]) if placed else (None, None)
        where = area if placed else None
        rows["service_requests"].append(
            (
                case_id,
                number,
                service.service_code,
                service.agency,
                status.value,
                description,
                address,
                lat,
                long,
                where,
                "{}",
                "A. Citizen" if chance[10] < 0.3 else None,
                "en",
                "open311" if by_open311 else "chat",
                "words" if by_open311 else "place",
                came,
                changed,
                expected,
                assignee,
                "high" if chance[11] < 0.05 else "normal",
                0,
                0,
                1,
            )
        )
        found = document(
            number,
            description,
            address,
            agency=service.agency,
            status=status,
            service_code=service.service_code,
            area=where,
        )
        rows["service_request_words"].append((index + 1, case_id, found))
        self._life(rows, case_id, index, came, changed, status, assignee, chance)
        if by_open311:
            rows["open311_requests"].append((case_id, f"token-{index:08d}", description))

    def _life(
        self,
        rows: dict[str, list[tuple[Any, ...]]],
        case_id: str,
        index: int,
        came: datetime,
        changed: datetime,
        status: Status,
        assignee: str | None,
        chance: list[float],
    ) -> None:
        steps = [Status.SUBMITTED]
        if status is not Status.SUBMITTED:
            steps.append(Status.ACKNOWLEDGED)
        if status in (Status.CLOSED, Status.REOPENED):
            steps.append(Status.RESOLVED)
        if status not in steps:
            steps.append(status)
        span = (changed - came) / max(1, len(steps) - 1)
        source = None
        actor = assignee or "system"
        for n, step in enumerate(steps):
            at = came + span * n
            change = _id(at, index * 8 + n)
            who = actor if n else "citizen"
            rows["service_request_changes"].append((change, case_id, source, step.value, who, at))
            if step is Status.RESOLVED and chance[5] < 0.08:
                stars = 1 + int(5 * chance[6] ** 0.5)
                verdict = "fixed" if stars > 2 else "not_fixed"
                rated = min(at + timedelta(days=1), self.now)
                row = (_id(at, index * 8 + 7), case_id, change, at, verdict, stars, rated)
                rows["service_request_verdicts"].append(row)
            source = step.value
        if assignee and chance[3] < 0.5:
            text = "We have passed this on to the crew, who come this week."
            message = (_id(changed, index), case_id, "official", assignee, False, text, True, changed)
            rows["service_request_messages"].append(message)


def _zipf(many: int, steep: float) -> Any:
    weight = 1 / np.arange(1, many + 1) ** steep
    return weight / weight.sum()


def _pick(of: tuple[Status, ...], shares: tuple[float, ...], chance: float) -> Status:
    for one, share in zip(of, shares, strict=True):
        if chance < share:
            return one
        chance -= share
    return of[-1]


def _base32(number: int, length: int) -> str:
    signs = ""
    for _ in range(length):
        number, rest = divmod(number, 32)
        signs = ALPHABET[rest] + signs
    return signs


def _id(at: datetime, index: int) -> str:
    """Sorts by time, as the product's own ids do; always the same."""
    return _base32(int(at.timestamp() * 1000), 10) + _base32(index, 16)


def as_text(value: Any) -> Any:
    """A value as SQLite keeps it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if isinstance(value, date) else value
