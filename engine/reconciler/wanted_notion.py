"""What the Notion databases should hold: one row per recording, one per playlist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.domain.addresses import canonical_address
from engine.domain.failure import Availability
from engine.domain.plan import Owner
from engine.domain.references import object_key, source_of
from engine.domain.text import choice, clean, optional, shown, tag
from engine.domain.value import Fields, FieldValue
from engine.projections.rows import Playlist, Rendition, Sighting
from engine.reconciler.catalogue import Catalogue, Piece
from engine.reconciler.enriching import ShownFact, shown_facts
from engine.reconciler.policy import Policy
from engine.reconciler.status_tags import VOCABULARY, status_tags
from engine.reconciler.wanted import WantedObject

TRACK_OWNERS: dict[str, Owner] = {
    "title": Owner.SEED,
    "artist": Owner.SEED,
    "album": Owner.SEED,
    "genre": Owner.SEED,
    "label": Owner.SEED,
    "release_date": Owner.SEED,
    "status": Owner.STATUS,
    "playlists": Owner.SHARED,
    **dict.fromkeys(
        ("isrc", "soundcloud_url", "soundcloud_id", "spotify_url", "spotify_id", "youtube_url"), Owner.SHARED
    ),
}
"""Who decides a track's fields; every field that is not here is the engine's."""

PLAYLIST_OWNERS: dict[str, Owner] = {"title": Owner.SEED}
_PATH_FORMATS = ("wav", "aiff", "m4a")
_TOLD = frozenset({"artist", "album", "genre", "label", "release_date", "isrc", "spotify_url", "spotify_id"})
"""What a row shows of the facts that providers give."""
_HOSTS = {"soundcloud.com": "soundcloud", "open.spotify.com": "spotify", "youtube.com": "youtube"}
"""Where an address leads, whichever list told it."""
_SETTLED = frozenset(Availability) - {Availability.UNKNOWN}


def wanted_playlist_page(playlist: Playlist, policy: Policy) -> WantedObject:
    """Say what a playlist's row should hold."""
    fields: Fields = {
        "sync_key": playlist.ref,
        "title": clean(playlist.name) or playlist.ref,
        "source": source_of(playlist.ref),
        "source_url": optional(playlist.url),
        "track_count": len(playlist.entries),
    }
    return WantedObject(
        target="notion",
        kind="playlist",
        key=playlist.ref,
        label=playlist.name,
        fields=fields,
        owners=_owners(fields, PLAYLIST_OWNERS, policy.owners.get("notion/playlist", {})),
        meet=_meet([("source_url", fields["source_url"])]),
        causes=(playlist.last_seq,),
    )


def wanted_track_page(index: Catalogue, piece: Piece, policy: Policy) -> WantedObject:
    """Say what a recording's row should hold, from the facts there are now; unknown stays unknown."""
    identity = _identity_fields(piece)
    facts = {name: fact for name, fact in shown_facts(piece, policy.enrichment).items() if name in _TOLD}
    resolved = index.state.resolutions.get(piece.recording.recording_id)
    fields: Fields = {
        "sync_key": piece.recording.recording_id,
        **_descriptive_fields(piece.naming, piece.title, facts),
        # An id or an address that no source told us is not ours to clear from a row that a person filled.
        **{name: fact.value for name, fact in facts.items() if name in identity},
        **{name: value for name, value in identity.items() if value is not None},
        **_audio_fields(piece, policy),
        "downloaded": bool(piece.renditions),
        "status": status_tags(
            piece,
            wanted_profiles=len(policy.profiles),
            eagle_used="eagle" in policy.targets,
            searched=resolved.found if resolved else None,
            mix_minutes=policy.resolution.mix_minutes,
            enriched=bool(facts),
        ),
        "playlists": _playlist_pages(index, piece.shown_in),
    }
    if "eagle" in policy.targets:
        fields["eagle_id"] = index.standing_id("eagle", "item", piece.recording.recording_id)
    return WantedObject(
        target="notion",
        kind="track",
        key=piece.recording.recording_id,
        label=piece.label,
        fields=fields,
        owners=_owners(fields, TRACK_OWNERS, _told_owners(facts), policy.owners.get("notion/track", {})),
        meet=_meet(
            [
                (name, identity[name])
                for name in ("soundcloud_url", "soundcloud_id", "spotify_id", "youtube_url", "isrc")
            ]
        ),
        follows=(
            object_key("library", "audio", piece.recording.recording_id),
            object_key("eagle", "item", piece.recording.recording_id),
            *(object_key("notion", "playlist", ref) for ref in piece.shown_in),
        ),
        causes=_causes(piece, facts),
        vocabulary=tuple(sorted(VOCABULARY)),
    )


def ready_for_a_page(piece: Piece) -> bool:
    """Say whether anything is known of a recording that a row could show."""
    return bool(piece.naming.title) or piece.availability in _SETTLED


