"""Which music a batch takes up: what is wanted and has no file, and rows of Notion that nobody fetched yet (M10).

Each at most once, what a person asked for first, then the newest; what failed and waits is left out (F38, F39). Pure.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.domain.failure import Patience, patience
from engine.domain.plan import ActionKind
from engine.domain.redaction import public_address
from engine.domain.references import ROW_PREFIX, is_gathered
from engine.domain.value import Fields, Value
from engine.projections.rows import Scope
from engine.projections.state import State
from engine.reconciler.catalogue import Catalogue, catalogue
from engine.reconciler.planner import plan
from engine.reconciler.policy import Policy
from engine.reconciler.schedule import SECOND_US, WEEK_S
from engine.reconciler.things import remote_of, remote_thing, remote_things, sighting_thing

ADDRESS_FIELDS = ("soundcloud_url", "youtube_url", "spotify_url")
"""Where a row says it came from, what gives audio first."""
_FILES = ("wav_path", "aiff_path", "m4a_path")
_RETRY_S = 3_600.0
_RETRY_S_MAX = 86_400.0
_DOUBLINGS_MAX = 8


def row_scope(address: str) -> str:
    """Name the scope of an address that stands in a row: what listing it came to."""
    return ROW_PREFIX + public_address(address)


class Pick(Value, frozen=True):
    """One thing a batch may take up: a recording, or the addresses that stand in a row nobody knows yet."""

    recording_id: str | None = None
    row: str | None = None  # "notion/track/<remote id>"
    addresses: tuple[str, ...] = ()
    asked: bool = False  # whether a person asked for it
    seq: int = 0  # when it was first seen


def batch(state: State, policy: Policy, now_us: int, limit: int | None = None) -> tuple[Pick, ...]:
    """Give what a batch takes up, first first.

    Args:
        state: everything the journal knows; only what was scanned completely is decided on.
        policy: how things are done.
        now_us: the time, for what waits; microseconds since the epoch.
        limit: how many at most; None takes all.
    """
    index = catalogue(state)
    picks = [*_recordings(index, policy, now_us), *_rows(index, policy, now_us)]
    picks.sort(key=lambda pick: (not pick.asked, -pick.seq, pick.recording_id or pick.row or ""))
    return tuple(picks if limit is None else picks[:limit])


def _recordings(index: Catalogue, policy: Policy, now_us: int) -> Iterator[Pick]:
    """Give the recordings whose audio would be fetched now: wanted, not there, and nothing speaks against a try."""
    actions = plan(index.state, policy, now_us).actions
    for key in dict.fromkeys(action.key for action in actions if action.kind is ActionKind.FETCH_RECORDING):
        piece = index.pieces[index.canonical(key)]
        seq = max(row.first_seq for row in piece.sightings)
        yield Pick(recording_id=key, asked=piece.recording.requested_seq > 0, seq=seq)


def _rows(index: Catalogue, policy: Policy, now_us: int) -> Iterator[Pick]:
    """Give the rows that carry no key of ours, name a source, and have no file."""
    scan = index.state.scopes.get("notion:track")
    if "notion" not in policy.targets or scan is None or not scan.complete:
        return
    taken = _taken(index)
    for thing in remote_things(index.state):
        row = remote_of(index.state, thing.key)
        if row is None or (row.target, row.kind) != ("notion", "track") or _has_file(row.fields):
            continue
        addresses = tuple(
            address
            for address in _addresses(row.fields)
            if not _parked(index.state.scopes.get(row_scope(address)), now_us)
        )
        if addresses and taken.isdisjoint(remote_thing(row).ids):
            yield Pick(row=thing.key, addresses=addresses, seq=row.first_seq)


def _taken(index: Catalogue) -> frozenset[str]:
    """Give the ids of what is wanted already, gathered already, or thrown away."""
    gathered = {ref for row in index.playlists if is_gathered(row.ref) for ref in row.entries}
    found: set[str] = set()
    for ref, sighting in index.state.sightings.items():
        piece = index.pieces.get(index.recording_of.get(ref, ""))
        if ref in gathered or (piece is not None and (piece.playlists or piece.recording.dismissed is not None)):
            found.update(sighting_thing(sighting).ids)
    return frozenset(found)


def _has_file(fields: Fields) -> bool:
    return fields.get("downloaded") is True or any(fields.get(name) for name in _FILES)


def _addresses(fields: Fields) -> Iterator[str]:
    for name in ADDRESS_FIELDS:
        value = fields.get(name)
        if isinstance(value, str) and value:
            yield value


def _parked(scope: Scope | None, now_us: int) -> bool:
    """Whether an address was listed, or failed and waits: a week where it is definite, longer each time where not."""
    if scope is None or scope.problem is None:
        return scope is not None
    if patience(scope.problem.failure) is Patience.BACKOFF:
        wait_s = min(_RETRY_S_MAX, _RETRY_S * float(2 ** min(scope.failures, _DOUBLINGS_MAX)))
    else:
        wait_s = WEEK_S
    wait_s = max(wait_s, scope.problem.retry_after_s or 0.0)
    return now_us < scope.last_us + int(wait_s * SECOND_US)
