"""What a person decides: follow, unfollow, refetch, dismiss. Each is an event; nothing else happens here."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from engine.domain import events as e
from engine.domain.canonical import short_id
from engine.domain.envelope import Draft, Origin
from engine.domain.errors import UsageError
from engine.domain.failure import Availability
from engine.domain.redaction import is_private, public_address
from engine.domain.value import Value
from engine.ports import Journal
from engine.projections.rows import Playlist
from engine.projections.state import State
from engine.reconciler.catalogue import FETCHABLE, Piece, catalogue
from engine.source_ports import Source
from engine.workflows.lookup import find_one
from engine.workflows.shelves import FOLLOWED_PREFIX, Asked, correlation

PERSON = Origin(actor="person:cli")

ADDRESSES_HINT = (
    "give a link to something on SoundCloud, Spotify or YouTube, spotify:playlists, spotify:liked, spotify:playing, "
    "or the path of a folder, a list (M3U, CSV, rekordbox XML, addresses) or an audio file"
)


class Decided(Value, frozen=True):
    """What was decided, the seq it is recorded at (none when it was so already), and what stands in its way.

    Attributes:
        together: the playlists of a shelf that go, or come, with it.
        kept: those of a shelf that stay, because they are followed by themselves or another shelf may bring them.
    """

    what: str
    key: str
    label: str
    seq: int | None
    obstacle: str = ""
    together: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def followed_ref(url: str) -> str:
    """Derive the ref under which an address is followed until its source has shown its own."""
    return FOLLOWED_PREFIX + short_id("followed", url)


def follow(journal: Journal, sources: Sequence[Source], url: str, settings: Collection[str] = ()) -> Decided:
    """Record that a playlist shall be kept in step; a shelf brings back what was unfollowed with it.

    Args:
        journal: where it is recorded.
        sources: who may know the address.
        url: what is to be followed.
        settings: the addresses that are followed because they stand in the settings.

    Raises:
        UsageError: no source knows such an address or path; or it is a secret link, and the journal holds no secrets.
    """
    if is_private(url):
        detail = f"the journal keeps what it is told for ever, and the address holds a secret: {public_address(url)}…"
        raise UsageError(detail, hint="put the whole address into cratelog.toml, as `url` of a `[[playlists]]`")
    if not any(source.recognises(url) for source in sources):
        raise UsageError(f"no source knows `{url}`", hint=ADDRESSES_HINT)
    asked = Asked(journal=journal, sources=sources, settings=settings)
    known = asked.state.playlists.values()
    rows = sorted((row for row in known if url in _addresses(row)), key=lambda row: (row.seen, row.ref))
    row = rows[-1] if rows else None
    ref = row.ref if row else followed_ref(url)
    if row and row.active and (not row.seen or row.ref in asked.by_itself()):
        return Decided(what="followed", key=ref, label=row.name or url, seq=None)
    return _together(journal, Playlist(ref=ref, url=url), asked.left_with(ref), active=True)


def unfollow(journal: Journal, thing: str, sources: Sequence[Source] = (), settings: Collection[str] = ()) -> Decided:
    """Record that a playlist is not to be kept in step any more; nothing of it is removed by this.

    With a shelf goes what it alone brought: neither followed by itself nor on another shelf.

    Raises:
        UsageError: no playlist is meant, or several are.
    """
    asked = Asked(journal=journal, sources=sources, settings=settings)
    row = _meant_playlist(asked, thing)
    meant = _addresses(row)
    rows = asked.state.playlists.values()
    active = [other for other in rows if other.active and meant & _addresses(other)] or (
        [row] if row.ref not in asked.state.playlists else []
    )
    if not active:
        return Decided(what="unfollowed", key=row.ref, label=row.name or row.url, seq=None)
    goes, stays = asked.brought(row.url) if not row.seen else ((), ())
    if goes:
        decided = _together(journal, row, goes, active=False)
    else:
        decided = [_configure(journal, other.ref, other.url, active=False) for other in active][-1]
    return replace(decided, kept=tuple(_named(other) for other in stays))


def _together(journal: Journal, row: Playlist, brought: Sequence[Playlist], *, active: bool) -> Decided:
    """Record what becomes of a playlist, and of what goes or comes with it, as one decision."""
    if not brought:
        return _configure(journal, row.ref, row.url, active=active)
    rows = [(other.ref, next(iter(other.addresses), other.url)) for other in brought]
    events = [e.PlaylistConfigured(ref=ref, url=url, active=active) for ref, url in (*rows, (row.ref, row.url))]
    origin = Origin(actor=PERSON.actor, correlation_id=correlation(row.ref))
    seq = journal.append([Draft(event=event) for event in events], origin)[-1]
    what, together = "followed" if active else "unfollowed", tuple(_named(other) for other in brought)
    return Decided(what=what, key=row.ref, label=row.url, seq=seq, together=together)


def _named(row: Playlist) -> str:
    return row.name or row.url


def known_playlist(journal: Journal, address: str) -> bool:
    """Say whether a playlist was ever followed or seen at an address."""
    known = journal.state(only=("playlists",)).playlists
    return any(address in _addresses(row) for row in known.values())


def _meant_playlist(asked: Asked, thing: str) -> Playlist:
    known = asked.state
    by_address = [row for row in known.playlists.values() if thing in _addresses(row)]
    if by_address:
        return max(by_address, key=lambda row: (row.seen, row.ref))
    if thing in asked.settings:
        return Playlist(ref=followed_ref(thing), url=public_address(thing))
    return known.playlists[find_one(known, thing, ("playlist",)).key]


def _addresses(row: Playlist) -> frozenset[str]:
    return frozenset({row.url, *row.addresses} - {""}) or frozenset({row.ref})


def refetch(journal: Journal, thing: str) -> Decided:
    """Record that a recording or a playlist is wanted again, whatever was refused, removed or dismissed before.

    Raises:
        UsageError: nothing is meant, several things are, or the playlist is not followed.
    """
    state = _music(journal)
    meant = find_one(state, thing, ("recording", "playlist"))
    if meant.kind == "playlist":
        return _refetch_playlist(journal, state.playlists[meant.key])
    event = e.RecordingRequested(recording_id=meant.key, reason="asked for again")
    obstacle = _obstacle(catalogue(state).pieces.get(meant.key))
    return Decided(what="requested", key=meant.key, label=meant.label, seq=_append(journal, event), obstacle=obstacle)


def _refetch_playlist(journal: Journal, row: Playlist) -> Decided:
    address = next(iter(row.addresses), row.url)
    if not row.active:
        raise UsageError(f"{row.name or address} is not followed", hint=f"sync follow {address}")
    seq = _append(journal, e.PlaylistConfigured(ref=row.ref, url=address, active=True))
    return Decided(what="requested", key=row.ref, label=row.name or address, seq=seq)


def _obstacle(piece: Piece | None) -> str:
    """Say why a request alone brings no file, if it does not."""
    if piece is None or piece.renditions:
        return ""
    if not piece.playlists:
        return "no playlist that is followed lists it, so nothing fetches it; follow one that does"
    state = piece.availability
    if state in FETCHABLE or state is Availability.UNKNOWN:
        return ""
    return f"{_WITHHELD[state]}; as long as that is so, only another source helps: sync choose TRACK URL"


_WITHHELD = {
    Availability.GONE: "its source says it is gone",
    Availability.PRIVATE: "its source says it is private",
    Availability.AGE_GATED: "its source gives it only to accounts whose age it knows",
    Availability.MEMBERS_ONLY: "its source gives it only to paying members",
    Availability.DRM_PROTECTED: "its source gives it only under DRM",
    Availability.PREVIEW_ONLY: "its source gives only a preview of it",
    Availability.METADATA_ONLY: "its source gives no audio at all",
}


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
    return journal.state(only=("sightings", "playlists", "recordings", "renditions", "remotes", "objects"))


def _configure(journal: Journal, ref: str, url: str, *, active: bool) -> Decided:
    seq = _append(journal, e.PlaylistConfigured(ref=ref, url=url, active=active))
    return Decided(what="followed" if active else "unfollowed", key=ref, label=url, seq=seq)


def _append(journal: Journal, event: e.Event) -> int:
    return journal.append([Draft(event=event)], PERSON)[-1]
