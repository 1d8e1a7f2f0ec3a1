"""Logins as they are recorded: made, ended by a person, over by the service's word, and soon to end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from typing_extensions import override

from cli.render.report import report_text
from engine.domain.errors import EngineError, ExitCode, UsageError
from engine.domain.events import CredentialChanged
from engine.domain.failure import FailureClass, Problem
from engine.projections.rows import Credential
from engine.reconciler.schedule import SECOND_US
from engine.source_ports import Listing
from engine.workflows.login import Door, Entered, LoggedIn, LoginPutOffError, LoginRefusedError, Typed, log_in, log_out
from engine.workflows.logins import DAY_US, LOGGED_OUT, standings
from engine.workflows.report import report
from engine.workflows.status import status
from tests.fakes.memory_journal import MemoryJournal
from tests.fakes.place import Place
from tests.fakes.source import FakeSource

PAGE = "https://accounts.example/authorize"
NOW_US = 1_780_000_000_000_000
OVER = Problem(
    failure=FailureClass.AUTH_EXPIRED, detail="the login is over", hint="sync login spotify", http_status=400
)


class FakeDoor(Door):
    """A door that answers as told."""

    def __init__(self, answer: Entered | Problem, typed: list[Typed | None] | None = None) -> None:
        self.answer = answer
        self.typed = [] if typed is None else typed
        self.inside = True

    @property
    @override
    def source(self) -> str:
        return "spotify"

    @override
    def enter(
        self, show: Callable[[str], None], *, port: int, timeout_s: float, typed: Typed | None = None
    ) -> Entered | Problem:
        self.typed.append(typed)
        show(f"{PAGE}?port={port}&timeout={timeout_s}")
        return self.answer

    @override
    def leave(self) -> bool:
        was, self.inside = self.inside, False
        return was


def test_a_login_is_recorded_with_its_account_and_its_end() -> None:
    """F45: who, and until when; the secret lies elsewhere."""
    journal, shown = MemoryJournal(), list[str]()
    door = FakeDoor(Entered(account="ada", expires_us=NOW_US))
    found = log_in(journal, door, shown.append, port=8899, timeout_s=5.0)
    assert found == LoggedIn(source="spotify", account="ada", expires_us=NOW_US, seq=1)
    assert shown == [f"{PAGE}?port=8899&timeout=5.0"]
    row = journal.state().credentials["spotify"]
    assert (row.valid, row.account, row.expires_us) == (True, "ada", NOW_US)


def test_a_login_whose_account_is_not_said_is_recorded_with_its_end() -> None:
    """F45: its end is warned of all the same."""
    journal = MemoryJournal()
    typed: list[Typed | None] = []
    door = FakeDoor(Entered(account="", expires_us=NOW_US + 100 * DAY_US), typed)
    found = log_in(journal, door, list[str]().append, port=0, timeout_s=5.0, typed=lambda wrong: wrong)
    assert (found.account, len(typed)) == ("", 1)
    row = journal.state().credentials["spotify"]
    assert row.account is None
    (standing,) = standings([row], NOW_US)
    assert (standing.holds, standing.detail) == (True, "logged in, for 100 more days")


@pytest.mark.parametrize(
    ("failure", "error", "code"),
    [
        (FailureClass.INVALID_REQUEST, UsageError, ExitCode.USAGE),
        (FailureClass.AUTH_EXPIRED, LoginRefusedError, ExitCode.PARTIAL),
        (FailureClass.PERMISSION, LoginRefusedError, ExitCode.PARTIAL),
        (FailureClass.TIMEOUT, LoginPutOffError, ExitCode.TRY_LATER),
        (FailureClass.RATE_LIMITED, LoginPutOffError, ExitCode.TRY_LATER),
    ],
)
def test_a_login_that_fails_ends_with_its_code_and_records_nothing(
    failure: FailureClass, error: type[EngineError], code: ExitCode
) -> None:
    """docs/spotify.md: 2, 20 and 75, each with its hint."""
    journal = MemoryJournal()
    problem = Problem(failure=failure, detail="no", hint="do this")
    with pytest.raises(error) as raised:
        log_in(journal, FakeDoor(problem), print, port=0, timeout_s=1.0)
    assert (raised.value.exit_code, raised.value.hint) == (code, "do this")
    assert journal.events == []


def test_a_person_ends_a_login_once() -> None:
    """What was not there is not ended; nobody is told to log in again."""
    journal, door = MemoryJournal(), FakeDoor(Entered(account="ada", expires_us=None))
    log_in(journal, door, lambda _: None, port=0, timeout_s=1.0)
    assert log_out(journal, door) == 2
    assert log_out(journal, door) is None
    row = journal.state().credentials["spotify"]
    assert (row.valid, row.detail, row.account) == (False, LOGGED_OUT, "ada")
    assert status(journal.state(), NOW_US).logins == ()


def _spotify(place: Place) -> FakeSource:
    place.source = FakeSource("spotify")
    place.targets = {}
    return place.source


def _changes(place: Place) -> list[CredentialChanged]:
    events = (recorded.event for recorded in place.journal.read())
    return [event for event in events if isinstance(event, CredentialChanged)]


def test_a_service_that_takes_a_login_no_more_is_recorded_once_and_heals(place: Place) -> None:
    """F45: `valid: false` when it says so, `valid: true` when it answers again."""
    source = _spotify(place)
    url = source.publish("Mix", (1, 2))
    place.urls = (url,)
    place.reconcile()
    good = source.listings[url]
    assert _changes(place) == []
    source.listings[url] = OVER
    for _ in range(2):
        place.reconcile()
    (ended,) = _changes(place)
    assert (ended.source, ended.valid, ended.detail) == ("spotify", False, "the login is over")
    source.listings[url] = good
    place.reconcile()
    place.reconcile()
    assert [event.valid for event in _changes(place)] == [False, True]


def test_a_listing_without_an_owner_proves_no_login(place: Place) -> None:
    """What this machine's own player says came without any login."""
    source = _spotify(place)
    url = source.publish("Mix", (1,))
    place.urls = (url,)
    good = source.listings[url]
    source.listings[url] = OVER
    place.reconcile()
    assert isinstance(good, Listing)
    source.listings[url] = replace(good, owner=None)
    place.reconcile()
    assert [event.valid for event in _changes(place)] == [False]


