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

from civic.kit.db import read_session
from civic.kit.services import Services
from civic.knowledge import commands, duplicates, jobs, parts, queries
from civic.knowledge.encoding import Encoding
from civic.knowledge.gate import Gate
from civic.knowledge.gate.features import WIDE
from civic.knowledge.importing import FORMATS, find_files
from civic.knowledge.index import Query
from civic.knowledge.live import LiveIndex
from civic.knowledge.sites.fetching import Fetcher
from civic.knowledge.sites.jobs import import_site
from civic.knowledge.validity import ending
from cli.knowledge_tune import tune
from cli.problems import Stop, sentences

app = typer.Typer(no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

app.command("tune")(tune)

KNOWN = ", ".join(sorted(FORMATS))


@app.command("add")
def add(
    paths: Annotated[list[Path], typer.Argument(help=f"Files, or folders to look through for {KNOWN}.")],
    name: Annotated[
        str | None, typer.Option("--id", help="The document's id, for a single file that names none.")
    ] = None,
    together: Annotated[
        bool, typer.Option("--all-or-nothing", help="Change nothing at all when one file has a problem.")
    ] = False,
) -> None:
    """Add documents, or newer versions of them. What did not change is skipped; a bad file is named.

    Each file is taken whole or not at all. A bad file costs no other, unless --all-or-nothing is given.
    """
    with sentences():
        services = _services()
        files = list(find_files(paths))
        if not files:
            raise Stop(f"There is nothing to add: no files of a known kind ({KNOWN}) were found.")
        if name and (len(files) != 1 or together):
            raise Stop("--id names one document: give it with exactly one file.")
        results = _import(services, files, name, together)
    for result in results:
        for problem in result.problems:
            errors.print(f"[red]problem[/]  {_shown(result.path)}: {_plain(problem)}")
    if together and any(result.problems for result in results):
        errors.print("Nothing was changed.")
        raise typer.Exit(1)
    _summary(results)
    _say_duplicates(services, [document for result in results for document in result.documents])
    if any(result.failed for result in results):
        raise typer.Exit(1)


def _progress() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
        transient=True,
    )


