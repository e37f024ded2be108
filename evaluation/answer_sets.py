"""The sets on which answering is measured: public ones beside the checkout, and questions to our own town.

A third of ConditionalQA's pages, those whose address has a SHA-256 divisible by three, is held back: nothing
is fitted on it. Of OR-ShARC the questions on rule texts that its authors call unseen are held back, and the
town's questions all are.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track

from civic.encoder import SentenceEncoder
from civic.knowledge.importing import parse
from civic.knowledge.index import Entry, PassageIndex
from civic.knowledge.passages import indexed_text, split
from civic.knowledge.words import stems, words
from evaluation.without import Without, Words

Line = dict[str, Any]
FOREIGN = 300
# A heading with fewer telling words may stand on any page.
_TELLING = 2
TOWN = Path(__file__).with_name("marlow_vale_questions.jsonl")
POLICIES = Path(__file__).resolve().parent.parent / "content" / "policies"


@dataclass(frozen=True)
class Question:
    """A question, the page that answers it, and whether nothing was fitted on that page; "" for no page."""

    text: str
    context: str
    page: str
    held_back: bool


@dataclass(frozen=True)
class PolicySet:
    """Passages, each with its page as its document, and questions."""

    name: str
    entries: Sequence[Entry]
    questions: Sequence[Question]

    def index(self, encoder: SentenceEncoder) -> PassageIndex:
        """The passages as they are searched in the product."""
        starts = range(0, len(self.texts), 64)
        parts = [
            encoder.encode(self.texts[at : at + 64])
            for at in track(starts, f"{self.name}: passages", transient=True)
        ]
        return PassageIndex(self.entries, np.concatenate(parts), self.texts)

    def without(self, page: str, index: PassageIndex) -> PassageIndex:
        """What the index of all passages would be without those of a page."""
        return Without(index, self.words, page)

    @cached_property
    def words(self) -> Words:
        """The words of all passages, counted once."""
        return Words.of(self.texts)

    @cached_property
    def texts(self) -> list[str]:
        return [indexed_text(one.title, one.heading, one.text).strip() for one in self.entries]


def rule_texts(data: Path) -> tuple[list[Line], list[Line]]:
    """OR-ShARC: government rule texts, and the questions whose text was not in its training set."""
    texts, asked = _or_sharc(data)
    questions = [
        {
            "id": one["utterance_id"],
            "text": one["question"],
            "context": one["scenario"],
            "gold": [one["gold_snippet_id"]],
        }
        for one in asked
        if not one["snippet_seen"]
    ]
    return [{"id": key, "title": "", "text": text} for key, text in texts.items()], questions


def conditional(data: Path) -> tuple[list[Line], list[Line]]:
    """ConditionalQA: sentences of GOV.UK pages, and the questions that those of held-back pages answer."""
    rows, asked = _conditional(data)
    passages = [{"id": str(row["pid"]), "title": title(row["url"]), "text": row["text"]} for row in rows]
    questions = [
        {"id": one["id"], "text": one["question"], "context": one["scenario"], "gold": gold}
        for one, gold in asked
        if held_back(one["url"])
    ]
    return passages, questions


def held_back(address: str) -> bool:
    """Whether a page belongs to the third on which nothing is fitted."""
    return int(hashlib.sha256(address.encode()).hexdigest(), 16) % 3 == 0


def title(address: str) -> str:
    """What a page's address says of its subject."""
    return address.rsplit("/", 1)[-1].replace("-", " ")


