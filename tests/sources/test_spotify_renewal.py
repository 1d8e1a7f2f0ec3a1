"""Renewing a login: each refresh token is good once, and processes, full disks and lost answers come between."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from typing_extensions import override

from engine.domain.failure import FailureClass, Problem
from engine.sources.spotify.source import SpotifySource
from engine.sources.spotify.tokens import TokenFile, Tokens
from engine.standins import faults
from engine.standins.server import Fault, Request, Response
from engine.standins.spotify.faults import broken
from engine.standins.spotify.standin import SpotifyStandin
from tests.sources.spotify_account import Account, fake_clock, listed, seconds

DAY_S = 86_400
TOKEN = "/api/token"


def _problem(source: SpotifySource) -> Problem:
    answer = source.list_playlist("spotify:liked")
    assert isinstance(answer, Problem), answer
    return answer


def _lying(account: Account) -> Tokens:
    tokens = account.file.read()
    assert tokens is not None
    return tokens


def test_a_process_that_comes_late_takes_what_another_was_given(account: Account) -> None:
    """F45: a refresh token is good once; nobody sends one that was used already, not even to hear that it was."""
    late, early = account.source(), account.source()
    for source in (late, early):
        listed(source, "spotify:liked")
    account.clock.pass_s(3_600)
    listed(early, "spotify:liked")
    account.asked()
    assert listed(late, "spotify:liked").complete
    assert account.asked() == ["/v1/me/tracks"]


class _Meeting(SpotifyStandin):
    """Answers a grant only when somebody else had time to ask for one as well."""

    @override
    def handle(self, request: Request) -> Response:
        if request.path == TOKEN:
            self.met.wait(0.2)
        return super().handle(request)

    met = threading.Event()


def test_two_processes_that_renew_at_the_same_moment_ask_once(tmp_path: Path) -> None:
    """F45: while one asks, the other one waits for what it is given; nobody is told that the login is over."""
    clock = fake_clock()
    with _Meeting(clock=seconds(clock)) as standin:
        account = Account(standin, tmp_path, clock)
        account.log_in()
        clock.pass_s(3_600)
        sources = [account.source() for _ in range(3)]
        found: list[object] = []
        threads = [
            threading.Thread(target=lambda source=source: found.append(source.list_playlist("spotify:liked")))
            for source in sources
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for source in sources:
            source.close()
        assert [answer for answer in found if isinstance(answer, Problem)] == []
        assert account.asked().count(TOKEN) == 1


def test_a_login_that_was_ended_meanwhile_is_not_brought_back(account: Account) -> None:
    """`sync logout` beside a long run is the end of the login, not until that run renews it."""
    running = account.source()
    listed(running, "spotify:liked")
    assert account.source().door.leave()
    account.clock.pass_s(3_600)
    assert _problem(running).detail == "nobody is logged in to Spotify"
    assert account.file.read() is None


def test_a_login_that_was_made_meanwhile_is_not_overwritten(account: Account) -> None:
    """`sync login` as somebody else beside a long run: that run goes on as whoever is logged in now."""
    running = account.source()
    listed(running, "spotify:liked")
    with account.standin.edit() as catalog:
        catalog.add_user("bob")
    access, refresh = account.standin.grant("bob")
    account.file.write(replace(_lying(account), access_token=access, refresh_token=refresh, account="bob"))
    account.clock.pass_s(3_600)
    assert listed(running, "spotify:liked").ref == "spotify:liked:bob"
    assert _lying(account).account == "bob"


def test_a_list_is_never_half_of_one_account_and_half_of_another(account: Account) -> None:
    """The songs of whoever logs in while pages are turned are nobody's list."""
    with account.standin.edit() as catalog:
        catalog.add_user("bob")
        catalog.like("ada", *account.tracks(120))
        catalog.like("bob", *account.tracks(120, "Other"))
    access, refresh = account.standin.grant("bob")
    others = replace(_lying(account), access_token=access, refresh_token=refresh, account="bob")
    running = account.source()
    turn = running.client.saved

    def meanwhile(offset: int) -> object:
        if offset == 50:
            account.file.write(others)
            account.clock.pass_s(3_600)
        return turn(offset)

    running.client.saved = meanwhile  # type: ignore[method-assign,assignment]  # somebody comes between two pages
    assert "another account" in _problem(running).detail


