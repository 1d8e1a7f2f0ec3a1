"""What a service does not give us: learned as an event, said once, and asked for again after a week (F44).

A person who follows the playlist anew or logs in again has done something about it, and is told again what comes of it.
"""

from __future__ import annotations

from engine.domain.events import CapabilityLearned
from engine.domain.failure import FailureClass, Problem
from engine.domain.redaction import public_address
from engine.projections.looked_up import source_key
from engine.projections.rows import Capability, Credential, Playlist
from engine.reconciler.schedule import SECOND_US
from engine.source_ports import Listing, Unchanged
from engine.workflows.login import WITH_LOGIN
from engine.workflows.run import Run
from engine.workflows.world import World

ASKED_AGAIN_US = 7 * 86_400 * SECOND_US
_HIDDEN = (FailureClass.NOT_FOUND, FailureClass.NOT_ALLOWED)


def withheld(world: World, source: str, url: str, row: Playlist | None) -> bool:
    """Say whether a service does not give a playlist, as was said before, and nothing makes another try sensible."""
    learned = _standing(world, source, url, row)
    return learned is not None and world.clock.now_us() - learned.last_us < ASKED_AGAIN_US


def explained(
    world: World, source: str, row: Playlist | None, answer: Listing | Unchanged | Problem
) -> Listing | Unchanged | Problem:
    """Say of a playlist that is hidden from whoever is logged in now that it is another account's."""
    if source not in WITH_LOGIN or not isinstance(answer, Problem) or answer.failure not in _HIDDEN:
        return answer
    login: Credential | None = world.journal.row("credentials", source)
    owner, account = row.owner if row is not None and row.seen else None, login.account if login is not None else None
    if owner is None or account is None or owner == account:
        return answer
    return Problem(
        failure=FailureClass.NOT_ALLOWED,
        detail=f"it is {owner}'s, and {source} does not show it to {account}, who is logged in now",
        hint=f"`sync login {source}` as {owner} to have it read again, or unfollow it; what was seen of it stays",
        http_status=answer.http_status,
    )


def learn(
    world: World, run: Run, source: str, url: str, row: Playlist | None, answer: Listing | Unchanged | Problem
) -> bool:
    """Record that a service does not give a playlist, or gives it after all; says whether that was said before."""
    name = _capability(url, row)
    learned: Capability | None = world.journal.row("capabilities", source_key(source, name))
    given = not isinstance(answer, Problem)
    if given and (learned is None or learned.allowed):
        return False
    if isinstance(answer, Problem) and answer.failure is not FailureClass.NOT_ALLOWED:
        return False
    standing = _standing(world, source, url, row)
    detail, hint = (answer.detail, answer.hint) if isinstance(answer, Problem) else ("", "")
    event = CapabilityLearned(source=source, capability=name, allowed=given, detail=detail, hint=hint)
    run.append([event], actor=f"source:{source}")
    return standing is not None and (standing.detail, standing.hint) == (detail, hint)


def _capability(url: str, row: Playlist | None) -> str:
    return f"entries:{row.ref if row and row.seen else public_address(url)}"


def _standing(world: World, source: str, url: str, row: Playlist | None) -> Capability | None:
    """Give a refusal since which no person did anything about it."""
    learned: Capability | None = world.journal.row("capabilities", source_key(source, _capability(url, row)))
    if learned is None or learned.allowed:
        return None
    login: Credential | None = world.journal.row("credentials", source)
    logged_in = login is not None and login.valid and login.last_seq > learned.last_seq
    followed = row is not None and row.requested_seq > learned.last_seq
    return None if logged_in or followed else learned
