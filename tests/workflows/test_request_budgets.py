"""What looking costs, through whole observations on stand-ins: the counts are what the servers saw (P9, F37)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from engine.domain.failure import Problem
from engine.source_ports import Source
from engine.sources.soundcloud.config import SoundCloudConfig
from engine.sources.soundcloud.source import SoundCloudSource
from engine.standins.server import Standin
from engine.standins.soundcloud.standin import SoundCloudStandin
from engine.standins.spotify.standin import SpotifyStandin
from engine.workflows.observe_sources import observe_sources
from engine.workflows.run import running
from tests.fakes.machine import FakeClock, FakeStop
from tests.fakes.place import Place
from tests.fakes.soundcloud import LIKES, SET, mentions, publish, standin_of_ann, upload
from tests.sources.spotify_account import Account

API = ("/resolve", "/tracks", "/playlists", "/users", "/search")
SPOTIFY_PLAYLISTS = 300


def look(place: Place, source: Source) -> dict[str, Problem]:
    """Observe every followed playlist once, as a run does."""
    world = replace(place.world(), sources=(source,))
    with running(world, "reconcile", ()) as run:
        return observe_sources(world, run)


def cost(standin: Standin, work: Callable[[], dict[str, Problem]], *, below: tuple[str, ...]) -> int:
    """Give how many requests a piece of work came to, what finds the client id apart."""
    begun = len(standin.history)
    assert work() == {}
    return sum(exchange.path.startswith(below) for exchange in standin.history[begun:])


@pytest.fixture
def soundcloud() -> Iterator[SoundCloudStandin]:
    """Give a SoundCloud with one user."""
    with standin_of_ann() as running_standin:
        yield running_standin


def test_a_set_of_five_hundred_costs_eleven_and_then_one(soundcloud: SoundCloudStandin, place: Place) -> None:
    """P9: one request lists it, ten describe it; unchanged it is one, and what is new is described alone."""
    upload(soundcloud, *range(1, 502))
    publish(soundcloud, *range(1, 501))
    place.urls = (SET,)
    with closing(SoundCloudSource(SoundCloudConfig(proxy=soundcloud.url, tls_verify=False))) as source:
        assert cost(soundcloud, lambda: look(place, source), below=API) == 11
        assert sum(row.described for row in place.state().sightings.values()) == 500
        head = place.journal.head().seq
        assert cost(soundcloud, lambda: look(place, source), below=API) == 1
        types = [recorded.event.TYPE for recorded in place.journal.read(after=head)]
        assert types == ["run.started", "scan.completed", "run.finished"]
        publish(soundcloud, 501, *range(1, 501))
        assert cost(soundcloud, lambda: look(place, source), below=API) <= 2
    assert len(place.state().playlists["soundcloud:set:9"].entries) == 501


def test_a_set_of_fifty_has_one_more_request_a_week(soundcloud: SoundCloudStandin, place: Place) -> None:
    """Decision 0009: unchanged it is one request a day; on one day in seven one more looks at all of its tracks."""
    upload(soundcloud, *range(1, 51))
    publish(soundcloud, *range(1, 51))
    place.urls = (SET,)
    with closing(SoundCloudSource(SoundCloudConfig(proxy=soundcloud.url, tls_verify=False))) as source:
        cost(soundcloud, lambda: look(place, source), below=API)
        costs = []
        for _ in range(7):
            place.clock.pass_s(86_400)
            costs.append(cost(soundcloud, lambda: look(place, source), below=API))
    assert sorted(costs) == [1, 1, 1, 1, 1, 1, 2]


def test_five_thousand_likes_cost_two_once_they_are_known(soundcloud: SoundCloudStandin, place: Place) -> None:
    """F37, P9: the user's count and the first page say that the rest is as it was."""
    upload(soundcloud, *range(1, 5_003))
    soundcloud.catalog.set_likes(1, mentions(*range(1, 5_001)))
    place.urls = (LIKES,)
    with closing(SoundCloudSource(SoundCloudConfig(proxy=soundcloud.url, tls_verify=False))) as source:
        first = cost(soundcloud, lambda: look(place, source), below=API)
        assert first == 26  # the user and 25 pages, each of which describes its own
        assert cost(soundcloud, lambda: look(place, source), below=API) == 2
        soundcloud.catalog.set_likes(1, mentions(5_001, 5_002, *range(1, 5_001)))
        assert cost(soundcloud, lambda: look(place, source), below=API) == 2
    state = place.state()
    assert len(state.playlists["soundcloud:likes:1"].entries) == 5_002
    assert all(row.described for row in state.sightings.values())


def test_three_hundred_playlists_of_spotify_cost_seven_once_they_are_known(tmp_path: Path, place: Place) -> None:
    """P9: six pages name every playlist with its change token, one says that the liked songs are as they were."""
    with SpotifyStandin() as standin:
        account = Account(standin, tmp_path, FakeClock(FakeStop()))
        account.log_in()
        uris = account.tracks(3)
        for number in range(SPOTIFY_PLAYLISTS):
            account.playlist(f"List {number}", uris)
        with standin.edit() as catalog:
            catalog.like("ada", *uris)
        place.urls = ("spotify:playlists", "spotify:liked")
        first, again = (_looked(place, account) for _ in range(2))
        assert (first > SPOTIFY_PLAYLISTS, again <= 7) == (True, True)
        assert len(place.state().playlists) == SPOTIFY_PLAYLISTS + 1


def _looked(place: Place, account: Account) -> int:
    with closing(account.source()) as source:
        return cost(account.standin, lambda: look(place, source), below=("/v1/",))
