"""The classifier of short texts: exact where it can be, spanned by a few where the set is large."""

from __future__ import annotations

import numpy as np
import pytest

from civic.service_requests import classifier
from civic.service_requests.classifier import Classifier

WHAT = {
    "road": ["hole", "crack", "tarmac"],
    "bin": ["rubbish", "collection", "waste"],
    "lamp": ["dark", "light"],
}
WHERE = ["mill lane", "quay street", "the school", "our house", "the bridge", "abbey road", "the market"]
ROWS = [
    (f"{thing} at {place} since {day}", code)
    for code, things in WHAT.items()
    for thing in things
    for place in WHERE
    for day in ("monday", "tuesday")
]
TEXTS, TYPES = [text for text, _ in ROWS], [code for _, code in ROWS]


def test_a_large_set_is_learned_from_a_few_that_stand_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = Classifier(TEXTS, TYPES, None)
    monkeypatch.setattr(classifier, "EXACT", 40)
    told: list[tuple[int, int]] = []
    spanned = Classifier(TEXTS, TYPES, None, progress=lambda done, total: told.append((done, total)))
    asked = ["a crack near the school", "no waste collection in quay street", "it is dark on the bridge"]
    assert told
    assert told[-1][0] == told[-1][1] < len(TEXTS)
    judged = (exact.scores(TEXTS).argmax(axis=1) == spanned.scores(TEXTS).argmax(axis=1)).mean()
    assert judged > 0.9
    assert [spanned.codes[one] for one in spanned.scores(asked).argmax(axis=1)] == ["road", "bin", "lamp"]


def test_an_example_left_out_is_judged_as_if_it_had_never_been_there() -> None:
    texts, types = TEXTS[::6], TYPES[::6]
    full = Classifier(texts, types, None)
    for row in (0, 5):
        # The features stay those of all texts, as in the closed form.
        kernel = full._kernel(full._words, None)
        rest = np.arange(len(texts)) != row
        targets = np.eye(len(full.codes))[[full.codes.index(one) for one in types]]
        inverse = np.linalg.inv(kernel[np.ix_(rest, rest)] + classifier.RIDGE * np.eye(rest.sum()))
        expected = kernel[row, rest] @ inverse @ targets[rest]
        assert np.allclose(full.left_out[row], expected, atol=1e-6)


def test_texts_without_types_are_refused() -> None:
    with pytest.raises(ValueError, match="each text needs one type"):
        Classifier(["hole"], [], None)
    with pytest.raises(ValueError, match="at least"):
        Classifier([], [], None)
