"""What the library should hold: audio that is not there yet, and one playlist file per playlist."""

from __future__ import annotations

from dataclasses import replace

from msgspec.structs import replace as changed

from engine.domain.names import distinct, render, safe_part
from engine.domain.plan import Owner
from engine.domain.references import object_key
from engine.domain.text import clean, optional
from engine.domain.value import Fields
from engine.projections.rows import Playlist, Rendition
from engine.reconciler.catalogue import Catalogue, Piece
from engine.reconciler.enriching import shown_facts
from engine.reconciler.policy import Policy
from engine.reconciler.wanted import WantedObject

ORIGINAL = "original"
PLAYLIST_FOLDER = "Playlists"
_PLAYLIST_OWNERS = {"name": Owner.ENGINE, "entries": Owner.ENGINE}


def wanted_audio(piece: Piece, stem: str, policy: Policy) -> WantedObject:
    """Say what fetching a recording comes to; asked for pieces that lack a file only."""
    sighting, naming = piece.sighting, piece.naming
    told = shown_facts(piece, policy.enrichment)
    facts = {name: fact.value for name, fact in told.items()}
    fields: Fields = {
        "source_ref": sighting.ref,
        "url": sighting.url,
        "local_path": sighting.local_path,
        "path": stem,
        "title": clean(piece.title),
        "artist": optional(naming.artist or facts.get("artist")),
        "album": optional(naming.album or facts.get("album")),
        "genre": optional(naming.genre or facts.get("genre")),
        "isrc": optional(naming.isrc or sighting.isrc or facts.get("isrc")),
        "duration_ms": sighting.duration_ms,
        "artwork_url": naming.artwork_url or sighting.artwork_url or facts.get("artwork_url"),
        "profiles": policy.profiles,
    }
    return WantedObject(
        target="library",
        kind="audio",
        key=piece.recording.recording_id,
        label=piece.label,
        fields=fields,
        owners={},
        renewal=sighting.restored_seq,
        causes=tuple(sorted({sighting.last_seq, naming.last_seq, *(fact.seq for fact in told.values())})),
    )


def wanted_replacement(index: Catalogue, piece: Piece, outgoing: tuple[Rendition, ...], policy: Policy) -> WantedObject:
    """Say what fetching from a source that a person chose comes to: in place of the files there are (I56).

    The id is the one in the tags of those files; the stem is theirs, so that players find what they knew (P20).
    """
    recording = index.state.recordings[outgoing[0].recording_id]
    profiles = tuple(dict.fromkeys((*policy.profiles, *(row.profile for row in outgoing))))
    bare = wanted_audio(replace(piece, recording=recording), stem(outgoing[0].path), policy)
    fields: Fields = {
        **bare.fields,
        "profiles": profiles,
        "replaces": tuple(row.path for row in outgoing),
        "replaced_sha256": tuple(row.file_sha256 for row in outgoing),
        **({"as_uploaded": True} if piece.recording.chosen_as_uploaded else {}),
    }
    return changed(bare, fields=fields, renewal=max(bare.renewal, piece.recording.chosen_seq))


def stems(index: Catalogue, policy: Policy) -> dict[str, str]:
    """Give every recording the path of its files without extension: where they are, or where they will be.

    Two recordings that want one name are both told apart by their ids, whether or not one of them has its file
    already, so that a name depends on what is known and never on who came first.
    """
    placed = {key: stem(piece.renditions[0].path) for key, piece in index.pieces.items() if piece.renditions}
    needed = [recording_id for recording_id in index.pieces if recording_id not in placed]
    if not needed:
        return placed
    wanted = {recording_id: render(policy.template, _named(piece)) for recording_id, piece in index.pieces.items()}
    apart = distinct(wanted)
    taken = [stem(row.path) for row in index.state.renditions.values() if row.present]
    return {**placed, **distinct({recording_id: apart[recording_id] for recording_id in needed}, taken=taken)}


def _named(piece: Piece) -> dict[str, str | None]:
    """Give what a path template may name of a recording: every one of `names.PLACEHOLDERS`."""
    naming = piece.naming
    return {
        "artist": naming.artist,
        "title": piece.title,
        "album": naming.album,
        "genre": naming.genre,
        "isrc": naming.isrc,
        "recording_id": piece.recording.recording_id,
    }


def stem(path: str) -> str:
    """Give a file's path without its extension."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    return f"{folder}/{stem}" if folder else stem


def missing_profiles(piece: Piece, policy: Policy) -> frozenset[str]:
    """Give the renditions that are wanted of a recording and not there."""
    return frozenset(policy.profiles) - {row.profile for row in piece.renditions}


def has_original(piece: Piece) -> bool:
    """Say whether other formats can be made of a file that is there, whatever its source says by now."""
    return any(row.profile == ORIGINAL for row in piece.renditions)


def playlist_paths(index: Catalogue) -> dict[str, str]:
    """Give every playlist the path of its M3U8 file; distinct, whatever the order."""
    wanted = {row.ref: f"{PLAYLIST_FOLDER}/{safe_part(row.name or row.ref)}" for row in index.shown}
    return {ref: f"{stem}.m3u8" for ref, stem in distinct(wanted).items()}


def wanted_playlist_file(index: Catalogue, playlist: Playlist, path: str) -> WantedObject:
    """Say what a playlist's M3U8 file should hold: the files there are, in order, repeats kept."""
    entries = []
    follows = []
    for ref in playlist.entries:
        recording = index.recording_of.get(ref)
        piece = index.pieces.get(recording) if recording else None
        if piece is None:
            continue
        follows.append(object_key("library", "audio", piece.recording.recording_id))
        if piece.renditions:
            entries.append(preferred_path(piece))
    return WantedObject(
        target="library",
        kind="playlist",
        key=playlist.ref,
        label=playlist.name,
        fields={
            "name": clean(playlist.name) or playlist.ref,
            "entries": tuple(entries),
            "path": path,
        },
        owners=_PLAYLIST_OWNERS,
        only_at_birth=("path",),
        follows=tuple(dict.fromkeys(follows)),
        causes=(playlist.last_seq,),
    )


def preferred_path(piece: Piece) -> str:
    """Give the file a player should take: a converted one before the original, the same one every time."""
    converted = [rendition for rendition in piece.renditions if rendition.profile != "original"]
    return (converted or list(piece.renditions))[0].path
