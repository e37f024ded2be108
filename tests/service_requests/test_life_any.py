"""Whatever happens in whatever order: no illegal state, no message lost, nobody told twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from civic.conversation.models import OutboundRecord
from civic.delivery.models import Delivery
from civic.kit.clock import SettableClock
from civic.kit.errors import FolkmootError
from civic.kit.services import Services
from civic.service_requests import rules
from civic.service_requests.jobs import escalate_late
from civic.service_requests.models import ServiceRequestAlert, ServiceRequestMessage
from civic.service_requests.rules import OPEN, Actor, Priority, Status
from civic.service_requests.services import ServiceList
from tests.service_requests.following import Follower, Hall

WHO = st.sampled_from(["anna", "ben"])


class Life:
    """One case with two followers, and what must be true of it after every event."""

    def __init__(self, services: Services, hall: Hall, run: int) -> None:
        self.services, self.hall = services, hall
        self.people = {name: Follower(services, f"{name}-{run}") for name in ("anna", "ben")}
        self.number = self.hall.files(self.people["anna"])
        self.hall.joins(self.people["ben"], self.number)
        self.said = 0
        self.written: list[str] = []

    def moves(self, target: Status) -> None:
        legal = target in [step.target for step in rules.legal_steps(self.hall.case(self.number).status)]
        before = self.hall.case(self.number).status
        try:
            self.hall.moves(self.number, target, message=self._words(), of="")
        except FolkmootError:
            assert not legal or target is Status.DUPLICATE
            assert self.hall.case(self.number).status is before
            self.written.pop()
        else:
            assert legal

    def solves(self) -> None:
        with suppress(FolkmootError):
            self.hall.moves(self.number, Status.IN_PROGRESS)
        with suppress(FolkmootError):
            self.hall.moves(self.number, Status.RESOLVED)

    def replies(self) -> None:
        self.hall.replies(self.number, self._words())

    def writes(self, who: str) -> None:
        words = self._words()
        assert words and self.people[who].says(words, about=self.number)

    def judges(self, who: str, label: str, which: int) -> None:
        with suppress(AssertionError):  # nothing was asked yet
            self.people[who].presses(label, which)

    def rates(self, label: str) -> None:
        with suppress(AssertionError):
            self.people["anna"].presses(label)

    def waits(self, days: int) -> None:
        clock = self.services.clock
        assert isinstance(clock, SettableClock)
        clock.advance(timedelta(days=days))
        escalate_late(self.services.sessions, clock, self.services.get(ServiceList))

    def hurries(self, priority: Priority) -> None:
        self.hall.sets_priority(self.number, priority)

    def _words(self) -> str:
        self.said += 1
        self.written.append(f"these are the words with number {self.said}")
        return self.written[-1]

    def holds(self) -> None:
        with self.services.sessions() as session:
            case = self.hall._case(session, self.number)
            assert [step.source for step in case.changes if step.source] == [
                step.target for step in case.changes
            ][:-1]
            for step in case.changes[1:]:
                assert step.source is not None
                taken = rules.BY_STEP[step.source, step.target]
                by = Actor.CITIZEN if step.actor == "citizen" else Actor.OFFICIAL
                assert by in taken.by
            assert case.changes[-1].target is case.status
            assert (case.paused_at is not None) == (case.status is Status.WAITING_FOR_CITIZEN)
            kept = Counter(
                session.scalars(
                    select(ServiceRequestMessage.text).where(ServiceRequestMessage.request_id == case.id)
                )
            )
            assert kept == Counter(self.written)
            told = session.execute(
                select(Delivery.conversation_id, Delivery.dedupe_key, func.count())
                .join(OutboundRecord, OutboundRecord.id == Delivery.message_id)
                .group_by(Delivery.conversation_id, Delivery.dedupe_key)
            ).all()
            assert all(count == 1 for _, _, count in told)
            steps = Counter(key for _, key, _ in told if key.startswith("service-request-step:"))
            for step in case.changes[1:]:
                expected = 0
                if rules.BY_STEP[step.source, step.target].told:  # type: ignore[index]
                    expected = 1 if step.actor == "citizen" else 2
                assert steps[f"service-request-step:{step.id}"] == expected
            late = Counter(
                session.scalars(
                    select(ServiceRequestAlert.key).where(ServiceRequestAlert.request_id == case.id)
                )
            )
            assert all(many == 1 for many in late.values())
            assert case.status in OPEN or case.status in rules.ENDED


class Lives(RuleBasedStateMachine):
    """Whatever may happen to a case, in any order; after each event every promise is still kept."""

    begin: Callable[[], Life]

    def __init__(self) -> None:
        super().__init__()
        self.life = self.begin()

    @rule(status=st.sampled_from(list(Status)))
    def official_tries_a_step(self, status: Status) -> None:
        self.life.moves(status)

    @rule()
    def official_solves_it(self) -> None:
        self.life.solves()

    @rule()
    def official_writes(self) -> None:
        self.life.replies()

    @rule(who=WHO)
    def citizen_writes(self, who: str) -> None:
        self.life.writes(who)

    @rule(who=WHO, label=st.sampled_from(["Fixed", "Not fixed"]), which=st.sampled_from([0, -1]))
    def citizen_judges_with_a_new_or_an_old_button(self, who: str, label: str, which: int) -> None:
        self.life.judges(who, label, which)

    @rule(label=st.sampled_from(["1", "5", "Skip"]))
    def citizen_rates(self, label: str) -> None:
        self.life.rates(label)

    @rule(days=st.integers(-40, 40))
    def clock_is_set(self, days: int) -> None:
        self.life.waits(days)

    @rule(priority=st.sampled_from(list(Priority)))
    def official_hurries(self, priority: Priority) -> None:
        self.life.hurries(priority)

    @invariant()
    def every_promise_is_kept(self) -> None:
        self.life.holds()


def test_no_sequence_of_events_breaks_a_promise(services: Services) -> None:
    runs, hall = iter(range(10_000)), Hall(services)

    class Here(Lives):
        begin = staticmethod(lambda: Life(services, hall, next(runs)))

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=8,
            stateful_step_count=10,
            phases=[Phase.generate],  # each event is several transactions: shrinking would take minutes
            deadline=None,
            derandomize=True,
        ),
    )
