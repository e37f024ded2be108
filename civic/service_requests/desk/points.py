"""The map without a map server: points on Mercator's plane, joined to clusters, inside a frame."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from civic.service_requests.areas import Areas
from civic.service_requests.desk import ground
from civic.service_requests.desk.queries import Point
from civic.service_requests.places import Gazetteer

WIDTH, HEIGHT, MARGIN = 960, 600, 60
TILE = 256
CELL = 44
DEEPEST = 18


@dataclass(frozen=True)
class Cluster:
    """One or several cases that lie too close to be shown apart."""

    x: float
    y: float
    radius: float
    points: Sequence[Point]
    lat: float
    long: float
    # How far the farthest of them is from the middle, in metres, and a little more.
    metres: int

    @property
    def late(self) -> int:
        return sum(point.late for point in self.points)


@dataclass(frozen=True)
class Tile:
    """One picture of a tile server and where it lies."""

    x: float
    y: float
    url: str


@dataclass(frozen=True)
class Map:
    """What is drawn: the clusters, the borders, a scale; beneath them pictures of a server, or names."""

    clusters: Sequence[Cluster]
    outlines: Sequence[ground.Outline]
    tiles: Sequence[Tile]
    names: Sequence[ground.Name]
    scale_metres: int
    scale_width: float


def draw(
    points: Sequence[Point],
    tile_url: str = "",
    areas: Areas = Areas(),
    places: Gazetteer = Gazetteer(),
) -> Map | None:
    """A map that shows all points as large as they fit; None without points."""
    if not points:
        return None
    flat = [(*_plane(point.lat, point.long), point) for point in points]
    west, east = min(x for x, _, _ in flat), max(x for x, _, _ in flat)
    north, south = min(y for _, y, _ in flat), max(y for _, y, _ in flat)
    zoom = DEEPEST
    while zoom > 0 and (
        (east - west) * TILE * 2**zoom > WIDTH - 2 * MARGIN
        or (south - north) * TILE * 2**zoom > HEIGHT - 2 * MARGIN
    ):
        zoom -= 1
    size = TILE * 2**zoom
    left, top = (west + east) / 2 * size - WIDTH / 2, (north + south) / 2 * size - HEIGHT / 2
    cells: dict[tuple[int, int], list[tuple[float, float, Point]]] = {}
    for x, y, point in flat:
        at = x * size - left, y * size - top
        cells.setdefault((int(at[0] // CELL), int(at[1] // CELL)), []).append((*at, point))
    clusters = sorted((_cluster(cell) for cell in cells.values()), key=lambda each: (each.y, each.x))
    middle = (points[0].lat + points[-1].lat) / 2
    metres_a_pixel = 40_075_017 * math.cos(math.radians(middle)) / size
    scale = _round_length(metres_a_pixel * WIDTH / 5)

    def to_drawing(lat: float, long: float) -> tuple[float, float]:
        x, y = _plane(lat, long)
        return x * size - left, y * size - top

    frame = (0.0, 0.0, float(WIDTH), float(HEIGHT))
    taken = [
        (each.x - each.radius, each.y - each.radius, each.x + each.radius, each.y + each.radius)
        for each in clusters
    ]
    return Map(
        clusters,
        ground.outlines(areas, to_drawing, frame),
        _tiles(left, top, zoom, tile_url),
        # A picture has its own names.
        [] if tile_url else ground.names(places, to_drawing, frame, taken),
        scale,
        scale / metres_a_pixel,
    )


def _plane(lat: float, long: float) -> tuple[float, float]:
    """Web Mercator, the world being one wide and one high."""
    lat = max(-85.05, min(85.05, lat))
    return (long + 180) / 360, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2


def _cluster(cell: Sequence[tuple[float, float, Point]]) -> Cluster:
    many = len(cell)
    lat = sum(point.lat for _, _, point in cell) / many
    long = sum(point.long for _, _, point in cell) / many
    shrink = math.cos(math.radians(lat))
    far = max(math.hypot(point.lat - lat, (point.long - long) * shrink) * 111_195 for _, _, point in cell)
    return Cluster(
        x=round(sum(x for x, _, _ in cell) / many, 1),
        y=round(sum(y for _, y, _ in cell) / many, 1),
        radius=round(9 if many == 1 else min(30.0, 12 + 5 * math.log2(many)), 1),
        points=[point for _, _, point in cell],
        lat=round(lat, 6),
        long=round(long, 6),
        metres=math.ceil(far) + 5,
    )


def _tiles(left: float, top: float, zoom: int, url: str) -> list[Tile]:
    if not url:
        return []
    most = 2**zoom
    return [
        Tile(
            round(column * TILE - left, 1),
            round(row * TILE - top, 1),
            url.replace("{z}", str(zoom)).replace("{x}", str(column % most)).replace("{y}", str(row)),
        )
        for column in range(int(left // TILE), int((left + WIDTH) // TILE) + 1)
        for row in range(int(top // TILE), int((top + HEIGHT) // TILE) + 1)
        if 0 <= row < most
    ]


def _round_length(metres: float) -> int:
    """1, 2 or 5 times a power of ten, not longer than `metres`."""
    power = 10 ** math.floor(math.log10(max(metres, 1)))
    return int(next(step * power for step in (5, 2, 1) if step * power <= max(metres, 1)))
