"""The door to Spotify: forged and stale answers, a browser elsewhere, and logins that turn out to be of no use."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from typing_extensions import override

from engine.domain.failure import FailureClass, Problem
from engine.sources.spotify.source import SpotifySource
from engine.sources.spotify.tokens import LOGIN_LASTS_US
from engine.standins.spotify.faults import broken, throttled
from engine.workflows.limits import RemoteBlockedError
from engine.workflows.login import Entered
from tests.fakes.machine import FakeStop
from tests.sources.spotify_account import Account, listed
from tests.sources.spotify_browser import Browser, Waiting, callback, enter


def _query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def _changed(url: str, **changes: str) -> str:
    return urlsplit(url)._replace(query=urlencode({**_query(url), **changes})).geturl()


def _no_state(url: str) -> str:
    query = {name: value for name, value in _query(url).items() if name != "state"}
    return urlsplit(url)._replace(query=urlencode(query)).geturl()


@pytest.mark.parametrize("change", [lambda url: _changed(url, state="another"), _no_state])
def test_an_answer_to_another_login_is_not_taken(account: Account, change: Callable[[str], str]) -> None:
    """Whoever brings a code brings the state that went out with the question; the browser is told of it."""
    account.clock = Waiting(FakeStop())
    browser = Browser(change)
    _, entered = enter(account, browser, timeout_s=2.0)
    assert isinstance(entered, Problem)
    assert entered.failure is FailureClass.AUTH_EXPIRED
    assert "another login" in entered.detail
    assert browser.statuses == [400]
    assert "/api/token" not in account.asked()


def test_a_forged_answer_does_not_end_the_login_that_waits(account: Account) -> None:
    """Any page may send a browser to the port; the person's own answer comes after it, and counts."""

    def forge_then_agree(url: str) -> str:
        for query in ("code=forged&state=forged", "error=access_denied", "code=forged"):
            with pytest.raises(urllib.error.HTTPError) as raised:
                urllib.request.urlopen(callback(url, query), timeout=10)
            raised.value.close()
        return url

    class Forged(Browser):
        @override
        def _open(self, url: str) -> None:
            super()._open(forge_then_agree(url))

    _, entered = enter(account, Forged())
    assert isinstance(entered, Entered)
    assert account.asked().count("/api/token") == 1


def test_a_port_of_ones_own_does_twice_in_a_row(account: Account) -> None:
    """A connection that has just ended keeps nobody from listening to the port again."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for _ in range(2):
        assert isinstance(enter(account, Browser(), port=port)[1], Entered)


class Elsewhere:
    """A person whose browser runs on another machine: opens what is shown there, and pastes where it ended."""

    def __init__(self, *pasted: str | None, port: int = 0) -> None:
        self.shown = ""
        self.asked: list[str] = []
        self._pasted = list(pasted)
        self._port = port

    def show(self, url: str) -> None:
        """Keep what was shown."""
        self.shown = url

    def __call__(self, wrong: str) -> str | None:
        """Paste what is next, or where the browser ended."""
        self.asked.append(wrong)
        return self._pasted.pop(0) if self._pasted else f"{self.ended()}\r\n"

    def ended(self) -> str:
        """Give where the consent page sent the browser, which cannot open it."""

        class Stay(urllib.request.HTTPRedirectHandler):
            @override
            def redirect_request(self, *_: object) -> None:
                return None

        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.build_opener(Stay).open(self.shown, timeout=10)
        raised.value.close()
        return str(raised.value.headers["Location"])

    def enter(self, account: Account) -> tuple[SpotifySource, Entered | Problem]:
        """Log in."""
        source = account.source()
        return source, source.door.enter(self.show, port=self._port, timeout_s=0.0, typed=self)


@pytest.mark.parametrize("port", [0, 8899])
def test_a_browser_on_another_machine_does_as_well(account: Account, port: int) -> None:
    """A server without a screen: nothing listens, and the address in the browser's bar is pasted."""
    account.file.remove()
    person = Elsewhere(port=port)
    source, entered = person.enter(account)
    assert entered == Entered(account="ada", expires_us=account.clock.now_us() + LOGIN_LASTS_US)
    redirect = parse_qs(urlsplit(person.shown).query)["redirect_uri"]
    assert redirect == ["http://127.0.0.1:8899/callback" if port else "http://127.0.0.1/callback"]
    assert listed(source, "spotify:liked").complete


