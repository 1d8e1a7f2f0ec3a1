"""The action lifecycle as a state machine: what may be out there is never forgotten (design §7, I28, I29)."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from engine.domain.envelope import Recorded
from engine.domain.events import (
    ActionClaimed,
    ActionDeferred,
    ActionDone,
    ActionIntended,
    ActionPlanned,
    ActionProbed,
    ActionRefused,
    ActionSuperseded,
    ActionUnknown,
    Event,
)
from engine.domain.failure import FailureClass, Problem
from engine.projections.registry import empty_rows, fold
from engine.projections.rows import ActionRow, ActionState

PROBLEMS = st.sampled_from(FailureClass).map(lambda failure: Problem(failure=failure, detail=str(failure)))
PLANNED = ActionPlanned(
    action_id="a", kind="CreatePage", target="notion", object_kind="track", key="r", remote_id=None, changes=(),
    reason="", causes=(),
)  # fmt: skip


class Lifecycle(RuleBasedStateMachine):
    """One action, its events in every order a worker can append them, and what is really out there.

    Attributes:
        out_there: an effect was sent, and nothing said yet whether it was applied.
        ended: the last outcome, when one ended the last attempt.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows = empty_rows()
        self.seq = 0
        self.attempt = 0
        self.held = False
        self.out_there = False
        self.absent = False
        self.ended: ActionState | None = None
        self.problem: Problem | None = None
        self.sent_us: int | None = None
        self.append(PLANNED)

    def append(self, event: Event) -> None:
        """Let something happen to the action."""
        self.seq += 1
        fold(self.rows, [Recorded(self.seq, "action:a", self.seq, self.seq * 10, "run", event)])

    def conclude(self, state: ActionState, problem: Problem | None) -> None:
        """Note how an attempt ended."""
        self.out_there = state is ActionState.UNKNOWN
        self.absent = False
        self.held = False
        self.ended = state
        self.problem = problem

    @property
    def row(self) -> ActionRow:
        """What the fold makes of it."""
        row = self.rows["actions"]["a"]
        assert isinstance(row, ActionRow)
        return row

    @precondition(lambda self: self.ended is not ActionState.DONE)
    @rule()
    def plan_again(self) -> None:
        """The next plan takes it up once more."""
        self.append(PLANNED)
        if not self.out_there:
            self.ended = self.problem = None
            self.absent = self.held = False

    @precondition(lambda self: self.ended is not ActionState.DONE)
    @rule()
    def claim(self) -> None:
        """A worker holds it."""
        self.append(ActionClaimed(action_id="a", attempt=self.attempt + 1, owner="w"))
        self.held = True
        if not self.out_there:
            self.ended = None

    @precondition(lambda self: self.out_there)
    @rule()
    def probe_finds_nothing(self) -> None:
        """A probe shows that it was not applied."""
        self.append(ActionProbed(action_id="a", attempt=self.attempt, verdict="absent", remote_ids=()))
        self.out_there = False
        self.absent = True
        self.ended = None

    @rule(verdict=st.sampled_from(["present", "duplicated", "unclear"]))
    def probe_settles_nothing(self, verdict: str) -> None:
        """A probe that shows something else, or nothing, leaves it to the outcome."""
        before = self.row.state
        self.append(ActionProbed(action_id="a", attempt=self.attempt, verdict=verdict, remote_ids=()))
        assert self.row.state is before

    @precondition(lambda self: not self.out_there)
    @rule()
    def probe_of_what_was_never_sent(self) -> None:
        """A probe before the first intent proves nothing about an attempt."""
        before = self.row.state
        self.append(ActionProbed(action_id="a", attempt=self.attempt, verdict="absent", remote_ids=()))
        assert self.row.state is before

    @precondition(lambda self: self.held and not self.out_there)
    @rule()
    def intend(self) -> None:
        """It is about to be sent."""
        self.attempt += 1
        self.append(ActionIntended(action_id="a", attempt=self.attempt, precondition=""))
        self.out_there = True
        self.absent = False
        self.ended = self.problem = None
        self.sent_us = self.seq * 10

    @precondition(lambda self: self.out_there)
    @rule()
    def do(self) -> None:
        """The answer shows it."""
        self.append(
            ActionDone(
                action_id="a",
                attempt=self.attempt,
                kind="CreatePage",
                target="notion",
                object_kind="track",
                key="r",
                remote_id="page",
                held={"title": "t"},
                evidence="read back",
            )
        )
        self.conclude(ActionState.DONE, None)

    @precondition(lambda self: self.out_there)
    @rule(problem=PROBLEMS)
    def refuse(self, problem: Problem) -> None:
        """The remote will never take it."""
        self.append(ActionRefused(action_id="a", attempt=self.attempt, problem=problem))
        self.conclude(ActionState.REFUSED, problem)

    @precondition(lambda self: self.out_there)
    @rule(problem=PROBLEMS)
    def defer(self, problem: Problem) -> None:
        """The remote asks for patience."""
        self.append(ActionDeferred(action_id="a", attempt=self.attempt, not_before_us=self.seq + 5, problem=problem))
        self.conclude(ActionState.DEFERRED, problem)
        assert self.row.not_before_us == self.seq + 4

    @precondition(lambda self: self.out_there)
    @rule(problem=PROBLEMS)
    def lose(self, problem: Problem) -> None:
        """No answer came."""
        self.append(ActionUnknown(action_id="a", attempt=self.attempt, problem=problem))
        self.conclude(ActionState.UNKNOWN, problem)

    @precondition(lambda self: self.held and not self.out_there)
    @rule()
    def supersede(self) -> None:
        """The world moved on before it was sent."""
        self.append(ActionSuperseded(action_id="a", attempt=self.attempt, reason="it moved on"))
        self.conclude(ActionState.SUPERSEDED, None)

    @invariant()
    def an_effect_is_unsettled_exactly_while_nobody_knows(self) -> None:
        """I28: no claim, plan or probe hides an effect that may be out there, and no settled one shows as such."""
        assert self.row.state.unsettled is self.out_there

    @invariant()
    def the_last_word_stands(self) -> None:
        """I28: at rest the row is in the state of its one outcome, with that outcome's problem."""
        if self.ended is not None:
            assert self.row.state is self.ended
            assert self.row.problem == self.problem

    @invariant()
    def an_absent_effect_stays_known_as_sent(self) -> None:
        """I29: the settle window is counted from the last intent, whoever claims in between."""
        assert self.row.sent_us == self.sent_us
        assert self.row.attempts == self.attempt
        assert (self.row.state is ActionState.ABSENT) is self.absent

    @invariant()
    def the_object_is_written_once_per_done(self) -> None:
        """I32, I33: what we hold there moves only by evidence."""
        done = self.row.state is ActionState.DONE
        assert ("notion/track/r" in self.rows["objects"]) is done
        assert self.row.last_seq == self.row.version == self.seq


TestLifecycle = Lifecycle.TestCase
TestLifecycle.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
