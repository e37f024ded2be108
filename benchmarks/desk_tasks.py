"""What the eight users of the desk's bench do: the addresses they call, and what is promised of each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks.desk_data import AREAS
from benchmarks.desk_server import User

DESK, OPEN311 = "/officials/service-requests", "/open311/v2/requests"
SEARCHED = ("pothole", "lamp out", "bin not collected", "mill lane", "tyres wardrobe", "noise night", "rat")


@dataclass
class Task:
    """Something that users do: the address of the n-th call of a user, and whether p95 is promised."""

    name: str
    address: Callable[[int, int], str]
    promised: bool = False
    weight: float = 1.0
    times: list[float] = field(default_factory=list)
    failed: int = 0

    def quantile(self, share: float) -> float:
        ordered = sorted(self.times)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def tasks(users: list[User]) -> list[Task]:
    """What is measured, in this order."""
    later = [_deep(user) for user in users]
    numbers = [_numbers(user) for user in users]
    pages = {"page_size": 50}
    return [
        Task("inbox", lambda u, n: DESK, promised=True),
        Task("inbox, filters in turn", lambda u, n: f"{DESK}?{VIEWS[n % len(VIEWS)]}"),
        Task("inbox, a later page of all", lambda u, n: f"{DESK}?{later[u]}"),
        Task("search in text, open cases", lambda u, n: f"{DESK}?open=1&text={quote(SEARCHED[(u + n) % 7])}"),
        Task("search in text, all cases", lambda u, n: f"{DESK}?text={quote(SEARCHED[(u + n) % 7])}&all=1"),
        Task("filter by area", lambda u, n: f"{DESK}?open=1&sort=expected&area={_area(u, n)}"),
        Task("within 500 m of a point", lambda u, n: f"{DESK}?open=1&{_near(n)}"),
        Task("first page, counts and charts", lambda u, n: "/officials", weight=0.5),
        Task("a case", lambda u, n: f"{DESK}/{numbers[u][n % len(numbers[u])]}"),
        Task("Open311 list, 50, JSON", lambda u, n: _open311("json", **pages), promised=True),
        Task("Open311 list, 50, XML", lambda u, n: _open311("xml", **pages), promised=True),
        Task(
            "Open311, open ones of a type",
            lambda u, n: _open311("json", **pages, status="open", service_code="pothole"),
            promised=True,
        ),
        Task(
            "Open311, page 400 of closed ones",
            lambda u, n: _open311("json", **pages, status="closed", page=400),
            promised=True,
        ),
        Task("Open311 list, 1,000, JSON", lambda u, n: _open311("json"), weight=0.2),
    ]


def _open311(form: str, **asked: Any) -> str:
    return f"{OPEN311}.{form}?{urlencode(asked)}"


def _area(user: int, n: int) -> str:
    return quote(AREAS[(user * 5 + n) % len(AREAS)])


def _near(n: int) -> str:
    return f"lat=51.5{n % 10}&long=-1.243&radius=500"


VIEWS = (
    "late=1&sort=expected",
    "status=submitted",
    "open=1&assignee=nobody&sort=expected",
    "all=1",
    "open=1&assignee=me&sort=expected",
    "service_code=pothole&all=1",
    "flagged=1&sort=recently_changed",
)


def _deep(user: User) -> str:
    """The query of a page in the middle of all cases, as a reader who went on and on would have it."""
    page = user.get(f"{DESK}?all=1")[0].decode()
    found = re.search(r'rel="next" href="[^"?]*\?([^"]+)"', page)
    return found[1].replace("&amp;", "&") if found else "all=1"


def _numbers(user: User) -> list[str]:
    page = user.get(f"{DESK}?open=1")[0].decode()
    return re.findall(r'name="number" value="([^"]+)"', page) or ["FM-00000"]
