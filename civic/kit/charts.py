"""Charts as SVG, drawn on the server; the libraries are loaded when the first chart is asked for."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from itertools import count
from typing import Any, Literal

Row = Mapping[str, Any]
Kind = Literal["nominal", "ordinal", "temporal", "quantitative"]

# Colours that stand for those of the page: its stylesheet replaces them, by day and by night.
SERIES = ("#010101", "#020202", "#030303", "#040404")
INK, LINE = "#090909", "#0a0a0a"
FONT = "DejaVu Sans, Noto Sans, sans-serif"
_numbers = count(1)


def bar_chart(
    rows: Sequence[Row],
    x: str,
    y: str,
    *,
    title: str,
    series: str | None = None,
    order: Sequence[str] = (),
    x_title: str = "",
    width: int = 560,
) -> str:
    """Horizontal bars, the values of `y` one below the other; `series` stacks, `order` orders the series."""
    most = _most(rows, x, y, stacked=True)
    encoding: dict[str, Any] = {
        "y": {"field": y, "type": "nominal", "sort": None, "axis": {"title": None, "labelLimit": 200}},
        "x": {"field": x, "type": "quantitative", **_counts(x_title, most), "stack": "zero"},
    }
    mark = {"type": "bar", "height": {"band": 0.65}, "cornerRadiusEnd": 2, "color": SERIES[0]}
    height = 26 * max(1, len({row[y] for row in rows})) + 8
    return _drawn(rows, mark, encoding, series, order, title, width, height)


def line_chart(
    rows: Sequence[Row],
    x: str,
    y: str,
    *,
    title: str,
    series: str | None = None,
    order: Sequence[str] = (),
    y_title: str = "",
    kind: Kind = "temporal",
    width: int = 560,
    height: int = 220,
) -> str:
    """A line over time (or over an order); `series` gives several."""
    most = _most(rows, y, x, stacked=False)
    axis: dict[str, Any] = {"title": None, "grid": False, "labelAngle": 0, "labelOverlap": True}
    if kind == "temporal":
        axis |= {"format": "%d %b"}
    encoding: dict[str, Any] = {
        "x": {"field": x, "type": kind, "axis": axis, "sort": None},
        "y": {"field": y, "type": "quantitative", **_counts(y_title, most)},
    }
    point: dict[str, Any] = {"size": 30} if series else {"size": 30, "color": SERIES[0]}
    mark = {"type": "line", "strokeWidth": 2.5, "point": point, "color": SERIES[0]}
    return _drawn(rows, mark, encoding, series, order, title, width, height)


def _counts(title: str, most: float) -> dict[str, Any]:
    """An axis of whole numbers, about five of them."""
    step = 10 ** max(0, math.floor(math.log10(max(most, 1))) - 1)
    step = next(step * times for times in (1, 2, 5, 10, 20, 50) if most / (step * times) <= 6)
    values = [step * n for n in range(math.ceil(most / step) + 1)] if most else [0, 1]
    return {
        "axis": {"title": title or None, "values": values, "format": ",d"},
        "scale": {"domainMax": values[-1]},
    }


def _most(rows: Sequence[Row], value: str, by: str, stacked: bool) -> float:
    """The longest bar, or the highest point."""
    if not stacked:
        return max((float(row[value]) for row in rows), default=0)
    sums: dict[Any, float] = {}
    for row in rows:
        sums[row[by]] = sums.get(row[by], 0) + float(row[value])
    return max(sums.values(), default=0)


def _drawn(
    rows: Sequence[Row],
    mark: dict[str, Any],
    encoding: dict[str, Any],
    series: str | None,
    order: Sequence[str],
    title: str,
    width: int,
    height: int,
) -> str:
    if series:
        known = list(order) or list(dict.fromkeys(str(row[series]) for row in rows))
        encoding["color"] = {
            "field": series,
            "type": "nominal",
            "scale": {"domain": known, "range": [SERIES[n % len(SERIES)] for n in range(len(known))]},
            "legend": {"title": None, "orient": "top", "symbolType": "square"},
        }
        encoding["order"] = {"field": "_order", "type": "quantitative"}
        rows = [{**row, "_order": known.index(str(row[series]))} for row in rows]
    fit = {"type": "fit-x", "contains": "padding"}
    spec = {"mark": mark, "encoding": encoding, "width": width, "height": height, "autosize": fit}
    data = json.dumps([dict(row) for row in rows], default=str, sort_keys=True)
    return _named(_svg(json.dumps(spec, sort_keys=True), data), title)


@lru_cache(maxsize=128)
def _svg(spec: str, data: str) -> str:
    """The same chart of the same rows is drawn once."""
    import altair as alt
    import vl_convert as vlc

    chart = alt.Chart.from_dict({**json.loads(spec), "data": {"values": json.loads(data)}}, validate=False)
    chart = chart.configure(
        background="transparent",
        font=FONT,
        padding=2,
    ).configure_view(stroke=None)
    chart = chart.configure_axis(
        labelColor=INK, titleColor=INK, domainColor=LINE, tickColor=LINE, gridColor=LINE, labelFontSize=13
    ).configure_legend(labelColor=INK, labelFontSize=13)
    svg: str = vlc.vegalite_to_svg(chart.to_dict(validate=False))
    return svg


def _named(svg: str, title: str) -> str:
    """With a name for who cannot see it, and without what a page's content policy refuses."""
    name = f"chart-{next(_numbers)}"
    # What vega says about each mark would be read out one by one; the table behind the chart says it better.
    svg = re.sub(r' (?:role|aria-[a-z]+|style)="[^"]*"', "", svg)
    svg = re.sub(r"<style.*?</style>", "", svg, flags=re.DOTALL)
    start = svg.index(">")
    opening = svg[:start].replace(' class="marks"', "")
    opening = opening.replace("<svg", f'<svg class="chart" role="img" aria-labelledby="{name}"', 1)
    svg = opening + svg[start:]
    end = svg.index(">") + 1
    return f'{svg[:end]}<title id="{name}">{escape(title)}</title>{svg[end:]}'
