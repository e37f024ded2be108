"""Finds the rules that fit a conversation by its latest states: as many as the longest rule has, and no more.

Stock Rasa describes every moment since the session began, three times a turn, and then compares the last few.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH
from rasa.shared.core.constants import PREVIOUS_ACTION
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker

# Where a tracker keeps the states that were described last, and how many events it had then.
KEPT = "_recent_states_of_folkmoot"


def longest_rule(lookup: dict[str, Any]) -> int:
    """How many states the longest learned rule has."""
    keys = [*lookup.get(RULES, {}), *lookup.get(RULES_FOR_LOOP_UNHAPPY_PATH, {})]
    return max((len(json.loads(key)) for key in keys), default=0)


def read_rules(keys: Sequence[str]) -> list[tuple[str, list[State]]]:
    """Each rule's key with its states, the latest first."""
    return [(key, json.loads(key)[::-1]) for key in keys]


def fits(rule: list[State], latest_first: list[State], matches: Any) -> bool:
    """Whether a conversation's latest states are those of the rule; `matches` compares two states."""
    for ruled, state in zip(rule, latest_first):  # noqa: B905 - the rule may be longer or shorter
        begins, rule_begins = not state.get(PREVIOUS_ACTION), not ruled.get(PREVIOUS_ACTION)
        if begins and rule_begins:
            continue
        if begins or rule_begins or not matches(ruled, state):
            return False
    return True


def recent_states(tracker: DialogueStateTracker, domain: Domain, count: int) -> list[State]:
    """The last `count` of `tracker.past_states(domain)`, the caller's to change."""
    latest = tracker.events[-1] if tracker.events else None
    size, event, kept_domain, kept_count, states = tracker.__dict__.get(KEPT) or (-1, None, None, 0, [])
    if (size, kept_count) != (len(tracker.events), count) or event is not latest or kept_domain is not domain:
        states = _described(tracker, domain, count)
        tracker.__dict__[KEPT] = (len(tracker.events), latest, domain, count, states)
    return [{part: dict(values) for part, values in state.items()} for state in states]


def _described(tracker: DialogueStateTracker, domain: Domain, count: int) -> list[State]:
    applied = tracker.applied_events()
    skipped = 1 + sum(isinstance(event, ActionExecuted) for event in applied) - count
    replay = tracker.init_copy()
    states: list[State] = []
    for event in applied:
        if isinstance(event, ActionExecuted):
            if skipped <= 0:
                states.append(domain.get_active_state(replay))
            skipped -= 1
        replay.update(event)
    states.append(domain.get_active_state(replay))
    return states
