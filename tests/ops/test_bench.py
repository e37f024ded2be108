"""The bench compares like with like, and says itself whether a target is met."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks import report
from benchmarks.measure import Times, interleaved


def times(turn_ms: float, rate: float, ready: float, megabytes: float) -> Times:
    memory = {"rasa": {"rss": megabytes, "pss": megabytes}, "actions": {"rss": 100.0, "pss": 100.0}}
    turns = [turn_ms / 1000] * 98 + [9.0, 9.0]
    questions = [(turn_ms + 20) / 1000] * 10
    return Times(training=[1.0], ready=[ready], turns=turns, questions=questions, rates=[rate], memory=memory)


def test_each_target_is_judged_by_its_ratio() -> None:
    theirs = times(turn_ms=100, rate=10, ready=40, megabytes=1000)
    good = report.rows(times(turn_ms=59, rate=20, ready=13.9, megabytes=450), theirs)
    assert [row.met for row in good] == [True, None, True, True, True, None, True, True]
    bad = report.rows(times(turn_ms=61, rate=19, ready=14.1, megabytes=550), theirs)
    assert [row.met for row in bad] == [False, None, False, False, False, None, False, False]


def test_our_memory_counts_every_process_and_theirs_only_the_server() -> None:
    rows = report.rows(times(1, 1, 1, megabytes=300), times(1, 1, 1, megabytes=1000))
    assert (rows[2].ours, rows[2].theirs) == (400, 1000)


def test_a_quantile_is_a_time_that_was_measured() -> None:
    measured = times(turn_ms=10, rate=1, ready=1, megabytes=1)
    assert round(measured.quantile(0.5)) == 10
    assert round(measured.quantile(0.99)) == 9000


def test_both_bots_are_measured_in_turns_and_neither_always_first() -> None:
    order: list[str] = []
    pairs = [("ours", Times()), ("theirs", Times())]
    interleaved(pairs, 2, lambda bot, _: order.append(bot))  # type: ignore[arg-type]
    assert order == ["ours", "theirs", "theirs", "ours"]


def test_the_json_has_every_figure_of_the_table(tmp_path: Path) -> None:
    ours, theirs = times(50, 20, 10, 300), times(100, 10, 40, 1000)
    rows = report.rows(ours, theirs)
    report.write(tmp_path / "bench" / "bench.json", report.as_json(rows, ours, theirs, {"model": "m"}))
    said = json.loads((tmp_path / "bench" / "bench.json").read_text())
    assert [row["what"] for row in said["rows"]] == [row.what for row in rows]
    assert said["measured"]["theirs"]["turns_a_second"] == [10]
    assert said["model"] == "m"
