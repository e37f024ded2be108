"""The words: one Fluent catalogue, a folder a language, a file a feature."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import FluentParser
from fluent.syntax.ast import Junk, TextElement

from civic.kit.errors import Invalid

# Where a language alone does not say how dates are written: 4 December, not December 4.
REGIONS = {"en": "en-GB"}


class BrokenCatalogue(Invalid):
    """A catalogue file cannot be read; the sentence names file, line and remedy."""

    code = "broken_catalogue"


class MissingText(KeyError):
    """A key is in no catalogue: a mistake in code, found by tests."""


class Catalogue:
    """Gives a text by key and language, with English where a translation is missing."""

    def __init__(self, folder: Path, default: str = "en") -> None:
        self.default = default
        self._bundles = {
            language.name: _load(language)
            for language in sorted(folder.iterdir())
            if language.is_dir() and any(language.glob("*.ftl"))
        }
        if default not in self._bundles:
            raise BrokenCatalogue(
                f"There is no catalogue for the default language {default!r} in {folder}.",
                remedy=f"Add a folder {default}/ with .ftl files, or change the default language.",
            )

    @property
    def languages(self) -> list[str]:
        """The languages that have a folder, sorted."""
        return list(self._bundles)

    def keys(self, language: str) -> set[str]:
        """Every message key of a language."""
        return set(self._bundles[language]._messages)

    def best(self, wanted: str | None) -> str:
        """The language to use for somebody who asks for `wanted` (a BCP 47 tag), e.g. `pt-BR` -> `pt`."""
        if wanted:
            tag = wanted.replace("_", "-").lower()
            for candidate in (tag, tag.split("-")[0]):
                if candidate in self._bundles:
                    return candidate
        return self.default

    def text(self, key: str, language: str | None = None, **args: Any) -> str:
        """The text of `key`; raises `MissingText` for a key that no catalogue has."""
        for name in (self.best(language), self.default):
            bundle = self._bundles[name]
            if bundle.has_message(key):
                pattern = bundle.get_message(key).value
                if isinstance(pattern, TextElement):  # words with nothing to fill in
                    return str(pattern.value)
                if pattern is not None:
                    value, _ = bundle.format_pattern(pattern, args)
                    return str(value)
        raise MissingText(key)


def _load(folder: Path) -> FluentBundle:
    bundle = FluentBundle([REGIONS.get(folder.name, folder.name)], use_isolating=False)
    for path in sorted(folder.glob("*.ftl")):
        source = path.read_text(encoding="utf-8")
        for entry in FluentParser(with_spans=True).parse(source).body:
            if isinstance(entry, Junk):
                offset = entry.span.start if entry.span else 0
                line = source.count("\n", 0, offset) + 1
                raise BrokenCatalogue(
                    f"{path.name}, line {line}: {entry.annotations[0].message}",
                    remedy="Write each text as `key = words`, and indent every further line.",
                )
        bundle.add_resource(FluentResource(source))
    return bundle


@lru_cache(maxsize=4)
def load_catalogue(folder: Path, default: str = "en") -> Catalogue:
    """The catalogue of a folder, read once."""
    return Catalogue(folder, default)
