"""Logins: a person's agreement that a service may be asked in their name, how long it holds, and its end.

Records who and until when, never a token. What a login is for, its source knows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from engine.domain.envelope import Draft
from engine.domain.errors import EngineError, ExitCode, UsageError
from engine.domain.events import CredentialChanged
from engine.domain.failure import FailureClass, Patience, Problem, patience
from engine.domain.value import Value
from engine.ports import Journal
from engine.projections.rows import Credential
from engine.source_ports import Listing, Unchanged
from engine.workflows.decide import PERSON
from engine.workflows.logins import LOGGED_OUT
from engine.workflows.run import Run

WITH_LOGIN = frozenset({"spotify"})
"""Sources a person logs in to."""


class LoginRefusedError(EngineError):
    """The service or the person did not agree to the login."""

    exit_code = ExitCode.PARTIAL


class LoginPutOffError(EngineError):
    """Nobody agreed in time, or the service did not answer."""

    exit_code = ExitCode.TRY_LATER


Typed: TypeAlias = Callable[[str], str | None]
"""Asks a person for the address at which the browser ended, saying what was wrong with the last; None is none."""


class Entered(Value, frozen=True):
    """A login that was made: whose it is, empty while unknown, and when it ends by itself if it does."""

    account: str
    expires_us: int | None


class LoggedIn(Value, frozen=True):
    """A login as it was recorded."""

    source: str
    account: str
    expires_us: int | None
    seq: int


class Door(Protocol):
    """Where a person logs in to a source."""

    @property
    def source(self) -> str:
        """The source's name."""
        ...

    def enter(
        self, show: Callable[[str], None], *, port: int, timeout_s: float, typed: Typed | None = None
    ) -> Entered | Problem:
        """Let a person agree at the address handed to `show`; keeps the login."""
        ...

    def leave(self) -> bool:
        """Forget the login, and say whether there was one."""
        ...


def log_in(
    journal: Journal,
    door: Door,
    show: Callable[[str], None],
    *,
    port: int,
    timeout_s: float,
    typed: Typed | None = None,
) -> LoggedIn:
    """Log a person in and record it.

    Args:
        journal: where it is recorded.
        door: where the person logs in.
        show: shows the address to open.
        port: where a browser on this machine comes back to; 0 is any.
        timeout_s: how long it is waited for.
        typed: asks for the answer instead of waiting, where the browser is on another machine.

    Raises:
        UsageError: something is missing or wrong before anybody can be asked.
        LoginRefusedError: the person or the service did not agree.
        LoginPutOffError: nobody came in time, or the service did not answer.
    """
    journal.head()  # a home without a journal says so before a browser is opened
    entered = door.enter(show, port=port, timeout_s=timeout_s, typed=typed)
    if isinstance(entered, Problem):
        raise _error(entered)
    event = CredentialChanged(
        source=door.source,
        valid=True,
        account=entered.account or None,
        expires_us=entered.expires_us,
        detail="logged in",
    )
    seq = journal.append([Draft(event=event)], PERSON)[-1]
    return LoggedIn(source=door.source, account=entered.account, expires_us=entered.expires_us, seq=seq)


def log_out(journal: Journal, door: Door) -> int | None:
    """Forget a login and record it; nothing where there was none."""
    journal.head()
    if not door.leave():
        return None
    event = CredentialChanged(source=door.source, valid=False, detail=LOGGED_OUT)
    return journal.append([Draft(event=event)], PERSON)[-1]


def _error(problem: Problem) -> EngineError:
    if problem.failure is FailureClass.INVALID_REQUEST:
        return UsageError(problem.detail, hint=problem.hint)
    if patience(problem.failure) is Patience.BACKOFF:
        return LoginPutOffError(problem.detail, hint=problem.hint)
    return LoginRefusedError(problem.detail, hint=problem.hint)


def heed_login(run: Run, source: str, answer: Listing | Unchanged | Problem | tuple[str, ...]) -> None:
    """Record that a login is over when its service says so, and that it holds again when one answers."""
    if source not in WITH_LOGIN:
        return
    row: Credential | None = run.world.journal.row("credentials", source)
    if isinstance(answer, Problem):
        over = answer.failure is FailureClass.AUTH_EXPIRED and answer.http_status is not None
        if over and (row is None or row.valid):
            event = CredentialChanged(source=source, valid=False, detail=answer.detail)
            run.append([event], actor=f"source:{source}")
        return
    by_login = isinstance(answer, Unchanged) or (isinstance(answer, Listing) and answer.owner is not None)
    if by_login and row is not None and not row.valid:
        again = CredentialChanged(
            source=source, valid=True, account=row.account, expires_us=row.expires_us, detail="it is taken again"
        )
        run.append([again], actor=f"source:{source}")
