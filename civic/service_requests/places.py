"""Places that people name and where they are: `content/places.csv`, a gazetteer that anybody can fill."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from civic.kit.errors import Invalid

FILE = "places.csv"
COLUMNS = ("name", "lat", "long")
LONGEST_NAME = 100
# How alike a typed place and a known one are to be offered: "Brige Street" for "Bridge Street".
ALIKE = 80.0
# In a whole sentence only a slip of the finger counts, or every sentence would be asked about.
SLIPS = 2
SHORTEST_WITH_A_SLIP = 7

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SHORT = {
    "st": "street",
    "rd": "road",
    "ln": "lane",
    "ave": "avenue",
    "av": "avenue",
    "dr": "drive",
    "sq": "square",
    "ter": "terrace",
    "gdns": "gardens",
    "cres": "crescent",
}


class BrokenPlaces(Invalid):
    """The list of places cannot be read; the sentence names the row and the remedy."""

    code = "broken_places"
    title = "The places cannot be read"


@dataclass(frozen=True)
class Place:
    """A street, a square or a building by the name that people use."""

    name: str
    lat: float
    long: float


class Gazetteer:
    """Finds the places that a text names; where two have one name, the first counts."""

    def __init__(self, places: Iterable[Place] = ()) -> None:
        self._known: dict[tuple[str, ...], Place] = {}
        for place in places:
            self._known.setdefault(words_of(place.name), place)
        self._longest = max(map(len, self._known), default=0)

    def __len__(self) -> int:
        return len(self._known)

    def __iter__(self) -> Iterator[Place]:
        return iter(self._known.values())

    def named(self, name: str) -> Place | None:
        """The place with exactly this name."""
        return self._known.get(words_of(name))

    def named_in(self, text: str, *, at_least: int = 1) -> Place | None:
        """The longest name that stands in the text word for word, of so many words at least."""
        readings = [words_of(text), plain_words_of(text)]
        for size in range(min(self._longest, len(readings[0])), at_least - 1, -1):
            for said in readings:
                for start in range(len(said) - size + 1):
                    if (found := self._known.get(said[start : start + size])) is not None:
                        return found
        return None

    def named_in_sentence(self, text: str) -> Place | None:
        """The same in a sentence about something else: a single word must be written as a name there."""
        found = self.named_in(text, at_least=2)
        names = [word for word in _WORD.findall(text)[1:] if word[0].isupper()] if found is None else []
        return next((place for name in names if (place := self.named(name)) is not None), found)

    def nearly_named_in(self, text: str, count: int = 3) -> list[Place]:
        """Places whose names are much like a part of the text, the likest first."""
        said = words_of(text)
        alike = [(self._alikeness(said, name), place) for name, place in self._known.items()]
        best = sorted((one for one in alike if one[0] >= ALIKE), key=lambda one: -one[0])
        return [place for _, place in best[:count]]

    def misspelt_in(self, text: str, count: int = 3) -> list[Place]:
        """Places whose names are in the text but for a slip of one or two letters."""
        said = words_of(text)
        return [place for name, place in self._known.items() if self._is_slip(said, name)][:count]

    @staticmethod
    def _alikeness(said: Sequence[str], name: Sequence[str]) -> float:
        return max((fuzz.ratio(part, " ".join(name)) for part in _parts(said, len(name))), default=0.0)

    @staticmethod
    def _is_slip(said: Sequence[str], name: Sequence[str]) -> bool:
        whole = " ".join(name)
        if len(whole) < SHORTEST_WITH_A_SLIP:
            return False
        allowed = SLIPS if len(whole) >= 2 * SHORTEST_WITH_A_SLIP else 1
        # Another first letter is another name: Hill Lane is not a slip of Mill Lane.
        return any(
            part[0] == whole[0] and 0 < OSA.distance(part, whole, score_cutoff=allowed) <= allowed
            for part in _parts(said, len(name))
        )


def words_of(text: str) -> tuple[str, ...]:
    """The words of a name in small letters, with `st` and `rd` written out."""
    words = plain_words_of(text)
    # "St Mary" begins with a saint, "Mary St" ends in a street.
    return tuple(_SHORT.get(word, word) if at else word for at, word in enumerate(words))


def plain_words_of(text: str) -> tuple[str, ...]:
    """The words as they stand: in the middle of a text, `st` may be a saint."""
    return tuple(word.lower().replace("’", "'") for word in _WORD.findall(text))


def _parts(said: Sequence[str], size: int) -> list[str]:
    return [" ".join(said[start : start + size]) for start in range(len(said) - size + 1)]


# ------------------------------------------------------------------------------------------------- the file


def load(path: Path) -> Gazetteer:
    """The places in a file, read again only when it changed; no file, no places."""
    return _load(path, path.stat().st_mtime_ns) if path.exists() else Gazetteer()


@lru_cache(maxsize=4)
def _load(path: Path, modified_ns: int) -> Gazetteer:
    return Gazetteer(parse(path.read_text(encoding="utf-8-sig"), path.name))


def parse(text: str, name: str = FILE) -> list[Place]:
    """The places in a CSV text with the columns name, lat and long, in any order and among others."""
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text.split("\n", 1)[0], ",;\t")
    except csv.Error:
        dialect = csv.excel
    rows = csv.DictReader(io.StringIO(text, newline=""), dialect=dialect)
    columns = {(column or "").strip().lower(): column for column in rows.fieldnames or ()}
    missing = [column for column in COLUMNS if column not in columns]
    if missing:
        raise BrokenPlaces(
            f"{name}, row 1: there is no column {' and no column '.join(missing)}.",
            remedy="Name the columns name, lat and long in the first row.",
        )
    named = {column: columns[column] for column in COLUMNS}
    return [_place(row, named, f"{name}, row {rows.line_num}") for row in rows]


def _place(row: Mapping[str, str | None], columns: Mapping[str, str], where: str) -> Place:
    called = " ".join((row.get(columns["name"]) or "").split())
    if not words_of(called) or len(called) > LONGEST_NAME:
        raise BrokenPlaces(
            f"{where}: the name is missing or longer than {LONGEST_NAME} characters.",
            remedy="Write the name as people say it.",
        )
    lat = _degrees(row.get(columns["lat"]), 90, f"{where} ({called}): lat")
    return Place(called, lat, _degrees(row.get(columns["long"]), 180, f"{where} ({called}): long"))


def _degrees(said: str | None, most: float, where: str) -> float:
    try:
        value = float((said or "").strip().replace(",", "."))
    except ValueError:
        value = float("nan")
    if not abs(value) <= most:
        raise BrokenPlaces(
            f"{where} is {(said or '')[:20]!r}, and no number of degrees.",
            remedy=f"Write degrees (WGS 84) from -{most:g} to {most:g}, such as 51.5017.",
        )
    return value


@dataclass(frozen=True)
class Imported:
    """What an import did to the list."""

    new: int
    moved: int
    total: int


def import_places(text: str, name: str, into: Path) -> Imported:
    """Adds the places of a CSV text to the list; a known name gets its new point. All of it or nothing."""
    wanted = {words_of(place.name): place for place in parse(text, name)}
    if not wanted:
        raise BrokenPlaces(f"{name} has no rows.", remedy="Add a row for each place below the first.")
    kept = parse(into.read_text(encoding="utf-8-sig")) if into.exists() else []
    known = {words_of(place.name): place for place in kept}
    moved = sum(key in known and known[key] != place for key, place in wanted.items())
    merged = {**known, **wanted}
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((place.name, place.lat, place.long) for place in merged.values())
    draft = into.with_name(f".{into.name}.draft")
    draft.write_text(out.getvalue(), encoding="utf-8")
    draft.replace(into)
    return Imported(len(merged) - len(known), moved, len(merged))
