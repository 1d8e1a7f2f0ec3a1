"""Spotify through whole runs: what is kept in step, what is told when the login ends, and what is written nowhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from msgspec.structs import replace as changed

from engine.domain.envelope import Draft
from engine.domain.errors import ExitCode
from engine.domain.events import CapabilityLearned, CredentialChanged
from engine.domain.failure import Availability, FailureClass
from engine.journal.sqlite_journal import create_journal
from engine.standins.spotify.records import Playing
from engine.workflows.decide import PERSON
from engine.workflows.reconcile import Reconciled, ReconcileRequest, reconcile
from tests.fakes.place import Place
from tests.sources.spotify_account import Account, address

DAY_S = 86_400


@pytest.fixture
def place(tmp_path: Path, account: Account) -> Place:
    """Give a world without targets whose time is the account's."""
    path = tmp_path / "journal.sqlite3"
    create_journal(path, clock=account.clock, program_version="t").close()
    made = Place(path=path)
    made.clock = account.clock
    made.targets = {}
    made.policy = changed(made.policy, targets=())
    return made


def _run(place: Place, account: Account, *urls: str) -> Reconciled:
    place.urls = urls or place.urls
    return reconcile(replace(place.world(), sources=(account.source(),), clock=account.clock), ReconcileRequest())


def _events(place: Place, kind: type) -> list[object]:
    return [recorded.event for recorded in place.journal.read() if isinstance(recorded.event, kind)]


def test_everything_of_an_account_is_seen_once_and_then_costs_next_to_nothing(place: Place, account: Account) -> None:
    """P9, F41: playlists and liked songs are sightings without audio; the second run asks twice and writes nothing."""
    songs = account.tracks(3)
    made = [account.playlist(name, [songs[number], songs[2]]) for number, name in enumerate(("One", "Two"))]
    with account.standin.edit() as catalog:
        catalog.like("ada", *songs)
    result = _run(place, account, "spotify:playlists", "spotify:liked")
    assert (result.exit_code, result.problems) == (ExitCode.FINE, {})
    state = place.journal.state()
    assert {row.ref for row in state.playlists.values() if row.seen} == {
        *(f"spotify:playlist:{playlist}" for playlist in made),
        "spotify:liked:ada",
    }
    assert {row.availability for row in state.sightings.values()} == {Availability.METADATA_ONLY}
    account.asked()
    again = _run(place, account)
    assert again.exit_code is ExitCode.FINE
    assert account.asked() == ["/v1/me/playlists", "/v1/me/tracks"]
    assert place.journal.state(only=("playlists",)).playlists == state.playlists


def test_what_plays_is_heard_run_after_run(place: Place, account: Account) -> None:
    """M8, F46: the list grows; the playlist it plays from is seen with it."""
    songs = account.tracks(2)
    made = account.playlist("Mix", songs)
    for song in songs:
        with account.standin.edit() as catalog:
            catalog.play("ada", Playing(item=song, context=f"spotify:playlist:{made}"))
        assert _run(place, account, "spotify:playing").exit_code is ExitCode.FINE
    with account.standin.edit() as catalog:
        catalog.play("ada", None)
    assert _run(place, account).exit_code is ExitCode.FINE
    rows = place.journal.state(only=("playlists",)).playlists
    assert rows["spotify:playing"].entries == tuple(songs)
    assert rows[f"spotify:playlist:{made}"].entries == tuple(songs)


def test_a_login_that_ends_is_told_and_nothing_is_lost(place: Place, account: Account) -> None:
    """F33, F45: `needs login` at every listing, one event of it, the playlists as they were; a new login heals all."""
    made = account.playlist("Mix", account.tracks(2))
    _run(place, account, "spotify:playlists", address(made))
    before = place.journal.state(only=("playlists",)).playlists
    account.clock.pass_s(181 * DAY_S)
    for _ in range(2):
        result = _run(place, account)
        assert result.exit_code is ExitCode.PARTIAL
        assert {problem.failure for problem in result.problems.values()} == {FailureClass.AUTH_EXPIRED}
        assert {problem.hint for problem in result.problems.values()} == {"sync login spotify"}
        account.clock.pass_s(DAY_S)
    (ended,) = _events(place, CredentialChanged)
    assert isinstance(ended, CredentialChanged)
    assert (ended.source, ended.valid) == ("spotify", False)
    assert place.journal.state(only=("playlists",)).playlists == before
    account.log_in()
    assert _run(place, account).exit_code is ExitCode.FINE
    assert [event.valid for event in _events(place, CredentialChanged)] == [False, True]  # type: ignore[attr-defined]  # of that class


def test_a_playlist_of_anothers_is_learned_once_and_not_asked_for_again(place: Place, account: Account) -> None:
    """F44: one event with its hint, said once; for a week nobody asks, and no run fails because of it."""
    with account.standin.edit() as catalog:
        catalog.add_user("bob")
    made = account.playlist("Bob's", account.tracks(1), owner="bob")
    (problem,) = _run(place, account, address(made)).problems.values()
    assert problem.failure is FailureClass.NOT_ALLOWED
    assert "CSV" in problem.hint
    account.asked()
    result = _run(place, account)
    assert (result.exit_code, result.problems) == (ExitCode.FINE, {})
    assert account.asked() == []
    (learned,) = _events(place, CapabilityLearned)
    assert isinstance(learned, CapabilityLearned)
    assert not learned.allowed


def test_with_a_second_login_the_first_ones_playlists_are_said_to_be_its_own(place: Place, account: Account) -> None:
    """What another account may not read is not gone: it is said once whose it is, and its login reads it again."""

    def logs_in(user: str) -> None:
        access, refresh = account.standin.grant(user)
        tokens = account.file.read()
        assert tokens is not None
        account.file.write(replace(tokens, access_token=access, refresh_token=refresh, account=user))
        event = CredentialChanged(source="spotify", valid=True, account=user, detail="logged in")
        place.journal.append([Draft(event=event)], PERSON)

    with account.standin.edit() as catalog:
        catalog.add_user("bob")
    logs_in("ada")
    songs = account.tracks(3)
    made = account.playlist("Mix", songs[:2])
    _run(place, account, "spotify:playlists")
    with account.standin.edit() as catalog:
        catalog.add(made, songs[2])
    logs_in("bob")
    (problem,) = _run(place, account).problems.values()
    assert problem.failure is FailureClass.NOT_ALLOWED
    assert problem.detail == "it is ada's, and spotify does not show it to bob, who is logged in now"
    for _ in range(2):
        assert _run(place, account).problems == {}
    row = place.journal.row("playlists", f"spotify:playlist:{made}")
    assert row is not None
    assert row.entries == tuple(songs[:2])
    logs_in("ada")
    assert _run(place, account).problems == {}
    row = place.journal.row("playlists", f"spotify:playlist:{made}")
    assert row is not None
    assert row.entries == tuple(songs)


def test_the_journal_holds_no_token(place: Place, account: Account, tmp_path: Path) -> None:
    """I53: in good runs and in bad ones, what opens the account lies in its own file only."""
    account.playlist("Mix", account.tracks(1))
    _run(place, account, "spotify:playlists", "spotify:liked")
    secrets = []
    for _ in range(2):
        tokens = account.file.read()
        assert tokens is not None
        secrets += [tokens.access_token, tokens.refresh_token]
        account.clock.pass_s(3_600)
        _run(place, account)
    account.standin.accounts.revoke()
    account.clock.pass_s(3_600)
    _run(place, account)
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert [secret for secret in secrets if secret.encode() in written] == []
