"""Changes to Rasa 3.6.21 that halve the work of a turn and make a failing action visible.

They touch private names, so any other version is refused rather than patched blindly. Each patch has a test.
"""

from __future__ import annotations

import asyncio
import copy
import logging
from collections.abc import Callable
from contextvars import ContextVar
from types import SimpleNamespace, TracebackType
from typing import Any

from rasa_server import straight_graph

PATCHED_VERSION = "3.6.21"
ACTION_TIMEOUT_SECONDS = 15
# Below the five seconds after which uvicorn drops an idle connection: we must never send into a closing one.
KEEP_ALIVE_SECONDS = 4

logger = logging.getLogger(__name__)

# Set by the input channel for the length of one turn: there a failing action must fail the turn.
strict_turn: ContextVar[bool] = ContextVar("strict_turn", default=False)


class WrongVersion(RuntimeError):
    """These patches do not fit the installed Rasa."""

    def __init__(self, found: str) -> None:
        super().__init__(
            f"rasa_server is made for Rasa {PATCHED_VERSION}, but {found} is installed. "
            "Install rasa_server/requirements.lock into the Rasa environment."
        )


class TurnFailed(BaseException):
    """An action failed inside a strict turn.

    Not an `Exception`, because Rasa catches every one of those after an action, forgets what the action
    should have said, and goes on as if nothing had happened.
    """

    def __init__(self, action: str) -> None:
        super().__init__(action)
        self.action = action


def apply() -> None:
    """Apply every patch once, or raise `WrongVersion` and apply none."""
    import rasa.version

    if rasa.version.__version__ != PATCHED_VERSION:
        raise WrongVersion(rasa.version.__version__)
    for patch in PATCHES:
        patch()


def check_types_instead_of_schema() -> None:
    """An action's result is checked by its types; the stock JSON schema took four tenths of a turn."""
    from rasa.core.actions.action import RemoteAction

    def validate(self: Any, result: Any) -> bool:
        if not isinstance(result, dict):
            raise ValueError("the action server did not answer with an object")
        for name in ("events", "responses"):
            items = result.get(name, [])
            if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
                raise ValueError(f"the action server's {name} are not a list of objects")
        if not all(isinstance(item.get("event"), str) for item in result.get("events", [])):
            raise ValueError("the action server sent an event without a type")
        return True

    RemoteAction._validate_action_result = validate


def keep_connections() -> None:
    """One connection pool per endpoint, instead of a new connection per action call."""
    import aiohttp
    import rasa.core.actions.action
    from rasa.utils.endpoints import EndpointConfig

    opened = EndpointConfig.__dict__.get("_opened_by_folkmoot", EndpointConfig.session)

    def session(self: Any) -> _Borrowed:
        loop = asyncio.get_running_loop()
        kept = self.__dict__.get("_kept_session")
        if kept is None or kept[0] is not loop or kept[1].closed:
            made: aiohttp.ClientSession = opened(self)
            made._connector._keepalive_timeout = KEEP_ALIVE_SECONDS
            kept = self.__dict__["_kept_session"] = (loop, made)
        return _Borrowed(kept[1])

    EndpointConfig._opened_by_folkmoot = opened
    EndpointConfig.session = session
    # The stock limit of five minutes would hold the conversation's lock long after the citizen gave up.
    rasa.core.actions.action.DEFAULT_REQUEST_TIMEOUT = ACTION_TIMEOUT_SECONDS


