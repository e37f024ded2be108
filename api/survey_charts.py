"""Figures of a survey as charts and as words, for the officials' page and for everybody's."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from civic.kit.bars import Bar, share_bars


def percent(share: float | None) -> str:
    """A share as whole percents; what is neither nobody nor everybody does not look so."""
    if share is None:
        return ""
    if 0 < share < 0.005:
        return "<1%"
    if 0.995 < share < 1:
        return ">99%"
    return f"{share:.0%}"


def number(value: float | None) -> str:
    """A number as people write it: no more digits than it is good for."""
    if value is None:
        return ""
    return (
        f"{value:,.0f}"
        if abs(value) >= 100 or value == int(value)
        else f"{value:,.2f}".rstrip("0").rstrip(".")
    )


def chart(question: dict[str, Any]) -> Markup | None:
    """The bars of a question; none where there is nothing to draw. Every number of it stands in the table."""
    shown = [cell for cell in question["cells"] if cell["share"] is not None]
    if not shown:
        return None
    bars = [
        Bar(
            cell["label"],
            cell["share"],
            cell["low"],
            cell["high"],
            percent(cell["share"]) if cell["share"] is not None else "0%" if cell["count"] == 0 else "hidden",
        )
        for cell in question["cells"]
    ]
    # The markup is our own, and what it quotes of a survey is escaped there.
    return Markup(share_bars(bars, title=question["label"], name=f"bars-{question['name']}"))