def _descriptive_fields(sighting: Sighting, title: str, facts: Mapping[str, ShownFact]) -> Fields:
    told = {name: fact.value for name, fact in facts.items()}
    genre, label = sighting.genre or told.get("genre"), sighting.label or told.get("label")
    return {
        "title": clean(title),
        "artist": optional(sighting.artist or told.get("artist")),
        "album": optional(sighting.album or told.get("album")),
        "genre": tag(genre) or None if genre else None,
        "label": choice(label) or None if label else None,
        "release_date": sighting.release_date or told.get("release_date"),
    }


def _identity_fields(piece: Piece) -> Fields:
    placed: dict[str, tuple[str | None, str | None]] = {}
    for sighting in piece.sightings:
        if (place := _place(sighting)) is not None:
            source, native = place
            known = placed.get(source)
            if known is None or (native and not known[1]):
                placed[source] = (optional(sighting.url), native)
    none = (None, None)
    soundcloud_url, number = placed.get("soundcloud", none)
    spotify_url, spotify_id = placed.get("spotify", none)
    return {
        "isrc": next((optional(sighting.isrc) for sighting in piece.sightings if sighting.isrc), None),
        "soundcloud_url": soundcloud_url,
        "soundcloud_id": int(number) if number and number.isdecimal() else None,
        "spotify_url": spotify_url,
        "spotify_id": spotify_id,
        "youtube_url": placed.get("youtube", none)[0],
    }


def _place(sighting: Sighting) -> tuple[str, str | None] | None:
    """Say where on the web a sighting is, with the id it has there: by its ref, else by the address a list gave it."""
    source, kind, native = (*sighting.ref.split(":", 2), "", "")[:3]
    if source in _HOSTS.values():
        return None if source == "spotify" and kind != "track" else (source, native)  # a local file has no page there
    host, _, path = canonical_address(sighting.url).removeprefix("https://").partition("/")
    named = _HOSTS.get(host)
    if named != "spotify":
        return (named, None) if named else None
    track = path.removeprefix("track/")
    return (named, track) if track != path and track.isalnum() else None


def _audio_fields(piece: Piece, policy: Policy) -> Fields:
    original = next((row for row in piece.renditions if row.profile == "original"), None)
    best = original or next(iter(piece.renditions), None)
    by_format = {row.audio.format: row for row in piece.renditions}
    fields: Fields = {}
    for name in _PATH_FORMATS:
        held = by_format.get(name)
        fields[f"{name}_path"] = shown_path(held, policy) if held else None
        fields[f"{name}_fingerprint"] = held.audio.fingerprint if held else None
    # What the row says of a track whose files are gone: its length as the source gives it, nothing measured.
    duration_ms = best.audio.duration_ms if best else piece.sighting.duration_ms
    fields["duration_ms"] = duration_ms
    fields["duration_s"] = round(duration_ms / 1000, 3) if duration_ms is not None else None
    fields["loudness_lufs"] = best.audio.loudness_lufs if best else None
    fields["sample_rate_hz"] = best.audio.sample_rate_hz if best else None
    fields["bitrate_bps"] = best.audio.bitrate_bps if best else None
    fields["size_mb"] = round(best.size_bytes / 1_000_000, 3) if best else None
    fields["download_source"] = source_of(best.source_ref) if best else None
    return fields


def shown_path(rendition: Rendition, policy: Policy) -> str:
    """Give a verified file's absolute path for people to read: in the form in which Notion gives it back."""
    return shown(f"{policy.library_root.rstrip('/')}/{rendition.path}")


def _playlist_pages(index: Catalogue, refs: Iterable[str]) -> tuple[str, ...]:
    pages = (index.standing_id("notion", "playlist", ref) for ref in refs)
    return tuple(sorted(page for page in pages if page))


def _meet(pairs: Iterable[tuple[str, FieldValue]]) -> tuple[tuple[str, FieldValue], ...]:
    return tuple((name, value) for name, value in pairs if value is not None)


def _owners(fields: Fields, *layers: dict[str, Owner]) -> dict[str, Owner]:
    owners = dict.fromkeys(fields, Owner.ENGINE)
    for layer in layers:
        owners.update({name: owner for name, owner in layer.items() if name in fields})
    return owners


def _told_owners(facts: Iterable[str]) -> dict[str, Owner]:
    """Give the fields that providers fill: their answers come when the row is there already, and fill what is empty."""
    return {name: Owner.TOLD for name in facts if TRACK_OWNERS.get(name) is Owner.SEED}


def _causes(piece: Piece, facts: Mapping[str, ShownFact]) -> tuple[int, ...]:
    seqs = {sighting.last_seq for sighting in piece.sightings}
    seqs |= {rendition.last_seq for rendition in (*piece.renditions, *piece.lost)}
    seqs |= {fact.seq for fact in facts.values()}
    return tuple(sorted(seqs))
