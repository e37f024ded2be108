"""Refusals that are data: what is not answered here although it may be asked, from `content/refusals.yml`."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from civic.kit.errors import Invalid
from civic.knowledge.index import Encoder, Vectors

# A question is refused when it is nearer to an example than to anything harmless, and near enough.
NEAREST, AHEAD = 0.6, 0.05


class BrokenRefusals(Invalid):
    """The list of refusals cannot be read; the sentence names the place and the remedy."""

    code = "broken_refusals"


class Refusal(BaseModel):
    """One kind of question that is refused, with the words `knowledge-status-<status>` of the catalogue.

    `when`: `always` before the documents are looked at, `unanswered` only where they do not answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: str = Field(pattern=r"^unanswerable_[a-z_]{3,27}$")
    when: Literal["always", "unanswered"] = "always"
    patterns: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{one})" for one in self.patterns) or r"(?!)", re.IGNORECASE)


class RefusalList(BaseModel):
    """Everything in `refusals.yml`, in its order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    refusals: tuple[Refusal, ...] = ()

    def fitting(self, question: str, vector: Vectors, encoder: Encoder, when: str) -> Refusal | None:
        """The refusal that a question falls under: by its words, or else by its meaning."""
        now = [refusal for refusal in self.refusals if refusal.when == when]
        for refusal in now:
            if refusal.pattern.search(question):
                return refusal
        likeness = [(_likeness(refusal, vector, encoder), refusal) for refusal in now]
        best, nearest = max(likeness, key=lambda each: each[0], default=(0.0, None))
        return nearest if best > 0 else None


def load(path: Path) -> RefusalList:
    """The refusals in a file, read again when it changed; a town without the file has none."""
    return _load(path, path.stat().st_mtime_ns) if path.exists() else RefusalList()


@lru_cache(maxsize=4)
def _load(path: Path, modified_ns: int) -> RefusalList:
    try:
        found = RefusalList.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
        for refusal in found.refusals:
            re.compile(refusal.pattern)
            if not refusal.patterns and not refusal.examples:
                raise ValueError(f"{refusal.status} has neither patterns nor examples")
    except (yaml.YAMLError, ValidationError, ValueError, re.error) as error:
        raise BrokenRefusals(
            f"{path.name}: {error}", remedy="Compare the entry with the ones beside it."
        ) from error
    names = [refusal.status for refusal in found.refusals]
    if len(set(names)) < len(names):
        raise BrokenRefusals(f"{path.name}: two refusals have one status.", remedy="Rename one of them.")
    return found


def _likeness(refusal: Refusal, vector: Vectors, encoder: Encoder) -> float:
    """How like the examples a question is; 0 when it is not, or when something harmless is as like."""
    if not refusal.examples:
        return 0.0
    likeness = _vectors(refusal, encoder) @ vector
    nearest = float(likeness[: len(refusal.examples)].max())
    harmless = float(likeness[len(refusal.examples) :].max(initial=0.0))
    return nearest if nearest >= NEAREST and nearest >= harmless + AHEAD else 0.0


_KNOWN: dict[tuple[str, int], Vectors] = {}


def _vectors(refusal: Refusal, encoder: Encoder) -> Vectors:
    """The vectors of examples and harmless questions, made once an encoder."""
    texts = (*refusal.examples, *refusal.harmless)
    key = (encoder.digest, hash(texts))
    if key not in _KNOWN:
        _KNOWN[key] = np.asarray(encoder.encode(texts), dtype=np.float32)
    return _KNOWN[key]
