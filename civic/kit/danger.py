"""Danger to life, violence, self-harm and disaster: noticed in whatever is written, from an edited list."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from civic.kit.errors import Invalid

Encode = Callable[[Sequence[str]], Any]

# How far the words of a phrase may stand apart.
_NEAR = 3
# A sentence is dangerous when it is nearer to a dangerous example than to any harmless one, and near enough.
NEAREST, AHEAD = 0.52, 0.06


class BrokenDangerList(Invalid):
    """The list of dangers cannot be read; the sentence names the place and the remedy."""

    code = "broken_danger_list"


class Kind(BaseModel):
    """One kind of danger.

    `alone`: the emergency words are the whole answer. `phrases` are words that stand close together in any
    order, `patterns` regular expressions. `cues` are words that make it worth comparing the message with the
    `examples` by meaning.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str = Field(pattern=r"^[a-z_]{3,30}$")
    words: str
    alone: bool = False
    phrases: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


class DangerList(BaseModel):
    """Everything in `danger.yml`; what `ignore` matches is taken out of a message before it is looked at."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: tuple[Kind, ...]
    ignore: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()

    @cached_property
    def _ignored(self) -> re.Pattern[str]:
        return _any_of(self.ignore)

    @cached_property
    def _patterns(self) -> list[tuple[Kind, re.Pattern[str]]]:
        return [(kind, _any_of(kind.patterns)) for kind in self.kinds if kind.patterns]

    @cached_property
    def _examples(self) -> list[tuple[Kind | None, str]]:
        dangerous = [(kind, example) for kind in self.kinds for example in kind.examples]
        return [*dangerous, *((None, example) for example in self.harmless)]

    def find(self, text: str, encode: Encode | None = None) -> Kind | None:
        """The danger that a message speaks of; with `encode` also one that is paraphrased."""
        plain = self._ignored.sub(" ", text.lower().replace("’", "'"))
        for kind, pattern in self._patterns:
            if pattern.search(plain):
                return kind
        for kind in self.kinds:
            if find_danger(plain, kind.phrases):
                return kind
        return self._by_meaning(plain, encode) if encode is not None else None

    def _by_meaning(self, text: str, encode: Encode) -> Kind | None:
        stems = {_stem(word) for word in _words(text)}
        if not any(_stem(cue) in stems for kind in self.kinds for cue in kind.cues):
            return None  # nearly every message: nothing is encoded
        likeness = _vectors(self, encode) @ encode([text])[0]
        nearest: dict[str | None, tuple[float, Kind | None]] = {}
        for (kind, _), value in zip(self._examples, likeness, strict=True):
            key = kind.kind if kind else None
            if key not in nearest or value > nearest[key][0]:
                nearest[key] = (float(value), kind)
        harmless = nearest.pop(None, (0.0, None))[0]
        best, kind = max(nearest.values(), key=lambda each: each[0], default=(0.0, None))
        return kind if best >= NEAREST and best >= harmless + AHEAD else None


def find_danger(text: str, phrases: Iterable[str]) -> str | None:
    """The danger that a text speaks of: all words of a phrase close together, in any order."""
    words = [_stem(word) for word in _words(text)]
    for phrase in phrases:
        wanted = {_stem(word) for word in phrase.lower().split()}
        reach = len(wanted) + _NEAR
        for start, word in enumerate(words):
            if word in wanted and wanted <= set(words[start : start + reach]):
                return phrase
    return None


def load(path: Path) -> DangerList:
    """The list in a file, read again when it changed; a mistake raises `BrokenDangerList`."""
    try:
        return _load(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise BrokenDangerList(
            f"{path.name} is not there.", remedy="Restore it from the repository, or start from a copy of it."
        ) from error


@lru_cache(maxsize=4)
def _load(path: Path, modified_ns: int) -> DangerList:
    try:
        found = DangerList.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        for pattern in (*found.ignore, *(one for kind in found.kinds for one in kind.patterns)):
            re.compile(pattern)
    except (yaml.YAMLError, ValidationError, re.error) as error:
        raise BrokenDangerList(
            f"{path.name}: {error}", remedy="Compare the entry with the ones beside it."
        ) from error
    return found


_KNOWN: dict[int, Any] = {}
_ENCODING = threading.Lock()


def _vectors(dangers: DangerList, encode: Encode) -> Any:
    """The vectors of the examples, made when the first message needs them."""
    key = hash((dangers.kinds, dangers.harmless))
    with _ENCODING:
        if key not in _KNOWN:
            _KNOWN.clear()
            _KNOWN[key] = np.asarray(encode([text for _, text in dangers._examples]))
        return _KNOWN[key]


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)", re.IGNORECASE)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word.rstrip("e")
