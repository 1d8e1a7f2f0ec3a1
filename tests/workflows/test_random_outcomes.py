"""A target that does anything, a person who edits, processes that die: at rest everything is accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from msgspec.structs import replace as changed
from typing_extensions import override

from engine.domain.crash import CrashPoint
from engine.domain.errors import ExitCode
from engine.domain.events import ActionDeferred, ActionDone, ActionIntended, ActionRefused
from engine.domain.failure import FailureClass, Problem
from engine.domain.plan import Action
from engine.domain.references import object_key
from engine.domain.value import Fields
from tests.fakes.place import Place
from tests.fakes.target import FakeTarget, Mishap

CALM_S = 1_000.0
"""Longer than any backoff, block, breaker or pause after trouble."""
ANSWERS: list[Mishap | Problem] = [
    *Mishap,
    Problem(failure=FailureClass.WRITE_CONFLICT, detail="409"),
    Problem(failure=FailureClass.RATE_LIMITED, detail="429", retry_after_s=40.0),
    Problem(failure=FailureClass.OVERLOADED, detail="529"),
    Problem(failure=FailureClass.AUTH_EXPIRED, detail="401"),
    Problem(failure=FailureClass.INVALID_REQUEST, detail="400"),
]
TARGETS = ("library", "notion", "eagle")


class Died(BaseException):
    """The process is gone, in the middle of anything."""


class Outcomes(RuleBasedStateMachine):
    """Runs over one place, with whatever happens between and within them."""

    make_place: Callable[[], Place]

    def __init__(self) -> None:
        super().__init__()
        self.place = type(self).make_place()
        self.place.policy = changed(self.place.policy, settle_s=1.0)
        self.place.follow("Crate", (1, 2))
        self.births = 0
        for target in self.place.targets.values():
            target.on_send = self._intent_is_durable

    def _intent_is_durable(self, action: Action) -> None:
        assert self.place.durable_types(action)[-1] == "action.intended"  # I27

    @property
    def notion(self) -> FakeTarget:
        """Give the Notion."""
        return self.place.targets["notion"]

    # --- what happens -------------------------------------------------------------------------------------------

    @rule(name=st.sampled_from(TARGETS), answers=st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=3))
    def misbehave(self, name: str, answers: list[Mishap | Problem]) -> None:
        """Let the next requests to one target go wrong."""
        self.place.targets[name].script.extend(answers)

    @rule(name=st.sampled_from(TARGETS))
    def cloud(self, name: str) -> None:
        """Let the next probe fail."""
        self.place.targets[name].unclear = 1

    @rule(seconds=st.sampled_from([1.0, 60.0, CALM_S]))
    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.place.clock.pass_s(seconds)

    @rule(entries=st.lists(st.integers(1, 4), max_size=4))
    def rearrange(self, entries: list[int]) -> None:
        """Let the person rearrange the playlist."""
        self.place.follow("Crate", tuple(entries))

    @precondition(lambda self: self.notion.live("track"))
    @rule(data=st.data(), what=st.sampled_from(["title", "status", "path", "trash"]))
    def edit(self, data: st.DataObject, what: str) -> None:
        """Let the person change a row, or throw it away."""
        remote_id = data.draw(st.sampled_from(sorted(row.remote_id for row in self.notion.live("track"))))
        match what:
            case "title":
                self.notion.edit(remote_id, title="Mine")
            case "status":
                self.notion.edit(remote_id, status=("peak time",))
            case "path":
                self.notion.edit(remote_id, aiff_path="/elsewhere")
            case _:
                self.notion.trash(remote_id)

    @rule(number=st.integers(1, 4))
    def make_by_hand(self, number: int) -> None:
        """Let the person make a row for a track that may come, or be there already."""
        self.births += 1
        self.notion.put("track", title=f"By hand {self.births}", soundcloud_url=f"https://soundcloud.com/a/{number}")

    @rule()
    def reveal(self) -> None:
        """Let what was made late be seen."""
        for target in self.place.targets.values():
            target.reveal()

    @rule()
    def reconcile(self) -> None:
        """Run to an ordinary end."""
        self.place.reconcile()

    @rule(after=st.integers(1, 60))
    def die_in_a_run(self, after: int) -> None:
        """Die at the n-th crash point of a run, and begin again as another process."""
        left = after

        def reached(_point: CrashPoint) -> None:
            nonlocal left
            left -= 1
            if left <= 0:
                raise Died

        self.place.reached = reached
        try:
            self.place.reconcile()
        except Died:
            pass
        finally:
            self.place.reached = lambda _point: None
        self.place.close()
        self.place.open()

    # --- what holds -------------------------------------------------------------------------------------------

    @override
    def teardown(self) -> None:
        try:
            self._come_to_rest()
            self._check()
        finally:
            self.place.close()

    def _come_to_rest(self) -> None:
        for target in self.place.targets.values():
            target.script.clear()
            target.unclear = 0
        for _ in range(8):
            self.reveal()
            self._decide()
            self.place.clock.pass_s(CALM_S)
            if self.place.reconcile().settled:
                return
        raise AssertionError("no rest")

    def _decide(self) -> None:
        """Let the person throw away what is there twice, and rows by hand that compete for one track."""
        for target in self.place.targets.values():
            for names in (_key_of, _url_of):
                taken: set[tuple[str, object]] = set()
                things = sorted(target.things.values(), key=lambda thing: thing.key is None)
                for thing in [thing for thing in things if thing.live and names(thing.fields, thing.key)]:
                    name = (thing.kind, names(thing.fields, thing.key))
                    if name in taken:
                        target.trash(thing.remote_id)
                    taken.add(name)

    def _check(self) -> None:
        sends, seq = self.place.sends(), self.place.journal.head().seq
        assert self.place.reconcile().exit_code is ExitCode.FINE
        assert self.place.types_after(seq) == {"run.started", "scan.completed", "run.finished"}  # I23
        assert self.place.sends() == sends
        assert not any(row.state.unsettled for row in self.place.state().actions.values())  # I28, I41
        self._one_live_object_per_key()
        self._one_outcome_per_intent()
        self._journal_and_targets_agree()

    def _one_live_object_per_key(self) -> None:
        """I30."""
        for target in self.place.targets.values():
            keys = Counter((thing.kind, thing.key) for thing in target.things.values() if thing.live and thing.key)
            assert not [key for key, count in keys.items() if count > 1]

    def _one_outcome_per_intent(self) -> None:
        """I28."""
        events = self.place.events()
        intents = Counter((event.action_id, event.attempt) for event in events if isinstance(event, ActionIntended))
        endings = Counter(
            (event.action_id, event.attempt)
            for event in events
            if isinstance(event, ActionDone | ActionDeferred | ActionRefused)
        )
        assert all(count == 1 for count in endings.values())
        assert set(intents.values()) <= {1}
        assert endings.keys() <= intents.keys()

    def _journal_and_targets_agree(self) -> None:
        """I31, I33."""
        state = self.place.state()
        confirmed = [event for event in self.place.events("action.done") if isinstance(event, ActionDone)]
        intended = {event.action_id for event in self.place.events("action.intended")}  # type: ignore[union-attr]  # of that type
        tried = {(row.target, row.object_kind, row.key) for row in state.actions.values() if row.action_id in intended}
        for name, target in self.place.targets.items():
            applied = {(line.kind, line.key, line.remote_id) for line in target.history}
            for event in (event for event in confirmed if event.target == name):
                assert (event.object_kind, event.key, event.remote_id) in applied
            for thing in target.things.values():
                assert thing.key is None or (name, thing.kind, thing.key) in tried
        bases: dict[str, tuple[str, Fields]] = {}
        for event in confirmed:
            key = object_key(event.target, event.object_kind, event.key)
            remote_id, base = bases.get(key, (event.remote_id, {}))
            bases[key] = (event.remote_id, {**(base if remote_id == event.remote_id else {}), **event.held})
        assert {key: (row.remote_id, row.base) for key, row in state.objects.items()} == bases


def _key_of(_fields: Fields, key: str | None) -> object:
    return key


def _url_of(fields: Fields, _key: str | None) -> object:
    return fields.get("soundcloud_url")


@pytest.fixture
def machine(make_place: Callable[[], Place]) -> type[Outcomes]:
    """Give the machine with places to run in."""

    class Placed(Outcomes):
        pass

    Placed.make_place = staticmethod(make_place)
    return Placed


def test_whatever_happens_a_calm_world_comes_to_rest_with_everything_accounted_for(machine: type[Outcomes]) -> None:
    """I23, I27, I28, I30, I31, I33, I41: over random outcomes, edits, restarts, and then no more of them."""
    calm = settings(
        max_examples=12,
        stateful_step_count=10,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    run_state_machine_as_test(machine, settings=calm)
