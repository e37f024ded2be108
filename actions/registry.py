"""Finds every custom action of the house: each module of this package may define some."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import actions
from actions.base import CivicAction
from civic.kit.services import Services


def action_classes() -> list[type[CivicAction]]:
    """All concrete actions, in the order of their names; two with one name are refused."""
    found: dict[str, type[CivicAction]] = {}
    for module_info in pkgutil.iter_modules(actions.__path__, "actions."):
        module = importlib.import_module(module_info.name)
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if not issubclass(kind, CivicAction) or inspect.isabstract(kind):
                continue
            other = found.setdefault(kind.action_name, kind)
            if other is not kind:
                raise ValueError(f"two actions are named {kind.action_name}")
    return [found[name] for name in sorted(found)]


def build_actions(services: Services) -> list[CivicAction]:
    """One instance of every action."""
    return [kind(services) for kind in action_classes()]
