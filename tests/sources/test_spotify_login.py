"""The login to Spotify: agreed to on loopback, kept for its owner's eyes, refreshed, and over after six months."""

from __future__ import annotations

import os
import socket
import stat
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest

from engine.domain.errors import InterruptedRunError
from engine.domain.failure import FailureClass, Problem
from engine.sources.spotify.tokens import LOGIN_LASTS_US, TokenFile, Tokens
from engine.standins.server import Effect, Fault, Response
from engine.standins.spotify.faults import broken
from engine.workflows.login import Entered
from tests.fakes.machine import FakeStop
from tests.sources.spotify_account import HOUR_US, Account, listed
from tests.sources.spotify_browser import Browser, Waiting, callback, enter

DAY_S = 86_400


def _failure(answer: Entered | Problem) -> FailureClass:
    assert isinstance(answer, Problem)
    assert answer.hint
    return answer.failure


def test_a_person_agrees_and_the_login_is_theirs_alone(account: Account) -> None:
    """F45: one agreement, kept across processes, readable by its owner, good for 180 days."""
    account.file.remove()
    browser = Browser()
    source, entered = enter(account, browser)
    expires_us = account.clock.now_us() + LOGIN_LASTS_US
    assert entered == Entered(account="ada", expires_us=expires_us)
    (shown,) = browser.shown
    asked = dict(parse_qsl(urlsplit(shown).query))
    assert asked["redirect_uri"].startswith("http://127.0.0.1:")
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 32
    assert stat.S_IMODE(account.file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(account.file.path.parent.stat().st_mode) == 0o700
    assert [path.name for path in account.file.path.parent.iterdir()] == ["spotify.json"]
    assert listed(source, "spotify:liked").complete
    assert listed(account.source(), "spotify:liked").complete


def test_a_person_who_refuses_is_not_logged_in(account: Account) -> None:
    """F45: a refusal is told as one, and what was there before stays."""
    before = account.file.read()
    account.standin.accounts.agrees = False
    _, entered = enter(account, Browser())
    assert _failure(entered) is FailureClass.AUTH_EXPIRED
    assert isinstance(entered, Problem)
    assert "refused" in entered.detail
    assert account.file.read() == before


def test_an_error_of_spotifys_page_is_told(account: Account) -> None:
    """What is not the person's refusal is the app's trouble: the hint is how to make one."""
    state: list[str] = []

    def fail(url: str) -> str:
        state.append(parse_qs(urlsplit(url).query)["state"][0])
        return callback(url, urlencode({"error": "invalid_scope", "state": state[0]}))

    _, entered = enter(account, Browser(fail))
    assert isinstance(entered, Problem)
    assert "invalid_scope" in entered.detail
    assert "dashboard" in entered.hint


@pytest.mark.parametrize(("query", "path"), [("", "/favicon.ico"), ("", "/callback"), ("code=x", "/other")])
def test_other_visitors_of_the_port_change_nothing(tmp_path: Path, account: Account, query: str, path: str) -> None:
    """A browser asks for icons; the login waits on, and ends when nobody came."""
    account.clock = Waiting(FakeStop())
    browser = Browser(lambda url: callback(url, query, path))
    _, entered = enter(account, browser, timeout_s=2.0)
    assert _failure(entered) is FailureClass.TIMEOUT
    assert browser.statuses == [404]
    assert isinstance(entered, Problem)
    assert "http://127.0.0.1/callback" in entered.hint


def test_a_person_who_stops_it_is_heard(account: Account) -> None:
    """Ctrl-C ends the waiting."""
    stop = FakeStop()
    stop.asked = True
    account.clock = Waiting(stop)
    with pytest.raises(InterruptedRunError):
        enter(account, lambda _: None)


def test_a_port_that_is_taken_is_told(account: Account) -> None:
    """The hint is to take any other."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        _, entered = enter(account, Browser(), port=taken.getsockname()[1])
    assert _failure(entered) is FailureClass.INVALID_REQUEST


def test_without_an_app_the_hint_is_how_to_make_one(account: Account) -> None:
    """Nobody is sent to a page that cannot work."""
    browser = Browser()
    _, entered = enter(account, browser, client_id=None)
    assert _failure(entered) is FailureClass.INVALID_REQUEST
    assert isinstance(entered, Problem)
    assert "http://127.0.0.1/callback" in entered.hint
    assert browser.shown == []


@pytest.mark.parametrize(("status", "failure"), [(503, FailureClass.OVERLOADED), (500, FailureClass.REMOTE_ERROR)])
def test_an_exchange_that_fails_is_told_as_what_it_is(account: Account, status: int, failure: FailureClass) -> None:
    """A service that is unwell is no refusal."""
    account.standin.script(broken(path="/api/token", status=status))
    assert _failure(enter(account, Browser())[1]) is failure


def test_a_code_that_is_not_taken_is_a_refusal(account: Account) -> None:
    """Somebody else's code opens nothing."""

    def forge(url: str) -> str:
        state = parse_qs(urlsplit(url).query)["state"][0]
        return callback(url, urlencode({"code": "forged", "state": state}))

    _, entered = enter(account, Browser(forge))
    assert _failure(entered) is FailureClass.AUTH_EXPIRED
    assert isinstance(entered, Problem)
    assert "forged" not in repr(entered)


def test_without_a_login_nothing_is_asked_and_nothing_is_empty(account: Account) -> None:
    """F33, F45: no login is a problem with a hint, never an empty list."""
    account.file.remove()
    source = account.source()
    answer = source.list_playlist("spotify:liked")
    assert isinstance(answer, Problem)
    assert (answer.failure, answer.hint, answer.http_status) == (
        FailureClass.AUTH_EXPIRED,
        "sync login spotify",
        None,
    )
    assert account.asked() == []


def test_a_refresh_saves_what_spotify_rotates(account: Account) -> None:
    """F45: the old refresh token is of no use any more; the next process has the new one."""
    before = account.file.read()
    account.clock.pass_s(3_600)
    assert listed(account.source(), "spotify:liked").complete
    after = account.file.read()
    assert before is not None
    assert after is not None
    assert after.refresh_token != before.refresh_token
    assert (after.authorised_us, after.account) == (before.authorised_us, "ada")
    account.clock.pass_s(3_600)
    assert listed(account.source(), "spotify:liked").complete


def test_a_refresh_without_a_new_token_keeps_the_old_one(account: Account) -> None:
    """Apps with a secret rotate nothing."""
    account.standin.accounts.rotates = False
    before = account.file.read()
    account.clock.pass_s(3_600)
    assert listed(account.source(), "spotify:liked").complete
    after = account.file.read()
    assert before is not None
    assert after is not None
    assert after.refresh_token == before.refresh_token


def test_two_processes_that_refresh_are_both_served(account: Account) -> None:
    """The one that comes too late finds what the other one saved."""
    late, early = account.source(), account.source()
    for source in (late, early):
        listed(source, "spotify:liked")
    account.clock.pass_s(3_600)
    listed(early, "spotify:liked")
    assert listed(late, "spotify:liked").complete
    account.clock.pass_s(3_600)
    listed(early, "spotify:liked")
    account.clock.pass_s(3_600)
    assert listed(late, "spotify:liked").complete, "what was saved has ended meanwhile, and is refreshed in its turn"


def test_after_six_months_a_login_is_over_whatever_was_refreshed(account: Account) -> None:
    """C.1: `invalid_grant` means a new login, never an account without tracks (F33, F45)."""
    for _ in range(2):
        account.clock.pass_s(80 * DAY_S)
        assert listed(account.source(), "spotify:liked").complete
    account.clock.pass_s(21 * DAY_S)
    for url in ("spotify:liked", "spotify:playlist:37ZtNwjYgZ0Jc5yTRDzJqW"):
        answer = account.source().list_playlist(url)
        assert isinstance(answer, Problem)
        assert (answer.failure, answer.http_status) == (FailureClass.AUTH_EXPIRED, 400)
        assert answer.hint == "sync login spotify"
    expanded = account.source().expand("spotify:playlists")
    assert isinstance(expanded, Problem)


def test_a_login_that_is_over_is_asked_about_once(account: Account) -> None:
    """P9: three hundred playlists do not make three hundred refusals; a login made meanwhile is taken at once."""
    account.clock.pass_s(181 * DAY_S)
    source = account.source()
    for _ in range(3):
        assert isinstance(source.list_playlist("spotify:liked"), Problem)
    assert account.asked() == ["/api/token"]
    account.log_in()
    assert listed(source, "spotify:liked").complete
    account.asked()
    account.standin.accounts.revoke()
    for _ in range(3):
        assert isinstance(source.list_playlist("spotify:liked"), Problem)
    assert account.asked() == ["/v1/me/tracks", "/api/token"], "a refused access token is not tried again either"


@pytest.mark.parametrize(
    ("body", "failure"), [(b"{}", FailureClass.GARBAGE), (b"[]", FailureClass.GARBAGE), (b"<p>", FailureClass.GARBAGE)]
)
def test_an_unreadable_token_is_no_login(account: Account, body: bytes, failure: FailureClass) -> None:
    """What the accounts service answers is read as carefully as the rest."""
    account.clock.pass_s(3_600)
    account.standin.script(Fault(effect=Effect.ANSWER, path="/api/token", response=Response(body=body)))
    answer = account.source().list_playlist("spotify:liked")
    assert isinstance(answer, Problem)
    assert answer.failure is failure


def test_a_refresh_token_from_the_settings_does_as_well(account: Account) -> None:
    """F45: the one in the environment is refreshed, saved, and asked only once who it is."""
    account.file.remove()
    _, refresh = account.standin.grant()
    source = account.source(refresh_token=refresh)
    assert listed(source, "spotify:liked").ref == "spotify:liked:ada"
    account.asked()
    assert listed(account.source(refresh_token=refresh), "spotify:liked").ref == "spotify:liked:ada"
    assert account.asked() == ["/v1/me/tracks"]
    assert isinstance(account.source().list_playlist("spotify:liked"), Problem), "it was taken out of the settings"
    _, other = account.standin.grant()
    assert listed(account.source(refresh_token=other), "spotify:liked").complete
    assert "/api/token" in account.asked(), "another one is another login"


def test_a_secret_goes_out_with_the_token_it_belongs_to(account: Account) -> None:
    """A refresh token made with a secret is refreshed with it; a wrong secret is told."""
    account.file.remove()
    _, refresh = account.standin.grant()
    assert listed(account.source(refresh_token=refresh, client_secret="a-secret"), "spotify:liked").complete
    _, other = account.standin.grant()
    answer = account.source(refresh_token=other, client_secret="wrong").list_playlist("spotify:liked")
    assert isinstance(answer, Problem)
    assert answer.failure is FailureClass.INVALID_REQUEST
    assert "wrong" not in repr(answer)


def test_a_login_made_for_another_app_is_none(account: Account) -> None:
    """A client id that was changed makes a new login necessary."""
    answer = account.source(client_id="f" * 32).list_playlist("spotify:liked")
    assert isinstance(answer, Problem)
    assert answer.failure is FailureClass.AUTH_EXPIRED


def test_a_login_that_cannot_be_saved_is_told(account: Account, tmp_path: Path) -> None:
    """What Spotify rotated would be lost with the process."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    _, refresh = account.standin.grant()
    source = account.source(credentials=tmp_path / "file" / "spotify.json", refresh_token=refresh)
    answer = source.list_playlist("spotify:liked")
    assert isinstance(answer, Problem)
    assert answer.failure is FailureClass.PERMISSION


def test_leaving_forgets_the_login(account: Account) -> None:
    """What a person takes back is gone from the disk and from memory."""
    source = account.source()
    listed(source, "spotify:liked")
    assert source.door.leave()
    assert not account.file.path.exists()
    assert isinstance(source.list_playlist("spotify:liked"), Problem)
    assert not source.door.leave()
    assert source.door.source == "spotify"


def test_secrets_are_shown_nowhere(account: Account) -> None:
    """I53: neither a value's own description nor a problem holds a token."""
    tokens = account.file.read()
    assert tokens is not None
    config = account.config(client_secret="hunter2", refresh_token="hunter3")
    shown = repr(tokens) + repr(config)
    for secret in (tokens.refresh_token, tokens.access_token, "hunter2", "hunter3"):
        assert secret not in shown


def test_a_file_left_half_written_is_in_nobodys_way(tmp_path: Path) -> None:
    """A process that died leaves its own file only; the login is the one before or the one after."""
    file = TokenFile(tmp_path / "spotify.json")
    tokens = Tokens(client_id="c", refresh_token="r")
    file.write(tokens)
    for path in (file.path, *(file.path.parent.glob(".*"))):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    file.path.with_name(f".{file.path.name}.{os.getpid()}").write_text("half", encoding="utf-8")
    file.write(replace(tokens, access_token="a", access_expires_us=HOUR_US))
    assert file.read() == replace(tokens, access_token="a", access_expires_us=HOUR_US)
    file.path.write_text("{", encoding="utf-8")
    assert file.read() is None
