"""With FOLKMOOT_CI set, a skipped test fails: what nobody runs proves nothing."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any

import pytest

# Skips that are right where everything promised is installed; each reason says why.
ALLOWED = (
    "Node.js is not installed; the browser tests run the script anyway",
    # Public data that is not ours to give away: it lies beside the checkout, or it does not.
    "the evaluation data of ../shared/data/policy is not on this machine",
    "the public data is not beside this checkout",
)


def strict() -> bool:
    return bool(os.environ.get("FOLKMOOT_CI"))


def reason_of(report: Any) -> str:
    """Why it was skipped, without the place."""
    said = report.longrepr
    return str(said[2] if isinstance(said, tuple) else said)


def refuse(report: Any) -> None:
    """Turn a skip into a failure, unless its reason is one of the allowed."""
    if not strict() or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = reason_of(report)
    if any(allowed in reason for allowed in ALLOWED):
        return
    report.outcome = "failed"
    report.longrepr = f"Skipped, which counts as a failure where FOLKMOOT_CI is set: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    refuse(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    refuse(report)
    return report