def _import(services: Services, files: list[Path], name: str | None, together: bool) -> list[jobs.FileResult]:
    encoder = services.get(Encoding).current()
    results = []
    with _progress() as progress:
        bar = progress.add_task("Importing", total=len(files))

        def report(path: Path, done: int, total: int) -> None:
            progress.update(bar, description=f"{_shown(path)}: passage {done} of {total}")

        if together:
            return jobs.import_together(services.sessions, encoder, files, services.clock, progress=report)
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
    query = Query.of(live.encoder, question)
    hits = index.search(query, max(top, WIDE))  # the gate looks at the best together, however few are shown
    sure = [Gate.shipped().probability(query, hits[at:], index) for at in range(min(top, len(hits)))]
    hits = hits[:top]
    documents = {hit.entry.document_id: queries.document(session, hit.entry.document_id) for hit in hits}
    return [
        {
            "rank": rank,
            "score": round(hit.score, 4),
            "confidence": round(sure[rank - 1], 4),
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
    state: Annotated[
        str, typer.Option(help="current, replaced, removed, expired, or all for every version.")
    ] = "current",
) -> None:
    """Show the documents in force, or those of another state."""
    if state not in ("current", "replaced", "removed", "expired", "all"):
        raise typer.BadParameter("use current, replaced, removed, expired or all", param_hint="--state")
    with sentences():
        services = _services()
        wanted = queries.DocumentFilter(state=None if state == "all" else state)
        with read_session(services.sessions) as session:
            documents, _ = queries.documents(session, wanted, limit=1_000_000)
        today = parts.today(services)
    rows: list[dict[str, Any]] = [
        {
            "id": one.key,
            "title": one.title,
            "section": one.section,
            "date": one.date.isoformat() if one.date else None,
            "valid_until": one.valid_until.isoformat() if one.valid_until else None,
            "ending": ending(one.valid_until, today),
            "state": one.state,
            "reason": one.reason,
            "version": one.version,
            "version_id": one.id,
            "passages": one.passage_count,
            "format": one.format,
            "imported_at": one.imported_at.isoformat(),
        }
        for one in documents
    ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    columns: tuple[str, ...] = ("id", "title", "section", "date", "version", "passages")
    if any(row["valid_until"] for row in rows):
        columns += ("valid_until", "ending")
    if state != "current":
        columns += ("state", "version_id")
    table = Table(*(Column(column, overflow="fold") for column in columns))
    for row in rows:
        table.add_row(*(str(row[column] or "") for column in columns))
    console.print(table if rows else "There are no documents yet: add some with `folkmoot knowledge add`.")


@app.command("remove")
def remove(
    name: Annotated[str, typer.Argument(metavar="ID", help="The id that `list` shows.")],
    reason: Annotated[str | None, typer.Option(help="Why; officials see it.")] = None,
) -> None:
    """Withdraw a document: nothing is answered from it any more; what was quoted can still be read."""
    with sentences():
        services = _services()
        with services.sessions.begin() as session:
            document = commands.remove(session, name, services.clock.now(), reason=reason)
        console.print(f"{document.key} was withdrawn.")


@app.command("restore")
def restore(
    version: Annotated[str, typer.Argument(help="The version_id that `list --state all` shows.")],
) -> None:
    """Put an earlier, withdrawn or expired version into force again, as the next version."""
    with sentences():
        services = _services()
        encoder = services.get(Encoding).current
        zone = services.settings.time_zone
        document = jobs.restore(services.sessions, encoder, "system", version, services.clock, zone)
        console.print(f"{document.key} is in force again, as version {document.version}.")


@app.command("duplicates")
def list_duplicates(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list instead of text.")] = False,
) -> None:
    """Show passages that say nearly the same in nearly the same words: one of them will be outdated first."""
    with sentences():
        services = _services()
        with read_session(services.sessions) as session, _progress() as progress:
            bar = progress.add_task("Comparing", total=None)
            found = duplicates.pairs(
                queries.searchable(session),
                progress=lambda done, total: progress.update(bar, completed=done, total=total),
            )
    if as_json:
        print(json.dumps([_pair(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        console.print(_plain(_sentence(one)))
    console.print(f"{len(found)} pairs of near-identical passages.")


def _say_duplicates(services: Services, documents: list[str]) -> None:
    """What the documents that came just now say nearly as others do."""
    if not documents:
        return
    with read_session(services.sessions) as session:
        found = duplicates.pairs(queries.searchable(session), set(documents))
    for one in found[:_SHOWN]:
        errors.print(f"[yellow]nearly the same[/]  {_plain(_sentence(one))}")
    if len(found) > _SHOWN:
        errors.print(f"... and {len(found) - _SHOWN} more: `folkmoot knowledge duplicates` shows all.")


_SHOWN = 5


def _sentence(pair: duplicates.Pair) -> str:
    return (
        f"“{pair.one.title}” passage {pair.one.ordinal} and "
        f"“{pair.other.title}” passage {pair.other.ordinal}: "
        f"{pair.overlap:.0%} of the words, “{pair.one.text[:100]}…”"
    )


def _pair(pair: duplicates.Pair) -> dict[str, Any]:
    return {
        "cosine": round(pair.cosine, 4),
        "overlap": round(pair.overlap, 4),
        "passages": [
            {"document_id": one.document_id, "title": one.title, "passage": one.ordinal, "text": one.text}
            for one in (pair.one, pair.other)
        ],
    }


@app.command("import-site")
def read_site(
    url: Annotated[str, typer.Argument(help="A sitemap, or the first page of a site that has one.")],
    most: Annotated[int, typer.Option("--max-pages", min=1, help="Read at most so many pages.")] = 5000,
    pause: Annotated[float, typer.Option(min=0, max=60, help="Seconds between two pages.")] = 0.2,
    many_gone: Annotated[
        bool, typer.Option("--many-gone", help="Withdraw pages that are gone, even if most are.")
    ] = False,
) -> None:
    """Read a web site, and the next time only what changed; pages that are gone are withdrawn.

    Broken off, the same command goes on where it was. robots.txt is respected; no other site is asked.
    """
    with sentences():
        services = _services()
        settings = services.settings
        largest = settings.max_document_megabytes * 1_000_000
        fetcher = Fetcher(url, largest=largest, private=settings.site_private_addresses, pause=pause)
        with _progress() as progress:
            bar = progress.add_task("Reading", total=None)
            result = import_site(
                services.sessions,
                services.get(Encoding).current(),
                fetcher,
                url,
                services.clock,
                most=most,
                largest=largest,
                many_gone=many_gone,
                progress=lambda page, done, total: progress.update(
                    bar, description=_plain(page[-60:]), completed=done, total=total
                ),
            )
        fetcher.close()
    for sentence in result.left_out:
        errors.print(f"[yellow]left out[/]  {_plain(sentence)}")
    for sentence in result.problems:
        errors.print(f"[red]problem[/]  {_plain(sentence)}")
    done_before = f", {result.resumed} read before" if result.resumed else ""
    console.print(
        f"{result.added} added, {result.replaced} replaced, {result.unchanged} unchanged, "
        f"{result.withdrawn} withdrawn{done_before}; {len(result.problems)} pages with a problem."
    )
    _say_duplicates(services, result.documents)
    if result.problems:
        raise typer.Exit(1)


@app.command("reindex")
def reindex() -> None:
    """Encode all documents anew after the sentence encoder was changed."""
    with sentences():
        services = _services()
        with Progress(console=errors, transient=True) as progress:
            bar = progress.add_task("Encoding", total=None)
            count = jobs.reindex(
                services.sessions,
                services.get(Encoding).current(),
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