class _Borrowed:
    """Lets `async with` use a session without closing it."""

    def __init__(self, session: Any) -> None:
        self._session = session

    async def __aenter__(self) -> Any:
        return self._session

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The connection stays open for the next call."""


def remember_event_types() -> None:
    """Event types are looked up in a table; the stock code walks all subclasses for every event it reads."""
    from rasa.shared.core import events

    walk = events.Event.__dict__.get("_walk_of_rasa", events.Event.resolve_by_type)
    known: dict[str, Any] = {}

    def resolve(type_name: str, default: Any = None) -> Any:
        if type_name not in known:
            found = walk(type_name, default)
            if found is default or found is None:
                return found
            known[type_name] = found
        return known[type_name]

    events.Event._walk_of_rasa = staticmethod(walk)
    events.Event.resolve_by_type = staticmethod(resolve)


def send_this_turn_only() -> None:
    """An action is told the state of the conversation and the events of this turn.

    Left out are the turns before, and the domain, a constant of fifteen kilobytes: our actions read neither.
    """
    from rasa.core.actions.action import RemoteAction
    from rasa.shared.core.events import UserUttered

    def this_turn(self: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        turn = []
        for event in reversed(tracker.events):
            turn.append(event.as_dict())
            if isinstance(event, UserUttered):
                break
        state = {**tracker.current_state(), "events": turn[::-1]}
        return {
            "next_action": self.name(),
            "sender_id": tracker.sender_id,
            "tracker": state,
            "version": PATCHED_VERSION,
        }

    RemoteAction._action_call_format = this_turn


def let_failures_show() -> None:
    """Inside a strict turn a failing action ends the turn; elsewhere Rasa's own behaviour stays."""
    from rasa.core.actions.action import ActionExecutionRejection, RemoteAction

    run = RemoteAction.__dict__.get("_run_of_rasa", RemoteAction.run)

    async def run_or_fail(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return await run(self, *args, **kwargs)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            if not strict_turn.get():
                raise
            logger.warning("Action %s failed: %s", self.name(), type(error).__name__)
            raise TurnFailed(self.name()) from error

    RemoteAction._run_of_rasa = run
    RemoteAction.run = run_or_fail


def run_graphs_straight() -> None:
    """A message goes through the trained graph node by node; training keeps Rasa's own scheduler."""
    from rasa.engine.constants import PLACEHOLDER_TRACKER
    from rasa.engine.exceptions import GraphRunError
    from rasa.engine.runner.dask import DaskGraphRunner

    scheduled = DaskGraphRunner.__dict__.get("_run_of_rasa", DaskGraphRunner.run)

    def run(self: Any, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> Any:
        if (
            not inputs
            or PLACEHOLDER_TRACKER not in inputs
            or not inputs.keys().isdisjoint(self._graph_schema.nodes)
        ):
            return scheduled(self, inputs, targets)
        wanted = tuple(targets or self._graph_schema.target_names)
        plans = self.__dict__.setdefault("_plans_of_folkmoot", {})
        if wanted not in plans:
            needs = {name: list(node.needs.values()) for name, node in self._graph_schema.nodes.items()}
            plans[wanted] = straight_graph.plan(needs, self._instantiated_nodes, wanted)
        try:
            return straight_graph.run(plans[wanted], inputs, wanted)
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error

    DaskGraphRunner._run_of_rasa = scheduled
    DaskGraphRunner.run = run


def look_back_no_further_than_rules_do() -> None:
    """The rules see as many of the latest states as the longest of them has, and one more."""
    from rasa.core.policies.rule_policy import RulePolicy
    from rasa.shared.core.trackers import DialogueStateTracker

    from rasa_server.rule_lookup import longest_rule, recent_states

    every_state = RulePolicy.__dict__.get("_states_of_rasa", RulePolicy._prediction_states)

    def states(
        self: Any,
        tracker: Any,
        domain: Any,
        use_text_for_last_user_input: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> Any:
        # In training a tracker is of another kind, and the whole of it is the rule.
        if type(tracker) is not DialogueStateTracker or getattr(self.featurizer, "max_history", None):
            return every_state(self, tracker, domain, use_text_for_last_user_input, rule_only_data)
        known = self.__dict__.get("_longest_of_folkmoot")
        if known is None or known[0] is not self.lookup:
            known = self.__dict__["_longest_of_folkmoot"] = (self.lookup, longest_rule(self.lookup))
        found = recent_states(tracker, domain, known[1] + 1)
        self.featurizer._choose_last_user_input([found], use_text_for_last_user_input)
        return found

    RulePolicy._states_of_rasa = every_state
    RulePolicy._prediction_states = states


def read_rules_once() -> None:
    """A rule is read and turned round once; the stock code turns it for every state it is compared with."""
    from rasa.core.policies.rule_policy import RulePolicy

    from rasa_server.rule_lookup import fits, read_rules

    def possible(self: Any, lookup: dict[str, str], states: list[Any]) -> set[str]:
        read = self.__dict__.setdefault("_rules_of_folkmoot", {})
        known = read.get(id(lookup))
        if known is None or known[0] is not lookup or len(known[1]) != len(lookup):
            known = read[id(lookup)] = (lookup, read_rules(list(lookup)))
        latest_first = states[::-1]
        return {key for key, rule in known[1] if fits(rule, latest_first, self._does_rule_match_state)}

    if "_keys_of_rasa" not in RulePolicy.__dict__:
        RulePolicy._keys_of_rasa = RulePolicy._get_possible_keys
    RulePolicy._get_possible_keys = possible


def make_the_empty_domain_once() -> None:
    """Whether the domain is empty is asked for every message; the stock code makes an empty one each time."""
    from rasa.shared.core.domain import Domain

    empty = Domain.empty().as_dict()
    Domain.is_empty = lambda self: self.as_dict() == empty


def draw_no_lots_for_one() -> None:
    """The only response of its kind is taken without NumPy's random choice."""
    from rasa.core.nlg import TemplatedNaturalLanguageGenerator

    cls = TemplatedNaturalLanguageGenerator
    draw = cls.__dict__.get("_draw_of_rasa", cls._random_response_for)

    def only_or_drawn(self: Any, utter_action: str, output_channel: str, filled_slots: dict[str, Any]) -> Any:
        found = self.responses.get(utter_action) or []
        if len(found) == 1 and not found[0].keys() & {"condition", "channel"}:
            return found[0]
        return draw(self, utter_action, output_channel, filled_slots)

    cls._draw_of_rasa = draw
    cls._random_response_for = only_or_drawn


def copy_nothing_for_an_unwritten_log() -> None:
    """What only a debug log would show is copied and formatted only when there is one."""
    import rasa.core.policies.rule_policy
    import rasa.core.processor

    def talkative() -> bool:
        return logging.getLogger("rasa.core").isEnabledFor(logging.DEBUG)

    # In both modules every copy is an argument of a debug line.
    quiet = SimpleNamespace(deepcopy=lambda value: copy.deepcopy(value) if talkative() else value)
    rasa.core.processor.copy = rasa.core.policies.rule_policy.copy = quiet

    policy = rasa.core.policies.rule_policy.RulePolicy
    written = policy.__dict__.get("_written_of_rasa", policy.format_tracker_states)
    if isinstance(written, staticmethod):
        written = written.__func__
    policy._written_of_rasa = staticmethod(written)
    policy.format_tracker_states = staticmethod(lambda states: written(states) if talkative() else "")


def leave_out_plots() -> None:
    """`rasa test` writes its figures as JSON and draws no pictures: matplotlib is not installed."""
    import rasa.utils.plotting as plotting

    for name in ("plot_confusion_matrix", "plot_paired_histogram", "plot_curve"):
        setattr(plotting, name, lambda *args, **kwargs: None)


PATCHES: tuple[Callable[[], None], ...] = (
    check_types_instead_of_schema,
    keep_connections,
    remember_event_types,
    send_this_turn_only,
    let_failures_show,
    run_graphs_straight,
    look_back_no_further_than_rules_do,
    read_rules_once,
    make_the_empty_domain_once,
    draw_no_lots_for_one,
    copy_nothing_for_an_unwritten_log,
    leave_out_plots,
)
