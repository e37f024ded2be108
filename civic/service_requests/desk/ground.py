"""What lies under the points of the map, drawn from the town's own files: areas, and names of places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import shapely

from civic.service_requests.areas import Areas
from civic.service_requests.places import Place

# From degrees to the drawing.
ToDrawing = Callable[[float, float], tuple[float, float]]
# A rectangle of the drawing: left, top, right, bottom.
Box = tuple[float, float, float, float]

MOST_NAMES = 24
# The size of a name: wide enough a letter, high enough a line, in a drawing 960 wide.
LETTER, LINE = 7.2, 18.0


@dataclass(frozen=True)
class Outline:
    """The border of an area as an SVG path; its name stands where it is well inside."""

    path: str
    name: str
    x: float
    y: float
    municipality: bool


@dataclass(frozen=True)
class Name:
    """A name where its place is."""

    text: str
    x: float
    y: float


def outlines(areas: Areas, at: ToDrawing, frame: Box) -> list[Outline]:
    """The borders that can be seen in the frame; the one of the town first, beneath the others."""
    seen = []
    window = shapely.box(*frame)
    for area in areas.areas:
        drawn = shapely.transform(area.polygon, lambda points: [at(lat, long) for long, lat in points])
        shown = shapely.intersection(drawn, window)
        if shown.is_empty:
            continue
        middle = shapely.point_on_surface(shown)
        seen.append(
            Outline(_path(drawn), area.name, round(middle.x, 1), round(middle.y, 1), area.municipality)
        )
    return sorted(seen, key=lambda each: not each.municipality)


def names(places: Iterable[Place], at: ToDrawing, frame: Box, taken: Sequence[Box]) -> list[Name]:
    """Names of places for orientation: as many as stand apart from each other and from what is taken."""
    boxes, found = list(taken), []
    for place in places:
        x, y = at(place.lat, place.long)
        half = len(place.name) * LETTER / 2
        box = (x - half, y - LINE / 2, x + half, y + LINE / 2)
        inside = frame[0] <= box[0] and box[2] <= frame[2] and frame[1] <= box[1] and box[3] <= frame[3]
        if not inside or any(_overlap(box, other) for other in boxes):
            continue
        boxes.append(box)
        found.append(Name(place.name, round(x, 1), round(y, 1)))
        if len(found) == MOST_NAMES:
            break
    return found


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _path(drawn: shapely.Geometry) -> str:
    parts = []
    for polygon in shapely.get_parts(drawn):
        for ring in (polygon.exterior, *polygon.interiors):
            parts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring.coords[:-1]) + "Z")
    return "".join(parts)
