"""`folkmoot knowledge`: the documents that questions are answered from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Column, Table

from civic.encoder import SentenceEncoder
from civic.kit.db import read_session
from civic.kit.services import Services
from civic.knowledge import commands, jobs, queries
from civic.knowledge.importing import FORMATS, find_files
from civic.knowledge.index import Query
from civic.knowledge.live import LiveIndex
from civic.knowledge.rules import confidence
from cli.problems import Stop, sentences

app = typer.Typer(no_args_is_help=True, help="The documents that questions are answered from.")
console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

KNOWN = ", ".join(sorted(FORMATS))


@app.command("add")
def add(
    paths: Annotated[list[Path], typer.Argument(help=f"Files, or folders to look through for {KNOWN}.")],
    name: Annotated[
        str | None, typer.Option("--id", help="The document's id, for a single file that names none.")
    ] = None,
) -> None:
    """Add documents, or newer versions of them. What did not change is skipped; a bad file is named."""
    with sentences():
        services = _services()
        files = list(find_files(paths))
        if not files:
            raise Stop(f"There is nothing to add: no files of a known kind ({KNOWN}) were found.")
        if name and len(files) != 1:
            raise Stop("--id names one document: give it with exactly one file.")
        results = _import(services, files, name)
    for result in results:
        for problem in result.problems:
            errors.print(f"[red]problem[/]  {_shown(result.path)}: {_plain(problem)}")
    _summary(results)
    if any(result.failed for result in results):
        raise typer.Exit(1)


def _import(services: Services, files: list[Path], name: str | None) -> list[jobs.FileResult]:
    encoder = services.get(SentenceEncoder)
    results = []
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
        transient=True,
    ) as progress:
        bar = progress.add_task("Importing", total=len(files))

        def report(path: Path, done: int, total: int) -> None:
            progress.update(bar, description=f"{_shown(path)}: passage {done} of {total}")

        for result in jobs.import_files(
            services.sessions, encoder, files, services.clock, name=name, progress=report
        ):
            results.append(result)
            progress.advance(bar)
    return results


def _summary(results: list[jobs.FileResult]) -> None:
    def count(of: Callable[[jobs.FileResult], int]) -> int:
        return sum(of(result) for result in results)

    console.print(
        f"{count(lambda r: r.added)} added, {count(lambda r: r.replaced)} replaced, "
        f"{count(lambda r: r.unchanged)} unchanged, {count(lambda r: int(r.failed))} files failed; "
        f"{count(lambda r: r.passages)} new passages."
    )


@app.command("search")
def search(
    question: Annotated[str, typer.Argument(help="What somebody might ask.")],
    top: Annotated[int, typer.Option(min=1, max=100, help="How many passages.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list instead of a table.")] = False,
) -> None:
    """Show the passages that fit a question best, with their scores, as answers are chosen from them."""
    with sentences():
        services = _services()
        with read_session(services.sessions) as session:
            found = _search(services, session, question, top)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    table = Table("rank", "confidence", "document", "section", "passage")
    for each in found:
        place = " › ".join([*each["section"], *([f"page {each['page']}"] if each["page"] else [])])
        table.add_row(
            str(each["rank"]), f"{each['confidence']:.2f}", each["title"], place, each["text"][:300]
        )
    console.print(table if found else "There are no documents yet: add some with `folkmoot knowledge add`.")


def _search(services: Services, session: Any, question: str, top: int) -> list[dict[str, Any]]:
    live = services.get(LiveIndex)
    index = live.current(session)
    hits = index.search(Query.of(live.encoder, question), top)
    documents = {hit.entry.document_id: queries.document(session, hit.entry.document_id) for hit in hits}
    return [
        {
            "rank": rank,
            "score": round(hit.score, 4),
            "confidence": round(confidence(hit.cosine, hit.bm25, len(index)), 4),
            "cosine": round(hit.cosine, 4),
            "bm25": round(hit.bm25, 4),
            "document": found.key if (found := documents[hit.entry.document_id]) else None,
            "document_id": hit.entry.document_id,
            "passage": hit.entry.ordinal,
            "title": hit.entry.title,
            "section": list(hit.entry.heading),
            "page": hit.entry.page,
            "url": f"{services.settings.site}/documents/{hit.entry.document_id}#p-{hit.entry.ordinal}",
            "text": hit.entry.text,
        }
        for rank, hit in enumerate(hits, start=1)
    ]


@app.command("list")
def list_all(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list instead of a table.")] = False,
) -> None:
    """Show the documents in force."""
    with sentences():
        services = _services()
        with read_session(services.sessions) as session:
            documents = queries.current_documents(session)
    rows: list[dict[str, Any]] = [
        {
            "id": one.key,
            "title": one.title,
            "section": one.section,
            "date": one.date.isoformat() if one.date else None,
            "version": one.version,
            "passages": one.passage_count,
            "format": one.format,
            "imported_at": one.imported_at.isoformat(),
        }
        for one in documents
    ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    columns = ("id", "title", "section", "date", "version", "passages")
    table = Table(*(Column(column, overflow="fold") for column in columns))
    for row in rows:
        table.add_row(*(str(row[column] or "") for column in columns))
    console.print(table if rows else "There are no documents yet: add some with `folkmoot knowledge add`.")


@app.command("remove")
def remove(name: Annotated[str, typer.Argument(metavar="ID", help="The id that `list` shows.")]) -> None:
    """Withdraw a document: nothing is answered from it any more; what was quoted can still be read."""
    with sentences():
        services = _services()
        with services.sessions.begin() as session:
            document = commands.remove(session, name, services.clock.now())
        console.print(f"{document.key} was withdrawn.")


@app.command("reindex")
def reindex() -> None:
    """Encode all documents anew after the sentence encoder was changed."""
    with sentences():
        services = _services()
        with Progress(console=errors, transient=True) as progress:
            bar = progress.add_task("Encoding", total=None)
            count = jobs.reindex(
                services.sessions,
                services.get(SentenceEncoder),
                lambda done, total: progress.update(bar, completed=done, total=total),
            )
        console.print(f"{count} documents were encoded anew.")


def _services() -> Services:
    from cli.first_start import migrate
    from cli.wiring import build_services

    services = build_services()
    migrate(services)
    return services


def _shown(path: Path) -> str:
    return _plain(path.name)


def _plain(text: str) -> str:
    return text.replace("[", "\\[")
