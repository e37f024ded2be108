"""The nearest vectors through faiss, which is imported only where there are many."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from civic.knowledge.index.types import Vectors

# Up to here every vector is compared, in eight bits a number; above, those of the nearest lists. At 100,000 a
# flat search takes ten milliseconds of processor time, one in lists takes one and finds the same ten.
FLAT_UP_TO = 50_000
VECTORS_A_LIST = 40
PROBED = 128
STEP = 20_000

Progress = Callable[[str, int, int], None]


def write(vectors: npt.NDArray[np.float16], path: Path, progress: Progress) -> None:
    """Builds the structure for these vectors and writes it."""
    faiss = _faiss()
    count, dim = vectors.shape
    kind = "SQ8"
    sample = min(count, 50_000)
    if count > FLAT_UP_TO:
        lists = 1 << round(math.log2(4 * math.sqrt(count)))
        kind = f"IVF{lists},SQ8"
        sample = min(count, VECTORS_A_LIST * lists)
    index = faiss.index_factory(dim, kind, faiss.METRIC_INNER_PRODUCT)
    if count > FLAT_UP_TO:
        index.cp.niter = 8
        index.cp.seed = 1
    progress("learning", 0, 1)
    # Every n-th vector: the same sample each time, from all documents.
    chosen = np.linspace(0, count - 1, sample).astype(np.int64)
    index.train(vectors[chosen].astype(np.float32))
    for start in range(0, count, STEP):
        progress("vectors", start, count)
        index.add(vectors[start : start + STEP].astype(np.float32))
    progress("vectors", count, count)
    faiss.write_index(index, str(path))


class Nearest:
    """Finds the vectors with about the largest dot products."""

    def __init__(self, path: Path) -> None:
        faiss = _faiss()
        self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        if hasattr(self._index, "nprobe"):
            self._index.nprobe = PROBED

    def search(self, vector: Vectors, top: int) -> npt.NDArray[np.int64]:
        """The positions of the best `top`, in no promised order."""
        # The setting is a thread's own, and a search is too short to be divided.
        _faiss().omp_set_num_threads(1)
        _, found = self._index.search(vector[None], top)
        positions: npt.NDArray[np.int64] = found[0][found[0] >= 0]
        return positions


def _faiss() -> Any:
    import faiss

    return faiss
