"""The element's words, out of the catalogue: the browser fills in what is in braces."""

from __future__ import annotations

from typing import Any

from civic.kit.services import Services

PREFIX = "webchat-"
_FILLED_IN_BY_THE_BROWSER = ("count", "page", "date", "megabytes")
_FOR_THE_SERVER = {"direction", "too-many", "not-understood", "unavailable", "photo-not-kept"}


def words(services: Services, language: str | None) -> dict[str, Any]:
    """Everything the element says, in the best language there is for who asks."""
    catalogue, settings = services.catalogue, services.settings
    best = catalogue.best(language)
    blanks = {name: f"{{{name}}}" for name in _FILLED_IN_BY_THE_BROWSER}
    names = {key.removeprefix(PREFIX) for key in catalogue.keys(catalogue.default) if key.startswith(PREFIX)}
    return {
        "language": best,
        "direction": services.text("webchat-direction", best),
        "strings": {
            name: services.text(PREFIX + name, best, **blanks) for name in sorted(names - _FOR_THE_SERVER)
        },
        "limits": {
            "characters": settings.max_message_characters,
            "megabytes": settings.max_attachment_megabytes,
        },
    }