def test_a_person_may_paste_something_else_first(account: Account) -> None:
    """A wrong text is told, and asked for again, three times in all."""
    other = "http://127.0.0.1/callback?code=x&state=other\n"
    person = Elsewhere("what?\n", other)
    assert isinstance(person.enter(account)[1], Entered)
    assert person.asked == ["", "that is no address with an answer", "that is the answer to another login"]
    account.asked()
    for pasted, failure in (
        (("http://[", "", "x"), FailureClass.TIMEOUT),
        ((None,), FailureClass.TIMEOUT),
        ((other, other, other), FailureClass.AUTH_EXPIRED),
    ):
        _, entered = Elsewhere(*pasted).enter(account)
        assert isinstance(entered, Problem)
        assert (entered.failure, bool(entered.hint)) == (failure, True)
    assert account.asked() == []


def test_a_refusal_can_be_pasted_as_well(account: Account) -> None:
    """The person said no on the other machine."""
    account.standin.accounts.agrees = False
    _, entered = Elsewhere().enter(account)
    assert isinstance(entered, Problem)
    assert "refused" in entered.detail


def test_a_login_that_spotify_refuses_leaves_the_one_before(account: Account) -> None:
    """C.1: an app serves the accounts its owner let in; another person's try costs nobody the login."""
    before = account.file.read()
    with account.standin.edit() as catalog:
        catalog.add_user("bob")
    account.standin.unregistered.add("bob")
    account.standin.accounts.signed_in = "bob"
    source, entered = enter(account, Browser())
    assert isinstance(entered, Problem)
    assert "dashboard" in entered.hint
    assert account.file.read() == before
    assert listed(source, "spotify:liked").ref == "spotify:liked:ada"
    account.file.remove()
    assert isinstance(enter(account, Browser())[1], Problem)
    assert account.file.read() is None


@pytest.mark.parametrize("fault", [throttled(path="/v1/me/?"), broken(path="/v1/me/?", status=503)])
def test_a_login_whose_account_cannot_be_asked_for_is_one(account: Account, fault: object) -> None:
    """The person agreed: it is kept with its end, and who it is is asked at the next look."""
    account.file.remove()
    account.standin.script(fault)  # type: ignore[arg-type]  # one of the two above
    source, entered = enter(account, Browser())
    assert entered == Entered(account="", expires_us=account.clock.now_us() + LOGIN_LASTS_US)
    assert listed(source, "spotify:liked").ref == "spotify:liked:ada"


def test_a_person_may_log_in_while_the_web_api_wants_to_be_left_alone(account: Account) -> None:
    """P8: a wait of hours that the Web API asked for is none of the accounts service, and burns no agreement."""

    def pace(remote: str) -> None:
        if remote == "spotify":
            raise RemoteBlockedError(Problem(failure=FailureClass.RATE_LIMITED, detail="another 22 h"))

    source = SpotifySource(account.config(), clock=account.clock, pace=pace)
    browser = Browser()
    entered = source.door.enter(browser, port=0, timeout_s=30.0)
    browser.wait()
    source.close()
    assert isinstance(entered, Entered)
    assert entered.account == ""


def test_a_login_that_cannot_be_kept_is_none(account: Account) -> None:
    """A full disk leaves the login before it as it was."""
    before = account.file.read()
    config = account.config(credentials=account.file.path / "below" / "spotify.json")
    source = SpotifySource(config, clock=account.clock, pace=account.paced.append)
    browser = Browser()
    entered = source.door.enter(browser, port=0, timeout_s=30.0)
    browser.wait()
    source.close()
    assert isinstance(entered, Problem)
    assert entered.failure is FailureClass.PERMISSION
    assert account.file.read() == before
