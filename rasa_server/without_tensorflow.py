"""Rasa can be imported where TensorFlow is not installed; a component that needs it fails loudly when it is
used.

Rasa imports TensorFlow whatever the pipeline says: that costs nineteen seconds at every start and two
gigabytes of disk. Here its names resolve to empty classes, which is all that class statements and
annotations ask of them.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

ABSENT = ("tensorflow", "keras", "jax", "transformers", "matplotlib")


class NeedsTensorFlow(RuntimeError):
    """The component named in the message cannot run here: take it out of config.yml."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} needs a library that this environment leaves out ({', '.join(ABSENT)}). Take the "
            "component that uses it out of config.yml, or run stock Rasa in an environment of its own."
        )


class AbsentType(type):
    """A class whose every attribute is another empty class, and which cannot be called."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = AbsentType(name, (Absent,), {"__module__": f"{cls.__module__}.{cls.__name__}"})
        setattr(cls, name, made)
        return made

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        raise NeedsTensorFlow(f"{cls.__module__}.{cls.__name__}")


class Absent(metaclass=AbsentType):
    """Stands for every class of an absent library."""


class AbsentModule(ModuleType):
    """A module of an absent library: whatever is asked of it is an empty class."""

    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = AbsentType(name, (Absent,), {"__module__": self.__name__})
        setattr(self, name, made)
        return made


class AbsentFinder(MetaPathFinder, Loader):
    """Goes before the other finders, so that an installed TensorFlow is not loaded either."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        top = fullname.partition(".")[0]
        if top in ABSENT or top.startswith("tensorflow_"):
            return ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return AbsentModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run: the module is empty."""


def install() -> None:
    """From here on the absent libraries import as empty modules; doing it twice changes nothing."""
    if not any(isinstance(finder, AbsentFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, AbsentFinder())
