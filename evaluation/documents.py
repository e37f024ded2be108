"""Real PDFs end to end: imported as an editor would, asked as a citizen would, judged by what is shown.

    python -m evaluation.documents DIR [--json OUT] [--only NAME] [--worst 10]

DIR holds a folder for each document: `<name>/used_documents/*.pdf` and
`<name>/CSV_files/token_presence_*.csv` with the columns `question, answer, tokens_present`. All
documents are in force together in a temporary database. A quote is compared with tokens from a
written answer, which often rephrases or adds: a share of 1 is not to be had.

The data does not say on which page an answer stands. Where one to three pages hold every token of a
question, it is known all the same, and the cited page is compared with these.
"""

from __future__ import annotations

import argparse
import ast
import csv
import json
import re
import tempfile
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from typing import Any

import pypdfium2
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from civic.encoder import SentenceEncoder
from civic.kit.db import read_session
from civic.kit.services import Services
from civic.kit.settings import Settings
from civic.knowledge import jobs, queries
from civic.knowledge.answering import Answer, answer
from civic.knowledge.index import Query
from civic.knowledge.live import LiveIndex
from cli.first_start import migrate
from cli.wiring import provide_parts
from evaluation.paper import paper

SEARCHED = 5
FEW_PAGES = 3


@dataclass(frozen=True)
class Asked:
    """A question about a document, and the tokens that its answer must hold."""

    document: str
    text: str
    tokens: tuple[str, ...]


@dataclass
class Judged:
    """What was shown for a question, as shares of the required tokens."""

    asked: Asked
    status: str
    shown: str = ""
    quote: float = 0.0
    passage: float = 0.0
    searched: float = 0.0
    page: bool | None = None
    right_document: bool | None = None


