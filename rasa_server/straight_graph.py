"""Runs a trained graph one node after the other, in an order that is worked out once.

Stock Rasa hands the graph to a scheduler for every message and for every action; the scheduling took longer
than most of the nodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Step:
    """A node and the names of what it needs, in the order in which it takes them."""

    name: str
    node: Any
    needs: tuple[str, ...]


def plan(needs: dict[str, Sequence[str]], nodes: dict[str, Any], targets: Sequence[str]) -> list[Step]:
    """Every node that the targets need, each after the nodes that it needs itself."""
    steps: dict[str, Step] = {}

    def visit(name: str) -> None:
        if name in steps or name not in needs:  # a name that is no node is an input
            return
        for needed in needs[name]:
            visit(needed)
        steps[name] = Step(name, nodes[name], tuple(needs[name]))

    for target in targets:
        visit(target)
    return list(steps.values())


def run(steps: Sequence[Step], inputs: dict[str, Any], targets: Sequence[str]) -> dict[str, Any]:
    """What each target gives for these inputs."""
    given: dict[str, Any] = {name: (name, value) for name, value in inputs.items()}
    for step in steps:
        # A name nobody provides is passed on as it is: the node then says what is missing.
        given[step.name] = step.node(*[given.get(name, name) for name in step.needs])
    return dict(given[target] for target in targets)
