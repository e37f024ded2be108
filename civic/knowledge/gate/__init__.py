"""Decides whether the passages found may answer a question at all."""

from civic.knowledge.gate.model import DEFAULT_THRESHOLD, Gate

__all__ = ["DEFAULT_THRESHOLD", "Gate"]
