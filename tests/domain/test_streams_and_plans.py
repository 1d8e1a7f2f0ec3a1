"""Stream names of every event, and a plan's digest, which changes with anything that stands in the plan."""

from __future__ import annotations

import typing

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.domain.canonical import canonical
from engine.domain.events import EVENT_CLASSES, Event
from engine.domain.occurrence import Occurrence
from engine.domain.plan import KINDS, Action, ActionKind, Plan, PlanFile
from engine.domain.upcasts import Reviver, revive
from tests.projections.every_event import instances, of_type

STREAMS = {
    "journal.created": "journal", "run": "run:{run_id}", "scan": "scope:{scope}", "track": "sighting:{ref}",
    "playlist": "playlist:{ref}", "remote": "remote:{target}/{remote_id}", "recording": "recording:{recording_id}",
    "rendition": "rendition:{rendition_id}", "action": "action:{action_id}", "conflict": "conflict:{conflict_id}",
    "breaker": "breaker:{remote}", "match": "match:{question_id}", "object": "object:{object_id}",
    "upgrade.taken": "recording:{recording_id}", "resolution": "resolution:{recording_id}",
    "recording.enriched": "enrichment:{recording_id}", "access": "access:{source}/{way}",
    "capability": "capability:{source}/{capability}", "credential": "credential:{source}", "chain": "run:{run_id}",
}  # fmt: skip


@pytest.mark.parametrize("event_class", EVENT_CLASSES, ids=lambda event_class: event_class.TYPE)
def test_every_event_names_its_stream_and_comes_back_from_its_bytes(event_class: type[Event]) -> None:
    """I02, I12: the stream is a function of the event's own fields, and stored bytes are the event."""

    @settings(max_examples=12, deadline=None)
    @given(event=instances(event_class))
    def check(event: Occurrence) -> None:
        shape = STREAMS.get(event.TYPE) or STREAMS[event.TYPE.partition(".")[0]]
        assert event.stream == shape.format(**msgspec.structs.asdict(event))
        assert revive(event.TYPE, event.SCHEMA_VERSION, canonical(event)) == event

    check()


class Older(Occurrence, frozen=True, gc=False):
    """An event that is at its third version."""

    TYPE: typing.ClassVar[str] = "older.kept"
    SCHEMA_VERSION: typing.ClassVar[int] = 3
    STREAM: typing.ClassVar[tuple[str, str]] = ("older", "")
    total: int


def test_older_versions_are_lifted_step_by_step() -> None:
    """I12: each version's upcast in turn, and what does not fit the newest is damage told as such."""
    reviver = Reviver(
        (Older,),
        {("older.kept", 1): lambda old: {"sum": old["a"]}, ("older.kept", 2): lambda old: {"total": old["sum"]}},
    )
    assert reviver("older.kept", 1, b'{"a":7}') == Older(total=7)
    assert reviver("older.kept", 2, b'{"sum":7}') == reviver("older.kept", 3, b'{"total":7}') == Older(total=7)


@settings(max_examples=40, deadline=None)
@given(plan=instances(Plan), data=st.data())
def test_a_plans_digest_changes_with_any_of_its_fields(plan: Plan, data: st.DataObject) -> None:
    """I51: what `--allow-removals` and `sync apply` refer to is exactly this plan."""
    hints = typing.get_type_hints(Plan)
    name = data.draw(st.sampled_from([field.name for field in msgspec.structs.fields(Plan)]))
    value = data.draw(of_type(hints[name]))
    other = replace(plan, **{name: value})
    assert (other.digest == plan.digest) is (canonical(value) == canonical(getattr(plan, name)))
    assert len(plan.digest) == 64


@settings(max_examples=30, deadline=None)
@given(plan=instances(Plan))
def test_a_plan_comes_back_from_its_file(plan: Plan) -> None:
    """I19, I51: read from disk, a plan is the plan and vouches for itself."""
    back = msgspec.json.decode(canonical(PlanFile(digest=plan.digest, plan=plan)), type=PlanFile)
    assert back.plan == plan
    assert back.plan.digest == back.digest


@settings(max_examples=30, deadline=None)
@given(action=instances(Action))
def test_an_action_says_what_it_writes(action: Action) -> None:
    """F69: every changed field with its new value, and nothing else."""
    assert action.written.keys() == {change.field for change in action.changes}
    assert all(value in [change.after for change in action.changes] for value in action.written.values())


def test_every_kind_of_action_is_what_some_operation_is_called() -> None:
    """Design §7: the set is closed, and no name stands for nothing."""
    assert {kind for kinds in KINDS.values() for kind in kinds.values()} == set(ActionKind)
