"""`--accept-shrink`: listings are vouched for by the names people have for them, and nothing else is taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from engine.domain import events as e
from engine.domain.envelope import Draft, Origin
from engine.domain.errors import UsageError
from engine.settings.load import load
from engine.wiring.app import App
from engine.workflows.lookup import listing_named
from tests.fakes.crate import PLAYLIST

SHELF = "spotify:playlists"


@pytest.fixture
def held(home: Path) -> App:
    """Give a home with a playlist that is held, a shelf and a target that were looked at."""
    app = App(settings=load(home=home, environ={}))
    scans = [
        e.ScanCompleted(scope=scope, complete=True, count=1, set_hash="")
        for scope in (PLAYLIST, f"unlisted:{SHELF}", "notion:track")
    ]
    short = e.PlaylistHeld(ref=PLAYLIST, entries_before=9, entries_seen=1, set_hash="x")
    events: tuple[e.Event, ...] = (*scans, short)
    app.journal.append([Draft(event=event) for event in events], Origin(actor="engine"))
    return app


def test_a_listing_is_meant_by_its_name_its_ref_its_address_or_its_target(held: App) -> None:
    """P1: what a person types is what is believed; a word that means nothing is refused, not ignored."""
    state = held.journal.state(only=("playlists", "scopes"))
    row = state.playlists[PLAYLIST]
    for said in (row.name, row.name.upper(), row.url, PLAYLIST):
        assert listing_named(state, said) == PLAYLIST
    for said in (SHELF, "notion:track"):
        assert listing_named(state, said) == said
    with pytest.raises(UsageError, match="is no listing") as refused:
        listing_named(state, "nonsense")
    assert refused.value.hint == f"not believed: {row.name}"
    held.close()


def test_nothing_is_said_to_be_held_where_nothing_is(home: Path) -> None:
    """The hint leads to what there is."""
    app = App(settings=load(home=home, environ={}))
    with pytest.raises(UsageError) as refused:
        listing_named(app.journal.state(only=("playlists", "scopes")), "nonsense")
    assert "sync playlists" in refused.value.hint
    app.close()


def test_a_word_that_means_no_listing_is_refused_before_anything_is_asked(sync: Callable[..., Result]) -> None:
    """F48: `--accept-shrink nonsense` is a usage error, not a run that ignores it."""
    with pytest.raises(UsageError, match="is no listing"):
        sync("reconcile", "--accept-shrink", "nonsense")