def test_the_name_of_an_account_does_not_overwrite_a_newer_login(account: Account) -> None:
    """Who is logged in is asked for once, and told to the login it was asked with only."""
    account.file.write(replace(_lying(account), account=""))
    running = account.source()
    assert not running.client.logins.account
    with account.standin.edit() as catalog:
        catalog.add_user("bob")
    access, refresh = account.standin.grant("bob")
    account.file.write(replace(_lying(account), access_token=access, refresh_token=refresh, account="bob"))
    assert running.client.account() == "ada"
    assert _lying(account).account == "bob"


@pytest.mark.parametrize("fault", [faults.lost_response(path=TOKEN), faults.garbage(path=TOKEN)])
def test_a_renewal_whose_answer_is_lost_says_so_when_the_login_is_over(account: Account, fault: Fault) -> None:
    """The token that was sent may be of no use any more: the way out is a new login, and why is said."""
    account.clock.pass_s(3_600)
    account.standin.script(fault)
    first = _problem(account.source())
    assert first.failure in (FailureClass.NETWORK, FailureClass.GARBAGE)
    second = _problem(account.source())
    assert (second.failure, second.http_status, second.hint) == (FailureClass.AUTH_EXPIRED, 400, "sync login spotify")
    assert "lost on the way" in second.detail
    assert "lost on the way" in _problem(account.source()).detail, "another process says the same"


def test_a_renewal_that_did_not_arrive_is_sent_again(account: Account) -> None:
    """A token that was never used is good for another try."""
    account.clock.pass_s(3_600)
    account.standin.script(faults.lost_request(path=TOKEN))
    assert _problem(account.source()).failure is FailureClass.NETWORK
    assert listed(account.source(), "spotify:liked").complete
    assert not _lying(account).renewing


def test_a_renewal_that_was_refused_is_not_called_lost(account: Account) -> None:
    """A service that is unwell may have renewed it; one that said no has not."""
    account.clock.pass_s(3_600)
    account.standin.script(broken(path=TOKEN, status=429))
    assert _problem(account.source()).failure is FailureClass.RATE_LIMITED
    account.standin.accounts.revoke()
    for _ in range(2):
        assert _problem(account.source()).detail == "the login to Spotify is over"


def test_nothing_is_renewed_that_could_not_be_kept(account: Account) -> None:
    """A full disk costs nobody the login: Spotify would end the token that is on it."""
    account.clock.pass_s(3_600)
    source = account.source()
    in_the_way = account.file.path.with_name(f".{account.file.path.name}.{os.getpid()}")
    in_the_way.mkdir()
    (in_the_way / "full").write_text("", encoding="utf-8")
    for _ in range(2):
        problem = _problem(source)
        assert problem.failure is FailureClass.PERMISSION
        assert "make room" in problem.hint
    assert account.asked() == []
    (in_the_way / "full").unlink()
    in_the_way.rmdir()
    assert listed(source, "spotify:liked").complete


def test_a_clock_that_was_wrong_costs_one_question(account: Account) -> None:
    """An access token that looks fresh after the clock went back a day is refused, and renewed at once."""
    account.clock.pass_s(DAY_S)
    account.file.write(replace(_lying(account), access_expires_us=account.clock.now_us() + 2 * 86_400_000_000))
    account.asked()
    assert listed(account.source(), "spotify:liked").complete
    assert account.asked() == ["/v1/me/tracks", TOKEN, "/v1/me/tracks"]


def test_a_folder_that_is_not_there_keeps_nobody_from_it(tmp_path: Path) -> None:
    """The first login makes the folder."""
    file = TokenFile(tmp_path / "none" / "spotify.json")
    with file.alone():
        file.write(Tokens(client_id="c", refresh_token="r"))
    assert file.read() is not None
