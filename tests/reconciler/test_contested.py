"""Whose a row is that was written for several recordings."""

from __future__ import annotations

from engine.domain.envelope import Draft, Origin
from engine.domain.events import ActionDone, ActionPlanned
from engine.domain.value import Fields
from engine.projections.state import State
from engine.reconciler.contested import Contested, contested
from tests.fakes.memory_journal import MemoryJournal

PLACES = (("notion", "track"),)
A, B, C = "notion/track/a", "notion/track/b", "notion/track/c"


def written(*keys: str, kind: str = "track") -> State:
    """Give what is known after one row was written for one recording after the other."""
    journal = MemoryJournal()
    about = {"kind": "UpdatePage", "target": "notion", "object_kind": kind, "remote_id": "page-1"}
    for number, key in enumerate(keys):
        planned = ActionPlanned(action_id=f"a{number}", key=key, changes=(), reason="", causes=(), **about)
        held: Fields = {"sync_key": key, f"of_{key}": number}
        done = ActionDone(action_id=f"a{number}", attempt=1, key=key, held=held, evidence="the answer", **about)
        journal.append([Draft(event=planned), Draft(event=done)], Origin(actor="engine"))
    never = ActionPlanned(action_id="never", key=keys[-1], changes=(), reason="", causes=(), **about)
    journal.append([Draft(event=never)], Origin(actor="engine"))
    return journal.state()


def test_it_is_whose_it_was_first_however_often_either_wrote_since() -> None:
    """I20: the same one's, run after run, with what anybody left there."""
    found = contested(written("a", "b", "a", "b"), {}, PLACES)
    assert found.lost == {B}
    assert found.regained[A].base == {"sync_key": "b", "of_a": 2, "of_b": 3}
    assert found.regained[A].key == "a"


def test_recordings_that_are_one_share_it() -> None:
    """P17: nothing is contested while one counts for the other."""
    assert contested(written("a", "b"), {"a": "b"}, PLACES) == Contested()
    third = contested(written("a", "b", "c"), {"c": "a"}, PLACES)
    assert third.lost == {B}
    assert set(third.regained) == {A}
    assert contested(written("b", "a", "c"), {"c": "a"}, PLACES).lost == {A, C}


def test_only_what_shows_a_recording_is_looked_at() -> None:
    """A folder or a playlist's row is nobody's to inherit."""
    assert contested(written("a", "b", kind="playlist"), {}, PLACES) == Contested()


def test_without_the_actions_the_one_that_wrote_last_gives_way() -> None:
    """A reader that did not ask for actions is answered too."""
    known = written("a", "b")
    known.actions.clear()
    assert contested(known, {}, PLACES).lost == {B}