@dataclass
class Read:
    """A document that was imported: what it cost, and the plain text of each page."""

    name: str
    seconds: float
    passages: int
    pages: list[str] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    """Imports, asks, prints the table; 1 with one sentence when there is nothing to import."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--only", default="", help="documents whose folder's name contains this")
    parser.add_argument("--worst", type=int, default=0, help="print so many questions that got least")
    options = parser.parse_args(arguments)
    folders = [path for path in sorted(options.folder.glob("*")) if options.only in path.name and _pdfs(path)]
    console = paper()
    if not folders:
        console.print(f"There is no <name>/used_documents/*.pdf in {options.folder}.")
        return 1
    with tempfile.TemporaryDirectory(prefix="folkmoot-documents-") as home:
        services = _services(Path(home))
        with _progress(console) as shown:
            read = [_import(services, path, shown) for folder in folders for path in _pdfs(folder)]
            asked = [one for folder in folders for one in questions(folder)]
            judged = list(_ask(services, asked, read, shown))
        services.engine.dispose()
    figures = summary(judged, read)
    show(figures, console)
    for one in sorted(judged, key=lambda one: one.quote)[: options.worst]:
        console.print(f"[{one.status}] {one.quote:.2f} of {one.searched:.2f}: {one.asked.text}", markup=False)
        console.print(f"    wanted {', '.join(one.asked.tokens)}\n    shown  {one.shown!r}", markup=False)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def questions(folder: Path) -> list[Asked]:
    """The questions of a folder, in their order."""
    found = []
    for path in sorted(folder.glob("CSV_files/token_presence_*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                tokens = tuple(str(token) for token in ast.literal_eval(row["tokens_present"]))
                if tokens:
                    found.append(Asked(folder.name, row["question"], tokens))
    return found


def share(tokens: Sequence[str], text: str) -> float:
    """How many of the tokens stand in a text, case, quotation marks and line breaks aside."""
    plain = _plain(text)
    return mean(_plain(token) in plain for token in tokens)


def summary(judged: Sequence[Judged], read: Sequence[Read]) -> dict[str, Any]:
    """The figures of all documents, and of each."""
    pages = sum(len(one.pages) for one in read)
    return {
        **_figures(judged),
        "seconds_per_page": round(sum(one.seconds for one in read) / max(1, pages), 4),
        "pages": pages,
        "documents": {
            name: _figures([one for one in judged if one.asked.document == name])
            for name in dict.fromkeys(one.asked.document for one in judged)
        },
    }


def _figures(judged: Sequence[Judged]) -> dict[str, Any]:
    shown = [one for one in judged if one.shown]
    known = [one.page for one in judged if one.page is not None]
    return {
        "token_presence": _mean(one.quote for one in judged),
        "all_tokens": _mean(one.quote == 1 for one in judged),
        "answered": len(shown),
        "questions": len(judged),
        "token_presence_of_answered": _mean(one.quote for one in shown),
        "token_presence_of_passage": _mean(one.passage for one in judged),
        "token_presence_of_best_searched": _mean(one.searched for one in judged),
        "right_document": _mean(one.right_document is True for one in shown),
        "page_known": len(known),
        "page_right": sum(known),
    }


def _mean(values: Any) -> float:
    found = [float(value) for value in values]
    return round(mean(found), 4) if found else 0.0


def _services(home: Path) -> Services:
    trained = Settings()
    settings = Settings(home=home, content=trained.content, database_url=f"sqlite:///{home / 'documents.db'}")
    services = Services(settings)
    provide_parts(services)
    services.provide(SentenceEncoder, lambda _: SentenceEncoder.load(trained.encoder_dir))
    migrate(services)
    return services


def _import(services: Services, path: Path, shown: Progress) -> Read:
    bar = shown.add_task(path.stem[:40], total=None)
    encoder = services.get(SentenceEncoder)
    started = time.perf_counter()

    def report(_: Path, done: int, total: int) -> None:
        shown.update(bar, completed=done, total=total)

    (result,) = jobs.import_files(services.sessions, encoder, [path], services.clock, progress=report)
    seconds = time.perf_counter() - started
    if result.failed:
        raise SystemExit(f"{path.name}: {' '.join(result.problems)}")
    with pypdfium2.PdfDocument(path) as pdf:
        pages = [pdf[number].get_textpage().get_text_range() for number in range(len(pdf))]
    return Read(path.parents[1].name, seconds, result.passages, [_plain(page) for page in pages])


def _ask(
    services: Services, asked: Sequence[Asked], read: Sequence[Read], shown: Progress
) -> Iterator[Judged]:
    live = services.get(LiveIndex)
    pages: dict[str, list[str]] = {}
    for one in read:
        pages.setdefault(one.name, []).extend(one.pages)
    with read_session(services.sessions) as session:
        sources = {one.id: Path(one.source).parents[1].name for one in queries.current_documents(session)}
        for one in shown.track(asked, description="Questions"):
            found = answer(session, live, one.text)
            hits = live.current(session).search(Query.of(live.encoder, one.text), SEARCHED)
            yield judge(one, found, [hit.entry.text for hit in hits], sources, pages[one.document])


def judge(
    asked: Asked, found: Answer, searched: Sequence[str], sources: dict[str, str], pages: Sequence[str]
) -> Judged:
    """Compares what is shown with the tokens, and the cited page with those that hold them."""
    judged = Judged(asked, found.status)
    judged.searched = max((share(asked.tokens, text) for text in searched), default=0.0)
    if not found.shown or not found.cited:
        return judged
    texts = [one.hit.entry.text for one in found.cited]
    heads = [text[slice(*one.head)] for one, text in zip(found.cited, texts, strict=True) if one.head]
    judged.shown = "\n".join([*heads, found.quoted or ""])
    judged.quote = share(asked.tokens, judged.shown)
    judged.passage = share(asked.tokens, "\n".join(texts))
    cited = found.cited[0].hit.entry
    judged.right_document = sources.get(cited.document_id) == asked.document
    right = _right_pages(asked, pages)
    if right:
        judged.page = judged.right_document and cited.page in right
    return judged


def show(figures: dict[str, Any], console: Console) -> None:
    """Prints the table."""
    table = Table(title="Required tokens in what is shown, from 0 to 1")
    for column in (
        "document",
        "questions",
        "answered",
        "tokens",
        "all",
        "passage",
        "best of 5",
        "page right",
    ):
        table.add_column(column, justify="left" if column == "document" else "right")
    rows = [*figures["documents"].items(), ("all", figures)]
    for name, one in rows:
        table.add_row(
            name.replace("_", " ")[:38],
            str(one["questions"]),
            str(one["answered"]),
            f"{one['token_presence']:.3f}",
            f"{one['all_tokens']:.3f}",
            f"{one['token_presence_of_passage']:.3f}",
            f"{one['token_presence_of_best_searched']:.3f}",
            f"{one['page_right']} of {one['page_known']}",
        )
    console.print(table)
    console.print(
        f"tokens: in the quoted sentences; passage: in the passage they stand in; best of 5: in the best of "
        f"the five passages found first. {figures['pages']} pages were imported, "
        f"{figures['seconds_per_page']:.3f} seconds a page, encoding included."
    )


def _pdfs(folder: Path) -> list[Path]:
    return sorted(folder.glob("used_documents/*.pdf"))


def _right_pages(asked: Asked, pages: Sequence[str]) -> set[int]:
    """The pages that hold all tokens, where these are few; numbers from 1."""
    found = {
        number
        for number, page in enumerate(pages, start=1)
        if all(_plain(token) in page for token in asked.tokens)
    }
    return found if len(found) <= FEW_PAGES else set()


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"[‘’‚‛′]", "'", re.sub(r"[“”„″]", '"', text))
    text = re.sub(r"[\u0002\u00ad\ufffe]", "", re.sub(r"[‐‑‒–—]", "-", text))
    return " ".join(text.split())


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<42}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )


if __name__ == "__main__":
    raise SystemExit(main())