def test_no_login_at_all_and_other_sources_record_nothing(place: Place) -> None:
    """Nobody logged in is no login that ended; a source without logins has none."""
    source = _spotify(place)
    url = source.publish("Mix", (1,))
    place.urls = (url,)
    source.listings[url] = Problem(failure=FailureClass.AUTH_EXPIRED, detail="nobody is logged in")
    place.reconcile()
    source.listings[url] = Problem(failure=FailureClass.TIMEOUT, detail="silence")
    place.reconcile()
    assert _changes(place) == []


def _row(days: float | None, *, valid: bool = True, detail: str = "", account: str | None = "ada") -> Credential:
    expires_us = None if days is None else NOW_US + int(days * DAY_US)
    return Credential(source="spotify", valid=valid, account=account, expires_us=expires_us, detail=detail)


@pytest.mark.parametrize(
    ("row", "holds", "detail", "told"),
    [
        (_row(180), True, "logged in as ada, for 180 more days", False),
        (_row(None, account=None), True, "logged in by a refresh token from the settings", False),
        (_row(14.5), True, "logged in as ada, for 14 more days", False),
        (_row(13.9), True, "the login as ada ends in 13 days", True),
        (_row(1.5), True, "the login as ada ends in 1 day", True),
        (_row(0.5), True, "the login as ada ends within a day", True),
        (_row(-0.1), False, "the login as ada has ended", True),
        (_row(100, valid=False, detail="over"), False, "needs a login: over", True),
    ],
)
def test_a_login_is_spoken_of_two_weeks_before_it_ends(row: Credential, holds: bool, detail: str, told: bool) -> None:  # noqa: FBT001 - a table of cases
    """C.1: six months after the agreement it ends; that is said ahead, with what to do."""
    (login,) = standings([row], NOW_US)
    assert (login.holds, login.detail) == (holds, detail)
    assert login.remedy == ("sync login spotify" if told else "")


def test_the_status_advises_a_new_login() -> None:
    """F45: what will stop working is said before it does."""
    expires_us = NOW_US + 3 * DAY_US
    journal = MemoryJournal(CredentialChanged(source="spotify", valid=True, account="ada", expires_us=expires_us))
    found = status(journal.state(), NOW_US + 10 * SECOND_US)
    assert "log in to spotify again (the login as ada ends in 2 days): sync login spotify" in found.next


def test_a_login_to_be_made_again_is_advised_once(place: Place) -> None:
    """F45: three hundred playlists behind one login need one login."""
    source = FakeSource("spotify")
    place.others = (source,)
    place.targets = {}
    place.urls = tuple(source.publish(f"Crate {number}", (1,), number=number) for number in range(4))
    for url in place.urls:
        source.listings[url] = OVER
    place.reconcile()
    found = status(place.state(), place.clock.now_us())
    assert len([scope for scope in found.scopes if scope.failures]) == 4
    assert [line for line in found.next if "sync login spotify" in line] == [
        "log in to spotify again (needs a login: the login is over): sync login spotify"
    ]


def test_the_report_of_a_run_names_the_login_to_be_made_again(place: Place) -> None:
    """F45: whoever reads what a run did reads what will stop the next ones."""
    source = _spotify(place)
    place.urls = (source.publish("Mix", (1,)),)
    expires_us = place.clock.now_us() + 3 * DAY_US
    entered = Entered(account="ada", expires_us=expires_us)
    log_in(place.journal, FakeDoor(entered), lambda _: None, port=0, timeout_s=1.0)
    place.reconcile()
    (login,) = report(place.journal).logins
    assert (login.holds, login.detail) == (True, "the login as ada ends in 2 days")
    assert "spotify: the login as ada ends in 2 days: sync login spotify" in report_text(report(place.journal))
