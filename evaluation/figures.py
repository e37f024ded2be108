"""Figures of how well messages were understood and strangers refused."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from evaluation.rasa_pipeline import OUT_OF_SCOPE, Parse, Run

THRESHOLDS = 400
Names = npt.NDArray[np.str_]
KEYS = (
    "in_scope_accuracy",
    "oos_recall",
    "oos_precision",
    "oos_auroc",
    "best_mcc",
    "mcc",
    "train_seconds",
    "parse_ms_p50",
)


def figures(labels: Sequence[str], run: Run) -> dict[str, float | None]:
    """Every figure of a run, `None` where the messages say nothing about it.

    `in_scope_accuracy` asks whether the right intent came first among those that belong here; what refusing
    costs and brings is in the others, `mcc` above all, which counts a refusal as one class of its own.
    """
    true = np.array(labels)
    guesses = np.array([parse.guess for parse in run.parses])
    scores = np.array([parse.score for parse in run.parses])
    refused = np.array([parse.refused for parse in run.parses])
    decided = np.where(refused, OUT_OF_SCOPE, [parse.intent for parse in run.parses])
    strange = true == OUT_OF_SCOPE
    mcc = matthews(true, decided)
    return {
        "in_scope_accuracy": share(guesses[~strange] == true[~strange]),
        "oos_recall": share(refused[strange]),
        "oos_precision": share(strange[refused]) if strange.any() else None,
        "oos_auroc": auroc(scores[~strange], scores[strange]),
        # What is shipped is one of the ways to refuse, so the best is never below it.
        "best_mcc": round(max(mcc, best_matthews(true, guesses, scores)), 4),
        "mcc": round(mcc, 4),
        "train_seconds": round(run.train_seconds, 1),
        "parse_ms_p50": round(float(np.median([parse.ms for parse in run.parses])), 2),
    }


def kept_and_right(labels: Sequence[str], parses: Sequence[Parse]) -> float | None:
    """Of the messages that belong here, the share that was neither refused nor mistaken."""
    return share(
        np.array(
            [p.intent == label for label, p in zip(labels, parses, strict=True) if label != OUT_OF_SCOPE]
        )
    )


def share(hits: npt.NDArray[np.bool_]) -> float | None:
    return round(float(np.mean(hits)), 4) if len(hits) else None


def auroc(friends: npt.NDArray[np.float64], strangers: npt.NDArray[np.float64]) -> float | None:
    """How often a friend scores above a stranger; a draw counts half."""
    if not len(friends) or not len(strangers):
        return None
    ordered = np.sort(strangers)
    below = np.searchsorted(ordered, friends, "left")
    not_above = np.searchsorted(ordered, friends, "right")
    return round(float(np.mean((below + not_above) / 2) / len(strangers)), 4)


def best_matthews(true: Names, guesses: Names, scores: npt.NDArray[np.float64]) -> float:
    """The best correlation that any threshold on the score gives, refusing nothing included."""
    tried = np.unique(np.quantile(scores, np.linspace(0, 1, THRESHOLDS)))
    return max(matthews(true, np.where(scores >= at, guesses, OUT_OF_SCOPE)) for at in tried)


def matthews(true: Names, taken: Names) -> float:
    """The Matthews correlation over all classes, from -1 to 1; 0 where it is not defined."""
    names, places = np.unique(np.concatenate([true, taken]), return_inverse=True)
    is_, said = places[: len(true)], places[len(true) :]
    right, size = float((is_ == said).sum()), float(len(true))
    are, were = (np.bincount(one, minlength=len(names)).astype(float) for one in (is_, said))
    scale = float(np.sqrt((size**2 - (were**2).sum()) * (size**2 - (are**2).sum())))
    return (right * size - float(are @ were)) / scale if scale > 1e-9 else 0.0
