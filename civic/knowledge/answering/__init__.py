"""From a question to an answer with its source, step by step; `pipeline.py` is the table of contents."""

from civic.knowledge.answering.outcomes import SHOWN, Answer, Cited, Status, Topic, words_key
from civic.knowledge.answering.pipeline import STEPS, answer
from civic.knowledge.answering.state import Circumstances

__all__ = ["SHOWN", "STEPS", "Answer", "Circumstances", "Cited", "Status", "Topic", "answer", "words_key"]
