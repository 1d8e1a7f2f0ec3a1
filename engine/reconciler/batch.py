"""Which music a batch takes up: what is wanted and has no file, and rows of Notion that nobody fetched yet (M10).

Each at most once: what a person asked for first, then by the priority of its row, then the newest; what failed and
waits is left out (F38, F39). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.domain.failure import Patience, patience
from engine.domain.plan import ActionKind
from engine.domain.redaction import public_address
from engine.domain.references import ROW_PREFIX, is_gathered
from engine.domain.value import Fields, FieldValue, Value
from engine.projections.rows import Remote, Scope
from engine.projections.state import State
from engine.reconciler.catalogue import Catalogue, catalogue
from engine.reconciler.planner import plan
from engine.reconciler.policy import Policy
from engine.reconciler.schedule import SECOND_US, WEEK_S
from engine.reconciler.things import remote_key_of, remote_thing, sighting_thing

_ADDRESS_FIELDS = ("soundcloud_url", "youtube_url", "spotify_url")
"""Where a row says it came from, what gives audio first."""
_FILES = ("wav_path", "aiff_path", "m4a_path")
_SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")
MEDIUM = 3.0
_WORDS = {"critical": 1.0, "urgent": 1.0, "highest": 1.0, "high": 2.0, "medium": MEDIUM, "low": 4.0, "lowest": 5.0}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_RETRY_S = 3_600.0
_RETRY_S_MAX = 86_400.0
_DOUBLINGS_MAX = 8


def row_scope(address: str) -> str:
    """Name the scope of an address that stands in a row: what listing it came to."""
    return ROW_PREFIX + public_address(address)


def parked(scope: Scope | None, now_us: int) -> bool:
    """Say whether an address was listed, or failed and waits: a week where that is definite, else longer each time."""
    if scope is None or scope.problem is None:
        return scope is not None
    if patience(scope.problem.failure) is Patience.BACKOFF:
        wait_s = min(_RETRY_S_MAX, _RETRY_S * float(2 ** min(scope.failures, _DOUBLINGS_MAX)))
    else:
        wait_s = WEEK_S
    wait_s = max(wait_s, scope.problem.retry_after_s or 0.0)
    return now_us < scope.last_us + int(wait_s * SECOND_US)


class Pick(Value, frozen=True):
    """One thing a batch may take up: a recording, or the addresses that stand in a row nobody knows yet."""

    recording_id: str | None = None
    row: str | None = None  # "notion/track/<remote id>"
    addresses: tuple[str, ...] = ()
    asked: bool = False  # whether a person asked for it
    urgency: float = MEDIUM  # the smaller, the sooner
    seq: int = 0  # when it was first seen


def urgency(said: FieldValue) -> float:
    """Give how soon a row's priority wants it: 1 for critical, 4 for low, a number as it stands; smaller is sooner.

    What says nothing of the kind is of medium priority.
    """
    text = str(said or "").casefold()
    if number := _NUMBER.search(text):
        return float(number[0].replace(",", "."))
    words = (_WORDS[word] for word in re.findall(r"[^\W\d_]+", text) if word in _WORDS)
    return next(words, MEDIUM)


def batch(state: State, policy: Policy, now_us: int) -> tuple[Pick, ...]:
    """Give what a batch may take up, first first.

    Args:
        state: everything the journal knows; only what was scanned completely is decided on.
        policy: how things are done.
        now_us: the time, for what waits; microseconds since the epoch.
    """
    index = catalogue(state)
    picks = [*_recordings(index, policy, now_us), *_rows(index, policy, now_us)]
    picks.sort(key=lambda pick: (not pick.asked, pick.urgency, -pick.seq, pick.recording_id or pick.row or ""))
    return tuple(picks)


def _recordings(index: Catalogue, policy: Policy, now_us: int) -> Iterator[Pick]:
    """Give the recordings whose audio would be fetched now: wanted, not there, and nothing speaks against a try."""
    actions = plan(index.state, policy, now_us).actions
    said = _urgencies(index)
    for key in dict.fromkeys(action.key for action in actions if action.kind is ActionKind.FETCH_RECORDING):
        piece = index.pieces[index.canonical(key)]
        seq = max(row.first_seq for row in piece.sightings)
        asked = piece.recording.requested_seq > 0
        yield Pick(recording_id=key, asked=asked, urgency=said.get(key, MEDIUM), seq=seq)


def _urgencies(index: Catalogue) -> dict[str, float]:
    """Give how soon recordings are wanted whose rows say so."""
    said: dict[str, float] = {}
    for row in _tracks(index.state):
        if row.key is not None and (priority := row.fields.get("priority")):
            key = index.canonical(row.key)
            said[key] = min(urgency(priority), said.get(key, urgency(priority)))
    return said


def _rows(index: Catalogue, policy: Policy, now_us: int) -> Iterator[Pick]:
    """Give the rows that carry no key of ours, name a source, and have no file."""
    scan = index.state.scopes.get("notion:track")
    if "notion" not in policy.targets or scan is None or not scan.complete:
        return
    taken = _taken(index)
    bound = {row.remote_id for row in index.state.objects.values() if row.target == "notion" and not row.trashed}
    for row in _tracks(index.state):
        if row.key is not None or row.remote_id in bound or _has_file(row.fields):
            continue
        addresses = tuple(
            address
            for address in row_addresses(row.fields)
            if not parked(index.state.scopes.get(row_scope(address)), now_us)
        )
        if addresses and taken.isdisjoint(remote_thing(row).ids):
            how_soon = urgency(row.fields.get("priority"))
            yield Pick(row=remote_key_of(row), addresses=addresses, urgency=how_soon, seq=row.first_seq)


def _tracks(state: State) -> Iterator[Remote]:
    """Give the rows that stand in the tracks database."""
    rows = (row for _, row in sorted(state.remotes.items()))
    return (row for row in rows if (row.target, row.kind) == ("notion", "track") and row.standing)


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


def row_addresses(fields: Fields) -> Iterator[str]:
    """Give the addresses that stand in a row, or that an id in it stands for; what gives audio first."""
    for name in _ADDRESS_FIELDS:
        value = fields.get(name)
        if isinstance(value, str) and value:
            yield value
    number, track = fields.get("soundcloud_id"), fields.get("spotify_id")
    if number and str(number).isdecimal() and not fields.get("soundcloud_url"):
        yield f"https://api.soundcloud.com/tracks/{number}"
    if isinstance(track, str) and _SPOTIFY_ID.fullmatch(track) and not fields.get("spotify_url"):
        yield f"https://open.spotify.com/track/{track}"
