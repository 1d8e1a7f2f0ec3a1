"""Sets that are empty, huge, or lose half of themselves between two looks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.domain.errors import ExitCode
from engine.domain.failure import FailureClass
from engine.reconciler.policy import PlanScope
from engine.settings.load import load
from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.records import Playlist, Track, User
from engine.standins.soundcloud.standin import SoundCloudStandin
from engine.workflows.reconcile import Reconciled, ReconcileRequest, reconcile
from tests.crash.inside import InsideApp, SkippingClock

URL = "https://soundcloud.com/ann/sets/mix"
HUGE = 5_000
LISTS_ONLY = PlanScope(only=("WritePlaylistFile", "RewritePlaylistFile"))


@pytest.fixture
def soundcloud() -> Iterator[SoundCloudStandin]:
    """Give a SoundCloud with one account."""
    catalog = Catalog()
    catalog.add_user(User(id=1, permalink="ann", username="Ann"))
    with SoundCloudStandin(catalog) as running:
        yield running


def publish(standin: SoundCloudStandin, count: int) -> None:
    """Let the set have this many tracks."""
    for number in range(1, count + 1):
        if standin.catalog.track(number) is None:
            standin.catalog.add_track(Track(id=number, user_id=1, permalink=f"t{number}", title=f"Bob - {number}"))
    ids = tuple(range(1, count + 1))
    standin.catalog.add_playlist(Playlist(id=9, user_id=1, permalink="mix", title="Mix", track_ids=ids))


def run(home: Path, standin: SoundCloudStandin, *accept_shrink: str) -> tuple[Reconciled, int]:
    """List, link and write the playlist file; gives how many entries are known, too."""
    if not home.exists():
        home.mkdir()
        (home / "cratelog.toml").write_text(f'[[playlists]]\nurl = "{URL}"\n')
    environment = {
        "CRATELOG_HOME": str(home),
        "CRATELOG_SOUNDCLOUD_PROXY": standin.url,
        "CRATELOG_TLS_VERIFY": "0",
        "CRATELOG_RESOLUTION_ORDER": "none",
    }
    app = InsideApp(settings=load(home=home, environ=environment), shared_clock=SkippingClock())
    app.make_journal()
    app.mark_library()
    try:
        world = app.world()
        result = reconcile(world, ReconcileRequest(scope=LISTS_ONLY, accept_shrink=accept_shrink))
        state = world.journal.state(only=("playlists", "recordings"))
        assert len(state.recordings) >= len(state.playlists["soundcloud:set:9"].entries)
        return result, len(state.playlists["soundcloud:set:9"].entries)
    finally:
        app.close()


def test_an_empty_set_is_kept_in_step(tmp_path: Path, soundcloud: SoundCloudStandin) -> None:
    """F-empty: nothing to fetch, an empty playlist file, exit 0."""
    publish(soundcloud, 0)
    result, entries = run(tmp_path / "home", soundcloud)
    assert (result.exit_code, entries) == (ExitCode.FINE, 0)


def test_a_huge_set_is_listed_linked_and_not_believed_when_half_of_it_is_gone(
    tmp_path: Path, soundcloud: SoundCloudStandin
) -> None:
    """P1, I42: 5,000 entries come in by fifties; 2,400 of them the next day are held until a person vouches."""
    home = tmp_path / "home"
    publish(soundcloud, HUGE)
    result, entries = run(home, soundcloud)
    assert (result.problems, entries) == ({}, HUGE)
    requests = len(soundcloud.history)
    publish(soundcloud, 2_400)
    result, entries = run(home, soundcloud)
    assert result.exit_code is ExitCode.PARTIAL
    (problem,) = result.problems.values()
    assert problem.failure is FailureClass.COLLAPSED
    assert "--accept-shrink soundcloud:set:9" in problem.hint
    assert entries == HUGE
    assert len(soundcloud.history) - requests < requests / 4  # what is known is not described again
    result, entries = run(home, soundcloud, "soundcloud:set:9")
    assert (result.problems, entries) == ({}, 2_400)
