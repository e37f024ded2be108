"""From a question to an answer with its source, step by step; `pipeline.py` is the table of contents."""

from civic.knowledge.answering.outcomes import Answer, Status
from civic.knowledge.answering.pipeline import answer

__all__ = ["Answer", "Status", "answer"]
