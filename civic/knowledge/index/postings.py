"""BM25 in files: for each stem the passages that it stands in, with what it adds to their score."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from civic.knowledge.index.types import K1, B, Vectors
from civic.knowledge.words import stems

Number = TypeVar("Number", bound=np.generic)

FILES = ("stems.u64", "ends.i64", "passages.i32", "weights.f32")


class PostingsWriter:
    """Takes passages in their order and writes the files at the end."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._parts: list[tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.uint16]]] = []
        self._lengths: list[npt.NDArray[np.int32]] = []
        self._passages = 0

    def add(self, texts: Sequence[str]) -> None:
        """The next passages."""
        flat, lengths = array("i"), array("i")
        rows = self._rows
        for text in texts:
            found = stems(text)
            lengths.append(len(found))
            for stem in found:
                flat.append(rows.setdefault(stem, len(rows)))
        words = np.frombuffer(flat, np.int32) if flat else np.zeros(0, np.int32)
        sizes = np.array(lengths, np.int32)
        # One number a word, sorted by stem and then by passage; equal ones are the same word again.
        pairs = words.astype(np.int64) * len(texts) + np.repeat(np.arange(len(texts)), sizes)
        pairs, counts = np.unique(pairs, return_counts=True)
        places = (pairs % len(texts) + self._passages).astype(np.int32)
        self._parts.append(
            ((pairs // len(texts)).astype(np.int32), places, np.minimum(counts, 65535).astype(np.uint16))
        )
        self._lengths.append(sizes)
        self._passages += len(texts)

    def write(self, folder: Path) -> None:
        """Writes the four files; a stem's passages stand together, in their order."""
        sizes = np.concatenate([*self._lengths, np.zeros(0, np.int32)]).astype(np.float32)
        length = K1 * (1 - B + B * sizes / max(float(sizes.mean()) if len(sizes) else 0.0, 1e-9))
        found = np.zeros(len(self._rows), np.int64)
        for rows, _, _ in self._parts:
            found += np.bincount(rows, minlength=len(found))
        rarity = np.log(1 + (self._passages - found + 0.5) / (found + 0.5)).astype(np.float32)
        # Stems are looked up by a hash: sorted numbers are mapped and searched without being read.
        hashes = np.fromiter(map(_hash, self._rows), np.uint64, len(self._rows))
        order = np.argsort(hashes)
        ends = np.concatenate([[0], np.cumsum(found[order])]).astype(np.int64)
        cursor = np.empty_like(found)
        cursor[order] = ends[:-1]
        hashes[order].tofile(folder / FILES[0])
        ends.tofile(folder / FILES[1])
        if not int(ends[-1]):
            (folder / FILES[2]).touch()
            (folder / FILES[3]).touch()
            return
        passages = np.memmap(folder / FILES[2], np.int32, "w+", shape=(int(ends[-1]),))
        weights = np.memmap(folder / FILES[3], np.float32, "w+", shape=(int(ends[-1]),))
        while self._parts:
            rows, places, counts = self._parts.pop(0)
            starts = np.flatnonzero(np.diff(rows, prepend=-1))
            runs = np.diff(starts, append=len(rows))
            target = np.repeat(cursor[rows[starts]] - starts, runs) + np.arange(len(rows))
            passages[target] = places
            weights[target] = rarity[rows] * counts / (counts + length[places])
            cursor[rows[starts]] += runs
        passages.flush()
        weights.flush()


class Postings:
    """Scores all passages of an index by their wording."""

    def __init__(self, folder: Path, passages: int) -> None:
        self._count = passages
        self._hashes = _mapped(folder / FILES[0], np.uint64)
        self._ends = _mapped(folder / FILES[1], np.int64)
        self._passages = _mapped(folder / FILES[2], np.int32)
        self._weights = _mapped(folder / FILES[3], np.float32)

    def scores(self, wanted: Mapping[str, float]) -> Vectors:
        """The BM25 score of every passage for stems, each with its weight in the query."""
        total = np.zeros(self._count, np.float32)
        for stem, weight in wanted.items():
            start, end = self._range(stem)
            # No passage is twice among those of one stem, so that adding by position is right.
            total[self._passages[start:end]] += self._weights[start:end] * np.float32(weight)
        return total

    def frequency(self, stem: str) -> int:
        """In how many passages a stem stands."""
        start, end = self._range(stem)
        return end - start

    def _range(self, stem: str) -> tuple[int, int]:
        wanted = np.uint64(_hash(stem))
        row = int(np.searchsorted(self._hashes, wanted))
        if row == len(self._hashes) or self._hashes[row] != wanted:
            return 0, 0
        return int(self._ends[row]), int(self._ends[row + 1])


def _hash(stem: str) -> int:
    return int.from_bytes(blake2b(stem.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def _mapped(path: Path, kind: type[Number]) -> npt.NDArray[Number]:
    if not path.stat().st_size:
        return np.zeros(0, kind)
    return np.asarray(np.memmap(path, kind, "r"))
