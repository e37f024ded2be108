"""Shares as bars with their intervals, as SVG written by hand: a thousand in the time that `charts` needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from civic.kit.charts import INK, LINE, SERIES

WIDTH, ROW, BAR, RIGHT = 420, 44, 16, 52
LONGEST_LABEL = 52


@dataclass(frozen=True)
class Bar:
    """One bar: a share of one, with the ends of its interval; hidden where there is no share."""

    label: str
    share: float | None
    low: float | None = None
    high: float | None = None
    words: str = ""


def share_bars(bars: Sequence[Bar], *, title: str, name: str) -> str:
    """Horizontal bars, each under its label, with the interval as a line and the share as words.

    `name` is an id that nothing else on the page has.
    """
    room = WIDTH - RIGHT
    height = ROW * len(bars) + 4
    parts = [
        f'<svg class="chart bars" role="img" aria-labelledby="{name}" viewBox="0 0 {WIDTH} {height}" '
        f'xmlns="http://www.w3.org/2000/svg"><title id="{name}">{escape(title)}</title>'
    ]
    for number, bar in enumerate(bars):
        top = ROW * number
        parts.append(
            f'<text x="0" y="{top + 14}" font-size="16" fill="{INK}">{escape(_short(bar.label))}</text>'
        )
        middle = top + 20 + BAR / 2
        parts.append(
            f'<rect x="0" y="{top + 20}" width="{room}" height="{BAR}" rx="2" fill="{LINE}" opacity="0.35"/>'
        )
        if bar.share is not None:
            long = max(round(room * min(1.0, bar.share), 1), 1 if bar.share else 0)
            parts.append(
                f'<rect x="0" y="{top + 20}" width="{long}" height="{BAR}" rx="2" fill="{SERIES[0]}"/>'
            )
        if bar.low is not None and bar.high is not None:
            low, high = round(room * bar.low, 1), round(room * bar.high, 1)
            parts.append(
                f'<path d="M{low} {middle}H{high}M{low} {middle - 4}v8M{high} {middle - 4}v8" '
                f'stroke="{INK}" stroke-width="1.5" fill="none"/>'
            )
        words = bar.words or ("" if bar.share is None else f"{bar.share:.0%}")
        parts.append(
            f'<text x="{WIDTH}" y="{middle + 5}" font-size="16" text-anchor="end" fill="{INK}">'
            f"{escape(words)}</text>"
        )
    return "".join(parts) + "</svg>"


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…"
