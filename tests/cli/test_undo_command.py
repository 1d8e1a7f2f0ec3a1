"""`sync undo` as a person meets it: what it takes, what it shows, what it ends with."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import Result

from engine.domain.errors import UsageError
from tests.fakes.crate import ACTION, FIRST_ID, REFUSED, RUN

Sync = Callable[..., Result]


def test_a_dry_run_says_what_stays_and_why(sync: Sync) -> None:
    """I26: nothing is appended; what the settings do not name is said."""
    before = sync("sql", "SELECT count(*) AS n FROM event", "--json").stdout
    shown = sync("undo", RUN, "--dry-run")
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.startswith(f"undo run {RUN} (reconcile): nothing to undo")
    assert "the settings name no notion" in shown.stdout
    assert sync("sql", "SELECT count(*) AS n FROM event", "--json").stdout == before


def test_what_is_meant_may_be_shortened(sync: Sync) -> None:
    """A run by its start, an action by its id, or the last run that changed anything."""
    for thing in (RUN[:8], ACTION, "last"):
        shown = json.loads(sync("undo", thing, "--dry-run", "--json").stdout)
        assert shown["meant"]["kind"] == ("action" if thing == ACTION else "run")
        assert [left["key"] for left in shown["undoing"]["left"]] == [FIRST_ID]


def test_an_action_that_did_nothing_leaves_nothing_to_undo(sync: Sync) -> None:
    """What was refused changed nothing: words, and exit code 0."""
    shown = sync("undo", REFUSED)
    assert (shown.exit_code, "nothing to undo" in shown.stdout) == (0, True)


@pytest.mark.parametrize("thing", ["nothing-like-it", "1", "3"])
def test_what_cannot_be_undone_is_named_with_a_hint(sync: Sync, thing: str) -> None:
    """Exit 2: there is no such run, or the event is one that nobody decided."""
    with pytest.raises(UsageError) as caught:
        sync("undo", thing)
    assert (caught.value.exit_code, bool(caught.value.hint)) == (2, True)


def test_a_dismissal_is_taken_back_by_the_number_of_its_event(sync: Sync) -> None:
    """Decisions outside runs are undone by their events, and what undid them by its run."""
    seq = json.loads(sync("dismiss", FIRST_ID, "--json").stdout)["seq"]
    done = json.loads(sync("undo", str(seq), "--json").stdout)
    assert done["exit_code"] == 0
    dismissed = "SELECT json_extract(data, '$.dismissed') AS d FROM p_recordings WHERE key = '" + FIRST_ID + "'"
    assert json.loads(sync("sql", dismissed, "--json").stdout)["rows"] == [{"d": None}]
    shown = sync("undo", done["report"]["run_id"])
    assert (shown.exit_code, "a person threw it away: not wanted" in shown.stdout) == (0, True)
    assert json.loads(sync("sql", dismissed, "--json").stdout)["rows"] == [{"d": "not wanted"}]
