"""`folkmoot places`: the streets, squares and buildings that the assistant knows by name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from civic.kit.settings import Settings
from civic.service_requests import areas, places
from cli.problems import sentences

app = typer.Typer(no_args_is_help=True)


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="A CSV file: name, lat, long.", dir_okay=False)],
) -> None:
    """Add the places of a CSV file to content/places.csv; a known name gets its new point."""
    with sentences():
        try:
            text = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise places.BrokenPlaces(
                f"{file} cannot be read as UTF-8 text.", remedy="Save it as CSV in UTF-8."
            ) from error
        content = Settings().content
        done = places.import_places(text, file.name, content / places.FILE)
        border = areas.load(content / areas.FILE)
        known = places.parse((content / places.FILE).read_text(encoding="utf-8"))
    outside = sum(border.outside(place.lat, place.long) for place in known)
    typer.echo(f"{done.new} new, {done.moved} moved; {done.total} places in {content / places.FILE}.")
    if outside:
        typer.echo(f"{outside} of them lie outside the municipality: reports from there are declined.")
