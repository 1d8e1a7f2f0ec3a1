"""What a person decides: follow, unfollow, resolve, refetch, dismiss. Each is an event; nothing else happens here."""

from __future__ import annotations

from urllib.parse import urlsplit

from engine.domain import events as e
from engine.domain.canonical import short_id
from engine.domain.envelope import Draft, Origin
from engine.domain.errors import UsageError
from engine.domain.value import Value
from engine.ports import Journal
from engine.projections.rows import Conflict, Playlist
from engine.projections.state import State
from engine.workflows.lookup import find_one

PERSON = Origin(actor="person:cli")
FOLLOWED_PREFIX = "url:"
"""How the ref of a playlist begins that was asked for by address and not yet seen."""

CHOICES = ("ours", "theirs")


class Decided(Value, frozen=True):
    """What was decided, and the seq it is recorded at; none when it was so already."""

    what: str
    key: str
    label: str
    seq: int | None


def followed_ref(url: str) -> str:
    """Derive the ref under which an address is followed until its source has shown its own."""
    return FOLLOWED_PREFIX + short_id("followed", url)


def follow(journal: Journal, url: str) -> Decided:
    """Record that a playlist shall be kept in step.

    Raises:
        UsageError: it is not an address, nor an existing path.
    """
    if urlsplit(url).scheme not in {"http", "https"} and "/" not in url and "." not in url:
        raise UsageError(f"`{url}` is not an address or a path", hint="paste the playlist's address from the browser")
    known = journal.state(only=("playlists",)).playlists
    rows = sorted((row for row in known.values() if url in _addresses(row)), key=lambda row: (row.seen, row.ref))
    row = rows[-1] if rows else None
    ref = row.ref if row else followed_ref(url)
    if row and row.active:
        return Decided(what="followed", key=ref, label=row.name or url, seq=None)
    return _configure(journal, ref, url, active=True)


def unfollow(journal: Journal, thing: str) -> Decided:
    """Record that a playlist is not to be kept in step any more; nothing of it is removed by this.

    Raises:
        UsageError: no playlist is meant, or several are.
    """
    known = journal.state(only=("playlists",))
    row = _meant_playlist(known, thing)
    meant = _addresses(row)
    active = [other for other in known.playlists.values() if other.active and meant & _addresses(other)]
    if not active:
        return Decided(what="unfollowed", key=row.ref, label=row.name or row.url, seq=None)
    return [_configure(journal, other.ref, other.url, active=False) for other in active][-1]


def _meant_playlist(known: State, thing: str) -> Playlist:
    by_address = [row for row in known.playlists.values() if thing in _addresses(row)]
    if by_address:
        return max(by_address, key=lambda row: (row.seen, row.ref))
    return known.playlists[find_one(known, thing, ("playlist",)).key]


def _addresses(row: Playlist) -> frozenset[str]:
    return frozenset({row.url, *row.addresses} - {""}) or frozenset({row.ref})


def open_conflicts(state: State) -> tuple[Conflict, ...]:
    """Give the conflicts nobody has decided, oldest first."""
    return tuple(sorted((c for c in state.conflicts.values() if c.choice is None), key=lambda c: c.opened_seq))


def resolve(journal: Journal, thing: str, choice: str) -> Decided:
    """Record a person's decision of a conflict; the next plan acts on it.

    Raises:
        UsageError: there is no such conflict, or the choice is none.
    """
    if choice not in CHOICES:
        raise UsageError(f"`{choice}` is no choice", hint="say ours (write our value) or theirs (take theirs)")
    state = journal.state(only=("conflicts",))
    row = state.conflicts[find_one(state, thing, ("conflict",)).key]
    label = f"{row.field} of {row.target} {row.object_kind} {row.key}: {choice}"
    if row.choice == choice:
        return Decided(what="resolved", key=row.conflict_id, label=label, seq=None)
    event = e.ConflictResolved(conflict_id=row.conflict_id, choice=choice)
    return Decided(what="resolved", key=row.conflict_id, label=label, seq=_append(journal, event))


def refetch(journal: Journal, thing: str) -> Decided:
    """Record that a recording is wanted again, whatever was refused or dismissed before.

    Raises:
        UsageError: no recording is meant, or several are.
    """
    meant = find_one(_music(journal), thing, ("recording",))
    event = e.RecordingRequested(recording_id=meant.key, reason="asked for again")
    return Decided(what="requested", key=meant.key, label=meant.label, seq=_append(journal, event))


def dismiss(journal: Journal, thing: str, reason: str) -> Decided:
    """Record that a recording was thrown away: it is not fetched again.

    Raises:
        UsageError: no recording is meant, or several are.
    """
    state = _music(journal)
    meant = find_one(state, thing, ("recording",))
    if state.recordings[meant.key].dismissed is not None:
        return Decided(what="dismissed", key=meant.key, label=meant.label, seq=None)
    event = e.RecordingDismissed(recording_id=meant.key, reason=reason)
    return Decided(what="dismissed", key=meant.key, label=meant.label, seq=_append(journal, event))


def _music(journal: Journal) -> State:
    return journal.state(only=("sightings", "recordings", "renditions", "remotes", "objects"))


def _configure(journal: Journal, ref: str, url: str, *, active: bool) -> Decided:
    seq = _append(journal, e.PlaylistConfigured(ref=ref, url=url, active=active))
    return Decided(what="followed" if active else "unfollowed", key=ref, label=url, seq=seq)


def _append(journal: Journal, event: e.Event) -> int:
    return journal.append([Draft(event=event)], PERSON)[-1]
