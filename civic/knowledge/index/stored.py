"""The index of many passages: its files are mapped, so that processes share them and start at once."""

from __future__ import annotations

import json
import mmap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import overload

import numpy as np
import numpy.typing as npt

from civic.knowledge.index import nearest
from civic.knowledge.index.memory import PassageIndex
from civic.knowledge.index.nearest import Nearest
from civic.knowledge.index.postings import Postings, PostingsWriter
from civic.knowledge.index.types import DENSE_WEIGHT, Entry, Hit, Query, Vectors
from civic.knowledge.words import stems

# The best of each side are ranked together; with more, no ranking that was measured changed.
CANDIDATES = 300
MANIFEST = "manifest.json"
FORMAT = 1
_CHUNK = 50_000


class NotComplete(Exception):
    """The folder does not hold a whole index of this format: build it anew."""


@dataclass(frozen=True)
class Batch:
    """The next passages of an index: what is shown, its vectors, and what is searched."""

    entries: Sequence[Entry]
    vectors: Vectors
    texts: Sequence[str]


class StoredIndex(PassageIndex):
    """Ranks as `PassageIndex` does, among the best candidates by meaning and by wording.

    Both scores are standardised with the mean and spread over all passages, as in the exact index, so that a
    hit's score says the same: for meaning they follow from the mean and covariance of the vectors.
    """

    def __init__(self, folder: Path) -> None:
        """Opens what `write` wrote; raises `NotComplete` when something of it is missing."""
        about = _manifest(folder)
        self.folder = folder
        count, dim = about["passages"], about["dim"]
        self.entries = StoredEntries(folder)
        self._matrix = np.asarray(np.memmap(folder / "vectors.f16", np.float16, "r", shape=(count, dim)))
        spread = np.load(folder / "spread.npz")
        self._mean, self._covariance = spread["mean"], spread["covariance"]
        self._postings = Postings(folder, count)
        self._nearest = Nearest(folder / "nearest.faiss")

    def search(self, query: Query, top: int = 10) -> list[Hit]:
        """The best `top` passages, best first."""
        # The mean of the wordings' scores is the score of their mean.
        vector = query.vectors.mean(axis=0)
        wording = self._postings.scores(_weights(query))
        wanted = max(CANDIDATES, top)
        chosen = np.union1d(self._nearest.search(vector, wanted), _best(wording, wanted))
        dense = self._matrix[chosen].astype(np.float32) @ vector
        sparse = wording[chosen]
        spread = float(np.sqrt(max(vector @ self._covariance @ vector, 0.0)))
        score = DENSE_WEIGHT * _standard(dense, float(self._mean @ vector), spread) + (
            1 - DENSE_WEIGHT
        ) * _standard(sparse, *_mean_and_spread(wording))
        order = np.argsort(-score, kind="stable")[:top]
        return [
            Hit(self.entries[place], float(score[i]), float(dense[i]), float(sparse[i]), place)
            for i, place in ((i, int(chosen[i])) for i in order)
        ]

    def vectors_at(self, positions: range) -> Vectors:
        """The vectors of passages that stand together."""
        return self._matrix[positions.start : positions.stop].astype(np.float32)

    def scores(self, query: Query) -> tuple[Vectors, Vectors]:
        """Both scores of every passage, exactly; reads all vectors, so for measuring only."""
        vector = query.vectors.mean(axis=0)
        dense = [
            self._matrix[at : at + _CHUNK].astype(np.float32) @ vector for at in range(0, len(self), _CHUNK)
        ]
        return np.concatenate(dense), self._postings.scores(_weights(query))

    def spellings(self) -> Mapping[str, int]:
        """Nothing: reading a large collection for one slip would take longer than that is worth."""
        return {}

    def frequency(self, stem: str) -> int:
        """In how many passages a stem stands."""
        return self._postings.frequency(stem)


