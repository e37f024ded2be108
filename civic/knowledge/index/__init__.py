"""Finds passages by meaning (vectors) and wording (BM25) together.

A town's few hundred passages are held in memory and ranked exactly (`memory.py`); from some ten thousand on
they are in files that are mapped, not read, and searched through faiss and postings of our own (`stored.py`).
"""

from civic.knowledge.index.memory import PassageIndex
from civic.knowledge.index.types import DENSE_WEIGHT, K1, B, Encoder, Entry, Hit, Query, Vectors

__all__ = ["DENSE_WEIGHT", "K1", "B", "Encoder", "Entry", "Hit", "PassageIndex", "Query", "Vectors"]
