"""From the documents in force to a tuned encoder in force, or to the words that the old one is better."""

from __future__ import annotations

import fcntl
import itertools
import json
import shutil
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic.encoder import Manifest, SentenceEncoder
from civic.encoder.export import DEFAULT_MODEL, export
from civic.encoder.manifest import FILE_NAME
from civic.kit.db import Sessions, read_session
from civic.kit.errors import Conflict
from civic.knowledge import commands, queries
from civic.knowledge.answers.models import OfficialAnswer
from civic.knowledge.index import Entry, Vectors
from civic.knowledge.passages import indexed_text
from civic.knowledge.tuning import pairs as making
from civic.knowledge.tuning.judging import Judgement, judge
from civic.knowledge.tuning.pairs import Pair, Pairs
from civic.knowledge.tuning.training import Plan, refuse_without_libraries, train

FEWEST = 20
_STEP = 64
# On so many questions two encoders are timed.
_TIMED = 20

Progress = Callable[[str, int, int], None]
"""Told what is done now, how much of it is done, and how much there is."""


class NothingToLearn(Conflict):
    """There are too few documents to make pairs of."""

    code = "nothing_to_tune_on"
    title = "There is too little to tune on"


class TuningRuns(Conflict):
    """Another tuning is under way."""

    code = "tuning_runs"
    title = "Another tuning is under way"


@dataclass(frozen=True)
class Outcome:
    """What a tuning came to; `kept` is `new` or `old`, `effort` how many times as long the new one takes."""

    kept: str
    before: Judgement
    after: Judgement
    fingerprint: str
    digest: str
    effort: float


def material(session: Session) -> tuple[list[Entry], Pairs]:
    """The passages in force and the pairs made of them."""
    documents = {one.id: one for one in queries.current_documents(session)}
    answers = session.execute(select(OfficialAnswer.document_id, OfficialAnswer.question))
    # Only the official's public wording: what a citizen wrote can be deleted, and a model forgets nothing.
    official = {document: question for document, question in answers if document and question}
    entries = [
        Entry(row.document_id, row.ordinal, row.title, row.heading, row.text, row.page)
        for row in queries.searchable(session)
    ]
    found = making.make(entries, {key: one.key for key, one in documents.items()}, official)
    if min(len(found.training), len(found.held_back)) < FEWEST:
        raise NothingToLearn(
            f"The documents give {len(found.training)} pairs to train on and {len(found.held_back)} to judge "
            f"by; {FEWEST} of each are needed.",
            remedy="Add more documents with `folkmoot knowledge add`.",
        )
    return entries, found


def tune(
    sessions: Sessions,
    general: SentenceEncoder,
    serving: SentenceEncoder,
    *,
    work: Path,
    place: Path,
    progress: Progress,
    plan: Plan | None = None,
    model: str | None = None,
) -> Outcome:
    """Trains, judges, and puts the tuned encoder into `place` if it finds more than the one that serves.

    With the folder or name of a `model`, that one is judged, and nothing is trained. May be ended at any
    moment and called again: it goes on where it was. Until all passages are encoded by the new one, the old
    one answers.
    """
    refuse_without_libraries()
    plan = plan or Plan()
    work.mkdir(parents=True, exist_ok=True)
    with _alone(work):
        with read_session(sessions) as session:
            entries, pairs = material(session)
        made = model or _trained(general, pairs, work, plan, progress)
        candidate = _candidate(made, work, progress)
        progress("judging", 0, 2)
        before = judge(serving, entries, pairs.held_back)
        progress("judging", 1, 2)
        after = judge(candidate, entries, pairs.held_back)
        progress("judging", 2, 2)
        better = after.is_better_than(before)
        if better:
            _put_into_force(sessions, candidate, entries, work / "encoder", place, progress)
        outcome = Outcome(
            "new" if better else "old",
            before,
            after,
            pairs.fingerprint,
            candidate.digest,
            round(_seconds(candidate, pairs.held_back) / _seconds(serving, pairs.held_back), 1),
        )
        (work / "result.json").write_text(json.dumps(asdict(outcome), indent=1) + "\n", encoding="utf-8")
        # What was trained is judged: nothing is left to go on with.
        for left in ("model", "encoder"):
            shutil.rmtree(work / left, ignore_errors=True)
        (work / "checkpoint.pt").unlink(missing_ok=True)
    return outcome


