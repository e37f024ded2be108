"""What the composition root hands to everybody: settings, words, time, the database, and parts by type."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

from sqlalchemy import Engine

from civic.kit.clock import Clock, SystemClock
from civic.kit.db import Sessions, make_engine, make_sessions
from civic.kit.i18n import Catalogue, load_catalogue
from civic.kit.settings import Settings

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Services:
    """One process's parts. A part such as the sentence encoder is made when it is first asked for."""

    def __init__(
        self, settings: Settings, *, clock: Clock | None = None, engine: Engine | None = None
    ) -> None:
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        self.engine = engine if engine is not None else make_engine(settings.database)
        self.sessions: Sessions = make_sessions(self.engine)
        self.catalogue: Catalogue = load_catalogue(settings.content / "locales", settings.default_language)
        self._factories: dict[type, Callable[[Services], Any]] = {}
        self._parts: dict[type, Any] = {}
        self._lock = threading.RLock()

    def provide(self, kind: type[T], factory: Callable[[Services], T]) -> None:
        """Says how the part of type `kind` is made; a later call replaces an earlier one."""
        with self._lock:
            self._factories[kind] = factory
            self._parts.pop(kind, None)

    def get(self, kind: type[T]) -> T:
        """The part of type `kind`, made once; raises `LookupError` when nobody provides it."""
        try:
            return cast(T, self._parts[kind])
        except KeyError:
            pass
        with self._lock:
            if kind not in self._parts:
                if kind not in self._factories:
                    raise LookupError(f"nothing provides {kind.__name__}: see cli/wiring.py")
                self._parts[kind] = self._factories[kind](self)
            return cast(T, self._parts[kind])

    def warm(self) -> None:
        """Makes every part now, so that nobody who writes first waits for it.

        What fails is left out: it fails again, with words of its own, when somebody needs it.
        """
        for kind in list(self._factories):
            try:
                self.get(kind)
            except Exception as error:
                logger.warning("%s could not be made ahead: %s", kind.__name__, type(error).__name__)

    def text(self, key: str, language: str | None = None, **args: Any) -> str:
        """The words of `key`; town, council phone and emergency numbers are always available in them."""
        return self.catalogue.text(
            key,
            language,
            town=self.settings.town,
            phone=self.settings.council_phone,
            emergency=self.settings.emergency_number,
            crisis=self.settings.crisis_number,
            violence=self.settings.violence_number,
            **args,
        )