def foreign(data: Path, split: str = "test") -> list[str]:
    """Questions from another world (CLINC150, out of scope), which must be refused."""
    full = json.loads((data / "intents" / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    return [text for text, _ in full[f"oos_{split}"]][:FOREIGN]


def or_sharc_set(data: Path) -> PolicySet:
    """OR-ShARC with each rule text as a page of its own."""
    texts, asked = _or_sharc(data)
    return PolicySet(
        "or_sharc_dev",
        [Entry(key, 1, "", (), text) for key, text in texts.items()],
        [
            Question(one["question"], one["scenario"], one["gold_snippet_id"], not one["snippet_seen"])
            for one in asked
        ],
    )


def or_sharc_pages_set(data: Path) -> PolicySet:
    """OR-ShARC with its rule texts put together to the pages that they were cut from.

    Many a text is one list item under the same heading as the next one: without it, its page is still there,
    and still answers. Texts are of one page where questions name the same address for them, or where they
    begin with the same telling heading. Where nothing says so, a text stays alone. What the authors call seen
    is left out on pages of which another text is not.
    """
    texts, asked = _or_sharc(data)
    address = {one["gold_snippet_id"]: one["source_url"] for one in asked}
    page = _together(texts, [*_same_address(address), *_same_heading(texts, address)])
    unseen = {page[one["gold_snippet_id"]] for one in asked if not one["snippet_seen"]}
    return PolicySet(
        "or_sharc_pages",
        # The passages of a page stand together, as they do in the product.
        [
            Entry(page[key], at, "", (), texts[key])
            for at, key in enumerate(sorted(texts, key=page.__getitem__))
        ],
        [
            Question(one["question"], one["scenario"], page[one["gold_snippet_id"]], not one["snippet_seen"])
            for one in asked
            if not (one["snippet_seen"] and page[one["gold_snippet_id"]] in unseen)
        ],
    )


def _same_address(address: dict[str, str]) -> Iterable[list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, url in address.items():
        found[url].append(key)
    return found.values()


def _same_heading(texts: dict[str, str], address: dict[str, str]) -> Iterable[list[str]]:
    """Texts under the same heading, unless it says little ("Overview") or stands on several pages."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, text in texts.items():
        first = text.strip().split("\n")[0]
        if first.startswith("#") and len(set(stems(first))) >= _TELLING:
            found[" ".join(words(first))].append(key)
    return [keys for keys in found.values() if len({address[key] for key in keys if key in address}) < 2]


def _together(keys: Iterable[str], groups: Iterable[Sequence[str]]) -> dict[str, str]:
    """The first key of those that each key stands together with, however long the chain."""
    page = {key: key for key in keys}
    for group in groups:
        merged = {page[key] for key in group}
        page = {key: min(merged) if one in merged else one for key, one in page.items()}
    return page


def conditional_set(data: Path) -> PolicySet:
    """ConditionalQA with its sentences as passages, those of a page together, as they are in the product."""
    rows, asked = _conditional(data)
    first = {row["url"]: at for at, row in reversed(list(enumerate(rows)))}
    rows.sort(key=lambda row: first[row["url"]])
    return PolicySet(
        "conditionalqa",
        [Entry(row["url"], row["pid"], title(row["url"]), (), row["text"]) for row in rows],
        [Question(one["question"], one["scenario"], one["url"], held_back(one["url"])) for one, _ in asked],
    )


def town_set() -> PolicySet:
    """Our demonstration town; its questions without a document are about what it might say and does not."""
    entries = []
    for path in sorted(POLICIES.glob("*.md")):
        (document,) = parse(path).documents
        entries += [
            Entry(document.key, at, document.title, passage.heading, passage.text)
            for at, passage in enumerate(split(document.blocks))
        ]
    return PolicySet(
        "town", entries, [Question(one["text"], "", one["document"] or "", True) for one in lines(TOWN)]
    )


def lines(path: Path) -> list[Line]:
    """The objects of a file with one a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _or_sharc(data: Path) -> tuple[dict[str, str], list[Line]]:
    folder = data / "policy" / "or_sharc_dev"
    texts: dict[str, str] = json.loads((folder / "id2snippet.json").read_text(encoding="utf-8"))
    return texts, lines(folder / "open_retrieval_sharc_dev.json")


def _conditional(data: Path) -> tuple[list[Line], list[tuple[Line, list[str]]]]:
    folder = data / "policy" / "conditionalqa"
    rows = [row for row in lines(folder / "evidence_passages.jsonl") if row["text"].strip()]
    place = {(row["url"], row["html"]): str(row["pid"]) for row in rows}
    asked = []
    for one in json.loads((folder / "train.json").read_text(encoding="utf-8")):
        gold = [place[key] for key in ((one["url"], html) for html in one["evidences"]) if key in place]
        if gold and not one["not_answerable"]:
            asked.append((one, gold))
    return rows, asked
