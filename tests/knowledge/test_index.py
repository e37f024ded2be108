"""The index ranks by meaning and wording together, and survives whatever is asked."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from civic.encoder import SentenceEncoder
from civic.knowledge.index import Entry, PassageIndex, Query
from tests.fixtures import BUILT, ROOT

TEXTS = {
    "bins": "Waste collection\nPut your bins out by 6.30am on collection day.",
    "noise": "Noise\nBuilding sites may be heard from 8am to 6pm on weekdays.",
    "dogs": "Dogs\nKeep your dog on a lead in cemeteries.",
    "form": "Forms\nUse form QX-77 to tell us about changes.",
}


@pytest.fixture(scope="module")
def index() -> PassageIndex:
    return build(TEXTS)


def build(texts: dict[str, str]) -> PassageIndex:
    encoder = SentenceEncoder.load(BUILT / "encoder")
    entries = [Entry(name, 1, name, (), text) for name, text in texts.items()]
    return PassageIndex(entries, encoder.encode(list(texts.values())), list(texts.values()))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("when is my rubbish picked up", "bins"),  # no word in common: found by meaning
        ("what is qx 77", "form"),  # no meaning: found by wording
        ("may my puppy run free at the graveyard", "dogs"),
        ("builders drilling at 7 in the morning", "noise"),
    ],
)
def test_the_passage_that_answers_comes_first(
    index: PassageIndex, encoder: SentenceEncoder, question: str, expected: str
) -> None:
    hits = index.search(Query.of(encoder, question))
    assert hits[0].entry.document_id == expected
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_context_helps_a_question_that_leans_on_it(index: PassageIndex, encoder: SentenceEncoder) -> None:
    query = Query.of(encoder, "and on saturday?", context="what hours may a building site make noise")
    assert index.search(query, 1)[0].entry.document_id == "noise"


@pytest.mark.parametrize(
    "question", ["", "🙂🙂🙂", "a" * 5000, "<script>", "' OR 1=1 --", "\x00", "of the and"]
)
def test_no_question_breaks_the_search(index: PassageIndex, encoder: SentenceEncoder, question: str) -> None:
    hits = index.search(Query.of(encoder, question), top=3)
    assert len(hits) == 3
    assert all(np.isfinite([hit.score, hit.cosine, hit.bm25]).all() for hit in hits)


def test_an_empty_index_finds_nothing_and_a_single_passage_is_found(encoder: SentenceEncoder) -> None:
    assert build({}).search(Query.of(encoder, "bins")) == []
    (hit,) = build({"bins": TEXTS["bins"]}).search(Query.of(encoder, "bins"))
    assert hit.entry.document_id == "bins"


def test_a_single_passage_without_any_telling_word_is_no_problem(encoder: SentenceEncoder) -> None:
    assert len(build({"odd": "and the of"}).search(Query.of(encoder, "and the"))) == 1


def test_what_answers_citizens_imports_no_heavy_library() -> None:
    code = (
        "import sys; import actions.knowledge, api.public.knowledge, api.officials.knowledge\n"
        "from civic.knowledge.index import PassageIndex, Entry; import numpy as np\n"
        "PassageIndex([Entry('a', 1, 'a', (), 'b')], np.ones((1, 2), 'f'), ['some words'])\n"
        "heavy = {'torch', 'sklearn', 'scipy', 'transformers', 'numba', 'trafilatura', 'docx', 'pypdfium2'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert result.stdout.strip() == "[]"