def undo(sessions: Sessions, place: Path) -> bool:
    """Takes a tuned encoder out of force; the passages must be encoded anew by the general one."""
    if not (place / FILE_NAME).exists():
        return False
    (place / FILE_NAME).unlink()
    shutil.rmtree(place, ignore_errors=True)
    return True


def _trained(general: SentenceEncoder, pairs: Pairs, work: Path, plan: Plan, progress: Progress) -> str:
    """The folder of the general model, fitted to the pairs."""
    name = general.manifest.model
    return str(
        train(
            None if name == DEFAULT_MODEL else name,
            pairs.training,
            work,
            pairs.fingerprint,
            plan,
            lambda done, total: progress("training", done, total),
        )
    )


def _candidate(model: str, work: Path, progress: Progress) -> SentenceEncoder:
    """A model as it would serve: in eight bits, through the runtime."""
    shutil.rmtree(work / "encoder", ignore_errors=True)
    told = itertools.count()
    # It says something at each of its four steps, and again when it tries the last two once more.
    export(work / "encoder", model, progress=lambda line: progress("exporting", min(next(told), 3), 4))
    progress("exporting", 4, 4)
    return SentenceEncoder.load(work / "encoder")


def _seconds(encoder: SentenceEncoder, pairs: Sequence[Pair]) -> float:
    """The time that an encoder takes for one question, in the middle of some."""
    times = []
    for pair in pairs[:_TIMED]:
        start = time.perf_counter()
        encoder.encode([pair.question])
        times.append(time.perf_counter() - start)
    return statistics.median(times)


class _Remembered:
    """An encoder that knows some texts already, so that the database is held for a moment only."""

    def __init__(self, encoder: SentenceEncoder, known: dict[str, Any]) -> None:
        self._encoder, self._known = encoder, known
        self.digest = encoder.digest

    def encode(self, sentences: Sequence[str]) -> Vectors:
        fresh = [text for text in sentences if text not in self._known]
        self._known.update(zip(fresh, self._encoder.encode(fresh), strict=True))
        vectors = self._encoder.encode([])
        vectors.resize((len(sentences), vectors.shape[1]), refcheck=False)
        for row, text in enumerate(sentences):
            vectors[row] = self._known[text]
        return vectors


def _put_into_force(
    sessions: Sessions,
    encoder: SentenceEncoder,
    entries: Sequence[Entry],
    made: Path,
    place: Path,
    progress: Progress,
) -> None:
    """Switches files and vectors; whoever looks in between encodes in memory, and answers rightly."""
    texts = [indexed_text(one.title, one.heading, one.text) for one in entries]
    known: dict[str, Any] = {}
    for start in range(0, len(texts), _STEP):
        progress("encoding", start, len(texts))
        some = texts[start : start + _STEP]
        known.update(zip(some, encoder.encode(some), strict=True))
    progress("encoding", len(texts), len(texts))
    remembered = _Remembered(encoder, known)
    with sessions.begin() as session:
        for document in queries.current_documents(session):
            commands.encode_again(session, document.id, remembered)
        session.flush()
        _install(made, place)


def _install(made: Path, place: Path) -> None:
    """Copies the export; its manifest, put there last and at once, is what switches."""
    place.mkdir(parents=True, exist_ok=True)
    manifest = Manifest.read(made)
    for name in (manifest.onnx_file, manifest.tokenizer_file):
        shutil.copyfile(made / name, place / name)
    manifest.write(place)
    for left in place.iterdir():
        if left.name not in (FILE_NAME, manifest.onnx_file, manifest.tokenizer_file):
            left.unlink()


@contextmanager
def _alone(work: Path) -> Iterator[None]:
    with (work / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TuningRuns(
                "Another `folkmoot knowledge tune` works in this home folder.", remedy="Wait for it."
            ) from None
        yield
