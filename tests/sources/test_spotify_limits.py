"""Spotify's refusals and misfortunes, each as its own problem; nothing waits and nothing is an empty list."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from engine.domain.failure import FailureClass, Problem
from engine.standins import faults
from engine.standins.server import Effect, Fault, Response
from engine.standins.spotify.faults import broken, expired_token, throttled, throttled_in_plain_text
from engine.standins.spotify.standin import SpotifyStandin
from tests.fakes.machine import SECOND_US
from tests.sources.spotify_account import Account, address, fake_clock, known_of, listed, seconds

WEB = "/v1/.*"


def _problem(account: Account, url: str = "spotify:liked", **changes: object) -> Problem:
    answer = account.source(**changes).list_playlist(url)
    assert isinstance(answer, Problem), answer
    return answer


@pytest.mark.parametrize("fault", [throttled, throttled_in_plain_text])
def test_a_limit_of_hours_surfaces_at_once(account: Account, fault: Callable[..., Fault]) -> None:
    """P8: 79,892 s, as somebody was really told; nobody sleeps, nobody asks a second time."""
    account.standin.script(fault(retry_after_s=79_892))
    began_s = time.monotonic()
    problem = _problem(account)
    assert (problem.failure, problem.http_status, problem.retry_after_s) == (FailureClass.RATE_LIMITED, 429, 79_892)
    assert (len(account.asked()), account.clock.slept_s) == (1, [])
    assert time.monotonic() - began_s < 3_600
    assert "Bearer" not in str(problem)


@pytest.mark.parametrize(
    ("said", "retry_after_s"),
    [("12", 12.0), ("{then}", 90.0), ("-5", None), ("soon", None), ("", None)],
)
def test_a_time_to_come_back_is_read_in_both_notations(
    account: Account, said: str, retry_after_s: float | None
) -> None:
    """P8: seconds or a date; what is neither says nothing."""
    now = datetime.fromtimestamp(account.clock.now_us() / SECOND_US, UTC).replace(microsecond=0)
    account.clock.time_us = int(now.timestamp()) * SECOND_US
    header = said.replace("{then}", format_datetime(now + timedelta(seconds=90), usegmt=True))
    response = Response(status=429, headers=(("Retry-After", header),), body=b"{}")
    account.standin.script(Fault(effect=Effect.ANSWER, path=WEB, response=response))
    assert _problem(account).retry_after_s == retry_after_s


FAULTS: list[tuple[Fault, FailureClass, int | None]] = [
    (broken(path=WEB, status=500), FailureClass.REMOTE_ERROR, 500),
    (broken(path=WEB, status=503), FailureClass.OVERLOADED, 503),
    (broken(path=WEB, status=400), FailureClass.INVALID_REQUEST, 400),
    (faults.bad_gateway(path=WEB), FailureClass.REMOTE_ERROR, 502),
    (faults.garbage(path=WEB), FailureClass.GARBAGE, 200),
    (faults.truncated(path=WEB), FailureClass.NETWORK, None),
    (faults.lost_request(path=WEB), FailureClass.NETWORK, None),
    (faults.lost_response(path=WEB), FailureClass.NETWORK, None),
]


@pytest.mark.parametrize(("fault", "failure", "status"), FAULTS)
def test_every_misfortune_has_its_class(
    account: Account, fault: Fault, failure: FailureClass, status: int | None
) -> None:
    """F33: an error is a problem with a hint, and no list."""
    account.standin.script(fault)
    problem = _problem(account)
    assert (problem.failure, problem.http_status) == (failure, status)
    assert problem.hint
    assert len(account.asked()) == 1


@pytest.mark.parametrize(
    "body", [b"[]", b"null", b'"text"', b"{}", b'{"items": 1, "total": 1}', b'{"error": "a text"}', b""]
)
@pytest.mark.parametrize("url", ["spotify:liked", address("37ZtNwjYgZ0Jc5yTRDzJqW"), "spotify:playlists"])
def test_json_of_another_shape_is_unreadable(account: Account, body: bytes, url: str) -> None:
    """F33: whatever stands in a 200, it is no empty list unless it is one."""
    account.standin.script(Fault(effect=Effect.ANSWER, path=WEB, times=9, response=Response(body=body)))
    source = account.source()
    answer = source.expand(url) if url == "spotify:playlists" else source.list_playlist(url)
    assert isinstance(answer, Problem)
    assert answer.failure is FailureClass.GARBAGE


def test_silence_ends_after_the_time_that_was_set(account: Account) -> None:
    """A hanging answer keeps nobody waiting for longer than the settings say."""
    account.standin.script(faults.hang(path=WEB))
    assert _problem(account, timeout_s=0.2).failure is FailureClass.TIMEOUT


def test_an_error_in_another_shape_is_read_by_its_status(account: Account) -> None:
    """A gateway's own 403 is one too."""
    for body in (b'{"error": "denied"}', b"[]", b"plain"):
        response = Response(status=404, body=body)
        account.standin.script(Fault(effect=Effect.ANSWER, path=WEB, response=response))
        assert _problem(account).failure is FailureClass.NOT_FOUND


def test_nobody_follows_where_an_answer_leads(account: Account) -> None:
    """Credentials go to their own host only: a redirect is an answer nobody can read."""
    response = Response(status=302, headers=(("Location", f"{account.standin.url}/elsewhere"),))
    account.standin.script(Fault(effect=Effect.ANSWER, path=WEB, response=response))
    assert _problem(account).failure is FailureClass.GARBAGE
    assert account.asked() == ["/v1/me/tracks"]


