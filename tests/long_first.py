"""What starts programs and browsers, trains or imports much goes first, so that workers end together."""

from __future__ import annotations

from collections import Counter

import pytest

LONG = ("contract", "conversations", "telegram", "browser", "ops", "rasa_server", "knowledge", "evaluation")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sorts files, for workers take one after the other; the tests of each stay in their order.

    Long folders come first and whole, since the files of one may share a running product. Then come files
    with many tests; the small ones at the end fill what is left.
    """
    tests = Counter(item.path for item in items)

    def place(item: pytest.Item) -> tuple[int, int, str]:
        folder = item.path.parent.name
        return LONG.index(folder) if folder in LONG else len(LONG), -tests[item.path], str(item.path)

    items.sort(key=place)
