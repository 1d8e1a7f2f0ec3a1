"""The fallback chain on real sources and stand-ins: what is playing, then SoundCloud, then Spotify, then the batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec.structs import replace as changed

from engine.domain.errors import ExitCode
from engine.domain.events import ChainLinkEnded
from engine.domain.failure import FailureClass
from engine.source_ports import Source
from engine.sources.soundcloud.config import SoundCloudConfig
from engine.sources.soundcloud.source import SoundCloudSource
from engine.standins.soundcloud.faults import throttled
from engine.standins.soundcloud.standin import SoundCloudStandin
from engine.standins.spotify.records import Playing
from engine.standins.spotify.standin import SpotifyStandin
from engine.workflows.chain import ChainRequest
from engine.workflows.reconcile import Reconciled, ReconcileRequest, reconcile
from tests.fakes.machine import FakeClock, FakeStop
from tests.fakes.place import Place
from tests.fakes.soundcloud import SET, publish, standin_of_ann, upload
from tests.sources.spotify_account import Account

LINKS = ("playing", "soundcloud", "spotify", "batch")
DAY_S = 86_400


@pytest.fixture
def soundcloud() -> Iterator[SoundCloudStandin]:
    """Give a SoundCloud with a set of two tracks."""
    with standin_of_ann() as standin:
        upload(standin, 1, 2, 3)
        publish(standin, 1, 2)
        yield standin


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    """Give a person who is logged in to Spotify, where nothing is playing, with one playlist of one track."""
    with SpotifyStandin() as standin:
        made = Account(standin, tmp_path, FakeClock(FakeStop()))
        made.log_in()
        made.playlist("Late", made.tracks(1))
        yield made


@contextmanager
def opened(soundcloud: SoundCloudStandin, account: Account) -> Iterator[Sequence[Source]]:
    """Give both sources as a new run of the program would make them."""
    with ExitStack() as stack:
        yield (
            stack.enter_context(closing(SoundCloudSource(SoundCloudConfig(proxy=soundcloud.url, tls_verify=False)))),
            stack.enter_context(closing(account.source())),
        )


def walk(place: Place, soundcloud: SoundCloudStandin, account: Account, *, all_links: bool = False) -> Reconciled:
    """Run the chain once, with a library as the only target."""
    place.policy = changed(place.policy, targets=("library",))
    place.targets = {"library": place.targets["library"]}
    place.urls = (SET, "spotify:playlists")
    chain = ChainRequest(links=LINKS, all_links=all_links)
    with opened(soundcloud, account) as sources:
        return reconcile(replace(place.world(), sources=tuple(sources)), ReconcileRequest(chain=chain))


def endings(place: Place, run_id: str) -> list[tuple[str, str, FailureClass | None]]:
    """Give how each link of a run ended."""
    ended = (recorded.event for recorded in place.journal.read(run_id=run_id, types=["chain.link_ended"]))
    return [(event.link, str(event.result), event.failure) for event in ended if isinstance(event, ChainLinkEnded)]


def test_the_chain_falls_through_to_what_has_news(
    place: Place, soundcloud: SoundCloudStandin, account: Account
) -> None:
    """M9, F47: nothing playing is an answer, the first link with news ends the chain, and its tracks are fetched."""
    first = walk(place, soundcloud, account)
    assert endings(place, first.run_id) == [
        ("playing", "nothing_new", None), ("soundcloud", "found", None), ("spotify", "skipped", None),
        ("batch", "skipped", None),
    ]  # fmt: skip
    assert (first.exit_code, place.sends()) == (ExitCode.FINE, 3)  # two tracks and a playlist file
    again = walk(place, soundcloud, account)
    assert [result for _, result, _ in endings(place, again.run_id)] == [
        "nothing_new",
        "nothing_new",
        "found",
        "skipped",
    ]
    last = walk(place, soundcloud, account)
    assert {result for _, result, _ in endings(place, last.run_id)} == {"nothing_new"}
    assert last.exit_code is ExitCode.FINE


def test_a_limit_and_a_login_that_ended_are_told_apart_and_stop_nobody_else(
    place: Place, soundcloud: SoundCloudStandin, account: Account
) -> None:
    """F33, F45, P8, P11: each failed link has its class; a wait of a day is asked for, heeded and not slept through."""
    soundcloud.script(throttled(path="/resolve", retry_after_s=DAY_S))
    account.standin.accounts.revoke()
    account.standin.accounts.expire_access()
    result = walk(place, soundcloud, account, all_links=True)
    assert endings(place, result.run_id) == [
        ("playing", "failed", FailureClass.AUTH_EXPIRED), ("soundcloud", "failed", FailureClass.RATE_LIMITED),
        ("spotify", "failed", FailureClass.AUTH_EXPIRED), ("batch", "nothing_new", None),
    ]  # fmt: skip
    assert result.exit_code is not ExitCode.FINE
    assert place.state().playlists == {}
    asked = len(soundcloud.history)
    walk(place, soundcloud, account)
    assert len(soundcloud.history) == asked


def test_what_plays_is_taken_up_first(place: Place, soundcloud: SoundCloudStandin, account: Account) -> None:
    """M9, F46: the track that plays is news, and is remembered as heard when another plays."""
    with account.standin.edit() as catalog:
        uris = [uri for playlist in catalog.playlists.values() for uri in (playlist[-1].entries[0].item,)]
        catalog.play("ada", Playing(item=str(uris[0])))
    result = walk(place, soundcloud, account)
    assert endings(place, result.run_id)[0] == ("playing", "found", None)
    assert len(place.state().playlists["spotify:playing"].entries) == 1
    with account.standin.edit() as catalog:
        catalog.play("ada", None)
    assert endings(place, walk(place, soundcloud, account).run_id)[0] == ("playing", "nothing_new", None)
    assert len(place.state().playlists["spotify:playing"].entries) == 1