def test_a_password_for_the_host_in_netrc_is_not_sent(
    account: Account, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests would put a ~/.netrc password in the place of the token."""
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login ann password hunter2\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert listed(account.source(), "spotify:liked").complete


def test_an_expired_token_is_refreshed_once(account: Account) -> None:
    """F45: the hour of an access token is nobody's trouble; a token that stays refused is."""
    account.standin.script(expired_token())
    assert listed(account.source(), "spotify:liked").complete
    assert account.asked() == ["/v1/me/tracks", "/api/token", "/v1/me/tracks"]
    account.standin.script(expired_token(times=9))
    problem = _problem(account)
    assert (problem.failure, problem.http_status) == (FailureClass.AUTH_EXPIRED, 401)
    assert problem.hint == "sync login spotify"


def test_a_person_the_app_does_not_know_is_told_of_the_dashboard(account: Account) -> None:
    """C.1: an app in development mode serves the accounts its owner let in."""
    account.standin.unregistered.add("ada")
    problem = _problem(account)
    assert (problem.failure, problem.http_status) == (FailureClass.AUTH_EXPIRED, 403)
    assert "dashboard" in problem.hint


def test_a_login_without_the_scope_is_told_to_be_made_again(account: Account) -> None:
    """A login made for less does not suffice, and a new one does."""
    access, _ = account.standin.grant(scopes=frozenset({"playlist-read-private"}))
    tokens = account.file.read()
    assert tokens is not None
    account.file.write(
        type(tokens)(
            client_id=tokens.client_id,
            refresh_token="x",
            access_token=access,
            account="ada",
            access_expires_us=account.clock.now_us() + 10**10,
        )
    )
    problem = _problem(account)
    assert (problem.failure, problem.http_status) == (FailureClass.AUTH_EXPIRED, 403)
    assert problem.hint == "sync login spotify"


@pytest.mark.parametrize(
    ("base", "failure"),
    [
        ("http://127.0.0.1:9", FailureClass.NETWORK),
        ("https://127.0.0.1:{port}", FailureClass.NETWORK),
        ("nowhere", FailureClass.INVALID_REQUEST),
    ],
)
def test_an_address_that_leads_nowhere_is_told(account: Account, base: str, failure: FailureClass) -> None:
    """Nobody there, no TLS there, no address at all."""
    port = account.standin.url.rpartition(":")[2]
    problem = _problem(account, api_base=base.replace("{port}", port))
    assert problem.failure is failure
    assert problem.hint


def test_a_certificate_of_ones_own_is_taken_where_the_settings_name_it(account: Account) -> None:
    """Whether certificates are checked is the session's word, not each request's."""
    assert _problem(account, api_base="https://127.0.0.1:9", tls_verify=False).failure is FailureClass.NETWORK
    assert listed(account.source(tls_verify=False), "spotify:liked").complete


@pytest.mark.parametrize("failing", ["/v1/me/playlists", "/v1/me/?"])
def test_a_shelf_that_cannot_be_read_is_a_problem(account: Account, failing: str) -> None:
    """F33: no playlists and no answer are two things."""
    tokens = account.file.read()
    assert tokens is not None
    account.file.write(type(tokens)(client_id=tokens.client_id, refresh_token=tokens.refresh_token))
    account.standin.script(broken(path=failing, status=503, times=9))
    answer = account.source().expand("spotify:playlists")
    assert isinstance(answer, Problem)
    assert answer.failure is FailureClass.OVERLOADED


def test_a_failing_library_fails_the_playlists_behind_it(account: Account) -> None:
    """P11: the fourth playlist asks for the whole library; its failure is told, and the next one asks again."""
    made = [account.playlist(f"{number}", []) for number in range(5)]
    account.standin.script(throttled(path="/v1/me/playlists"))
    source = account.source()
    answers = [source.list_playlist(address(playlist)) for playlist in made]
    assert [isinstance(answer, Problem) for answer in answers] == [False, False, False, True, False]


def test_a_playlist_whose_entries_fail_is_told_as_what_it_is(account: Account) -> None:
    """Only 403 and 404 mean that the tracks are withheld."""
    made = account.playlist("Mix", account.tracks(1))
    account.standin.script(broken(path=r"/v1/playlists/.*/items", status=500))
    assert _problem(account, address(made)).failure is FailureClass.REMOTE_ERROR


def test_a_login_made_for_less_hides_no_playlists(account: Account) -> None:
    """F33: without the scope Spotify leaves private playlists out, which looks as if there were none."""
    account.playlist("Secret", account.tracks(1))
    account.file.remove()
    _, narrow = account.standin.grant(scopes=frozenset({"user-library-read"}))
    answer = account.source(refresh_token=narrow).expand("spotify:playlists")
    assert isinstance(answer, Problem)
    assert (answer.failure, answer.hint) == (FailureClass.AUTH_EXPIRED, "sync login spotify")
    assert "private" in answer.detail
    _, whole = account.standin.grant()
    assert len(account.source(refresh_token=whole).expand("spotify:playlists")) == 1  # type: ignore[arg-type]  # no problem


def test_a_playlist_of_spotifys_own_is_complete_though_its_token_never_stands_still(tmp_path: Path) -> None:
    """C.2: an app with extended quota may read it, and what changes with every look is no change."""
    clock = fake_clock()
    with SpotifyStandin(mode="extended", clock=seconds(clock)) as standin:
        account = Account(standin, tmp_path, clock)
        account.log_in()
        with standin.edit() as catalog:
            catalog.add_user("spotify")
        songs = account.tracks(120)
        made = account.playlist("Today", songs, owner="spotify")
        source = account.source()
        listing = listed(source, address(made))
        assert (listing.complete, listing.watermark, len(listing.entries)) == (True, None, 120)
        assert listed(source, address(made), known_of(listing)).complete, "it is read anew: nothing says it is the same"
        source.close()