class StoredEntries(Sequence[Entry]):
    """The passages of an index, each read from its file when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._ends = np.asarray(np.memmap(folder / "entries.i64", np.int64, "r"))
        with (folder / "entries.jsonl").open("rb") as file:
            self._text = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        document_id, ordinal, title, heading, text, page = json.loads(
            self._text[self._ends[place] : self._ends[place + 1]]
        )
        return Entry(document_id, ordinal, title, tuple(heading), text, page)


def write(folder: Path, batches: Iterable[Batch], count: int, progress: nearest.Progress) -> None:
    """Writes all files of an index of about `count` passages; the manifest comes last and completes it."""
    postings = PostingsWriter()
    ends = [0]
    total: npt.NDArray[np.float64] | None = None
    products = np.zeros(0)
    with (folder / "vectors.f16").open("wb") as vectors, (folder / "entries.jsonl").open("wb") as entries:
        for batch in batches:
            halves = batch.vectors.astype("<f2")
            vectors.write(halves.tobytes())
            same = halves.astype(np.float32)
            if total is None:
                total, products = np.zeros(same.shape[1]), np.zeros((same.shape[1],) * 2)
            total += same.sum(axis=0)
            products += same.T @ same
            postings.add(batch.texts)
            for entry in batch.entries:
                entries.write(
                    json.dumps(astuple(entry), ensure_ascii=False).encode("utf-8", "replace") + b"\n"
                )
                ends.append(entries.tell())
            progress("passages", len(ends) - 1, count)
    if total is None:
        raise ValueError("an index needs at least one passage")
    found = len(ends) - 1
    np.array(ends, np.int64).tofile(folder / "entries.i64")
    mean = total / found
    covariance = products / found - np.outer(mean, mean)
    np.savez(folder / "spread.npz", mean=mean.astype(np.float32), covariance=covariance.astype(np.float32))
    progress("words", 0, 1)
    postings.write(folder)
    matrix = np.memmap(folder / "vectors.f16", np.float16, "r", shape=(found, len(mean)))
    nearest.write(matrix, folder / "nearest.faiss", progress)
    sizes = {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
    about = {"format": FORMAT, "passages": found, "dim": len(mean), "files": sizes}
    (folder / MANIFEST).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _manifest(folder: Path) -> dict[str, int]:
    try:
        about = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        whole = all((folder / name).stat().st_size == size for name, size in about["files"].items())
        if about["format"] == FORMAT and whole:
            return {"passages": int(about["passages"]), "dim": int(about["dim"])}
    except (OSError, ValueError, KeyError):
        pass
    raise NotComplete(folder)


def _weights(query: Query) -> dict[str, float]:
    """How often each stem stands in a wording, on average."""
    counted = Counter(stem for text in query.texts for stem in stems(text))
    return {stem: times / len(query.texts) for stem, times in counted.items()}


def _best(scores: Vectors, top: int) -> npt.NDArray[np.int64]:
    """The positions of the `top` largest scores above 0, without sorting all of them."""
    width = 1024
    blocks = len(scores) // width
    least = 0.0
    if blocks > top:
        # As many passages as there are blocks whose best is this good are at least this good.
        peaks = scores[: blocks * width].reshape(blocks, width).max(axis=1)
        least = float(np.partition(peaks, -top)[-top])
    found = np.flatnonzero(scores >= least) if least > 0 else np.flatnonzero(scores)
    if len(found) > top:
        found = found[np.argpartition(-scores[found], top)[:top]]
    return found


def _mean_and_spread(scores: Vectors) -> tuple[float, float]:
    mean = float(scores.mean())
    return mean, float(np.sqrt(max(float(scores @ scores) / len(scores) - mean * mean, 0.0)))


def _standard(scores: Vectors, mean: float, spread: float) -> Vectors:
    result: Vectors = (scores - mean) / np.float32(spread) if spread > 1e-6 else np.zeros_like(scores)
    return result
