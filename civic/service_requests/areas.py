"""Where the municipality ends, and which department deals with what where: `content/areas.geojson`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape

from civic.kit.errors import Invalid
from civic.service_requests.services import Service

FILE = "areas.geojson"
LONGEST_NAME = 80


class BrokenAreas(Invalid):
    """The file of areas cannot be read; the sentence names the area and the remedy."""

    code = "broken_areas"
    title = "The areas cannot be read"


@dataclass(frozen=True)
class Area:
    """One polygon. `agencies` says who deals with a type here; under `*` stands who deals with all others."""

    name: str
    municipality: bool
    agencies: Mapping[str, str]
    polygon: Any

    def holds(self, point: Any) -> bool:
        """Whether a point lies in it; its border belongs to it."""
        return bool(shapely.intersects(self.polygon, point))


@dataclass(frozen=True)
class Areas:
    """All areas of a municipality; where there are none, nothing is outside."""

    areas: tuple[Area, ...] = ()

    def outside(self, lat: float, long: float) -> bool:
        """Whether a place lies outside the municipality, so that nobody here can act on it."""
        borders = [area for area in self.areas if area.municipality]
        point = shapely.Point(long, lat)
        return bool(borders) and not any(area.holds(point) for area in borders)

    @property
    def names(self) -> list[str]:
        """The areas that a case can lie in, by name; the town as a whole is none."""
        return sorted({area.name for area in self.areas if not area.municipality})

    def name(self, lat: float | None, long: float | None) -> str | None:
        """The smallest area that a place lies in; None where there is no place, or no area."""
        if lat is None or long is None:
            return None
        point = shapely.Point(long, lat)
        found = [
            (one.polygon.area, one.name) for one in self.areas if not one.municipality and one.holds(point)
        ]
        return min(found)[1][:LONGEST_NAME] if found else None

    def agency(self, service: Service, lat: float | None, long: float | None) -> str:
        """Who deals with a type there: as the smallest area that names it says, else as the type does."""
        if lat is None or long is None:
            return service.agency
        point = shapely.Point(long, lat)
        found = [
            (area.polygon.area, area.agencies.get(service.service_code) or area.agencies["*"])
            for area in self.areas
            if (service.service_code in area.agencies or "*" in area.agencies) and area.holds(point)
        ]
        return min(found)[1] if found else service.agency


@lru_cache(maxsize=4)
def _load(path: Path, modified_ns: int) -> Areas:
    return parse(path.read_text(encoding="utf-8"))


def load(path: Path) -> Areas:
    """The areas in a file, read again only when it changed; no file, no areas."""
    return _load(path, path.stat().st_mtime_ns) if path.exists() else Areas()


def parse(text: str) -> Areas:
    """The areas in a GeoJSON text; a mistake raises `BrokenAreas`, with the area and the remedy."""
    try:
        features = json.loads(text)["features"]
        return Areas(tuple(_area(feature, number) for number, feature in enumerate(features, 1)))
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenAreas(
            f"{FILE} is no GeoJSON FeatureCollection.", remedy="Export it anew from the map program."
        ) from error


def _area(feature: Mapping[str, Any], number: int) -> Area:
    said = feature.get("properties") or {}
    name = str(said.get("name") or f"number {number}")
    try:
        polygon = shape(feature["geometry"])
    except Exception as error:
        raise BrokenAreas(f"{FILE}, area {name}: there is no shape.", remedy="Draw it again.") from error
    if polygon.geom_type not in ("Polygon", "MultiPolygon") or polygon.is_empty or not polygon.is_valid:
        raise BrokenAreas(
            f"{FILE}, area {name}: its border crosses itself, or it is no area.",
            remedy="Draw it as one closed line without crossings.",
        )
    west, south, east, north = polygon.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise BrokenAreas(
            f"{FILE}, area {name}: these are no degrees.", remedy="Export it in WGS 84 (EPSG:4326)."
        )
    agencies = said.get("agencies") or {}
    if not isinstance(agencies, dict):
        raise BrokenAreas(
            f"{FILE}, area {name}: `agencies` is no list of types and departments.",
            remedy='Write for example "agencies": {"litter": "parks"}.',
        )
    shapely.prepare(polygon)
    return Area(name, bool(said.get("municipality")), {str(k): str(v) for k, v in agencies.items()}, polygon)
