"""How well the type of a complaint is suggested. The figures in the documentation come from here."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from civic.encoder import SentenceEncoder
from civic.service_requests.parts import remembered_vectors
from civic.service_requests.services import ServiceList
from civic.service_requests.suggester import Suggester, texts_of
from tests.fixtures import BUILT

HELD_OUT = list(csv.DictReader((Path(__file__).parent / "held_out.csv").open(encoding="utf-8")))
CATCH_ALL = "other"


def left_out(suggester: Suggester) -> list[tuple[str, list[str], float]]:
    """For each example as if it were not in the list: the truth, the types by confidence, the highest one."""
    rows = []
    for truth, row in zip(suggester.left_out_codes, suggester.left_out_probabilities(), strict=True):
        if truth != CATCH_ALL:  # it stands for everything that is not in the list, which has no examples
            ranked = [suggester.codes[index] for index in (-row).argsort()]
            rows.append((truth, ranked, float(row.max())))
    return rows


def test_examples_left_out_are_recognised(suggester: Suggester) -> None:
    rows = left_out(suggester)
    first = sum(truth == ranked[0] for truth, ranked, _ in rows) / len(rows)
    three = sum(truth in ranked[:3] for truth, ranked, _ in rows) / len(rows)
    print(f"\nleave one out: {len(rows)} examples, first {first:.3f}, among three {three:.3f}")
    assert first >= 0.80
    assert three >= 0.93


def test_sentences_never_seen_are_recognised(suggester: Suggester) -> None:
    assert len(HELD_OUT) == 60
    found = [(row["service_code"], suggester.suggest(row["text"])) for row in HELD_OUT]
    first = sum(truth == suggestion.first for truth, suggestion in found) / len(found)
    three = sum(truth in suggestion.best(3) for truth, suggestion in found) / len(found)
    sure = [(truth, suggestion) for truth, suggestion in found if suggestion.sure]
    right = sum(truth == suggestion.first for truth, suggestion in sure) / len(sure)
    print(f"\nheld out: first {first:.3f}, three {three:.3f}, sure of {len(sure)}, right {right:.3f}")
    assert first >= 0.80
    assert three >= 0.92
    assert right >= 0.90
    assert len(sure) >= 36


def test_who_is_sure_is_right_nine_times_of_ten(suggester: Suggester) -> None:
    from civic.service_requests.suggester import SURE

    sure = [(truth, ranked[0]) for truth, ranked, confidence in left_out(suggester) if confidence >= SURE]
    right = sum(truth == first for truth, first in sure) / len(sure)
    print(f"\nleave one out: sure of {len(sure)}, of these right {right:.3f}")
    assert right >= 0.90


@pytest.mark.parametrize(
    "text", ["it is broken", "there is a problem outside", "please do something", "asdf", "😀"]
)
def test_a_vague_text_leads_to_a_question_and_not_to_a_guess(text: str, suggester: Suggester) -> None:
    suggestion = suggester.suggest(text)
    assert not suggestion.sure
    assert len(set(suggestion.best(3))) == 3


def test_confidences_are_probabilities(suggester: Suggester) -> None:
    ranked = suggester.suggest("hole in the road").ranked
    assert sum(confidence for _, confidence in ranked) == pytest.approx(1)
    assert [c for _, c in ranked] == sorted((c for _, c in ranked), reverse=True)


def test_without_the_encoder_wording_alone_still_helps(service_list: ServiceList) -> None:
    plain = Suggester(service_list, None)
    assert plain.suggest("pothole in the road").first == "pothole"
    three = sum(row["service_code"] in plain.suggest(row["text"]).best(3) for row in HELD_OUT) / len(HELD_OUT)
    assert three >= 0.75


def test_a_second_start_does_not_encode_the_list_again(
    service_list: ServiceList, suggester: Suggester, tmp_path: Path
) -> None:
    encoder = SentenceEncoder.load(BUILT / "encoder")
    texts = texts_of(service_list)[:20]
    made = remembered_vectors(encoder, texts, tmp_path)
    (kept,) = tmp_path.iterdir()
    assert np.array_equal(remembered_vectors(encoder, texts, tmp_path), made)
    kept.write_bytes(b"damaged")
    assert np.array_equal(remembered_vectors(encoder, texts, tmp_path), made)
    remembered_vectors(encoder, texts[:10], tmp_path)
    assert kept not in list(tmp_path.iterdir()), "the vectors of an older list are not kept for ever"
