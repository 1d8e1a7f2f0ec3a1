"""What the Eagle library should hold: one folder per playlist, one item per recording that has a file."""

from __future__ import annotations

from engine.domain.plan import Owner
from engine.domain.references import object_key, reference, source_of
from engine.domain.text import clean, optional, tag
from engine.domain.value import Fields
from engine.projections.rows import Playlist
from engine.reconciler.catalogue import Catalogue, Piece
from engine.reconciler.policy import Policy
from engine.reconciler.wanted import WantedObject
from engine.reconciler.wanted_library import preferred_path

ROOT_KEY = "root"
ROOT_NAME = "Playlists"
KEY_LINE = "cratelog:"
"""What stands before our key in a folder's description and an item's annotation."""

ITEM_OWNERS: dict[str, Owner] = {
    "name": Owner.SEED,
    "tags": Owner.SHARED,
    "folders": Owner.SHARED,
    "annotation": Owner.SEED,
    "website": Owner.ENGINE,
}
FOLDER_OWNERS: dict[str, Owner] = {"name": Owner.SEED, "parent": Owner.SEED, "description": Owner.SEED}


def wanted_root_folder() -> WantedObject:
    """Say what the folder above all playlist folders is."""
    return _folder(ROOT_KEY, ROOT_NAME, None, ())


def wanted_playlist_folder(index: Catalogue, playlist: Playlist) -> WantedObject:
    """Say what a playlist's folder is."""
    parent = index.standing_id("eagle", "folder", ROOT_KEY) or reference("eagle", "folder", ROOT_KEY)
    return _folder(playlist.ref, clean(playlist.name) or playlist.ref, parent, (playlist.last_seq,))


def _folder(key: str, name: str, parent: str | None, causes: tuple[int, ...]) -> WantedObject:
    return WantedObject(
        target="eagle",
        kind="folder",
        key=key,
        label=name,
        fields={"name": name, "parent": parent, "description": KEY_LINE + key},
        owners=FOLDER_OWNERS,
        causes=causes,
    )


def wanted_item(index: Catalogue, piece: Piece, policy: Policy) -> WantedObject:
    """Say what a recording's item should hold; asked for pieces with files only."""
    key = piece.recording.recording_id
    folders = (index.standing_id("eagle", "folder", ref) for ref in piece.shown_in)
    fields: Fields = {
        "name": clean(f"{piece.naming.artist} - {piece.title}" if piece.naming.artist else piece.title),
        "tags": _tags(index, piece),
        "annotation": KEY_LINE + key,
        "website": optional(piece.naming.url),
        "folders": tuple(sorted(folder for folder in folders if folder)),
        "path": f"{policy.library_root.rstrip('/')}/{preferred_path(piece)}",
    }
    return WantedObject(
        target="eagle",
        kind="item",
        key=key,
        label=piece.label,
        fields=fields,
        owners={**ITEM_OWNERS, **policy.owners.get("eagle/item", {})},
        only_at_birth=("path",),
        meet=(("website", fields["website"]),) if fields["website"] else (),
        follows=(
            object_key("library", "audio", key),
            *(object_key("eagle", "folder", ref) for ref in piece.shown_in),
        ),
        causes=tuple(sorted({piece.naming.last_seq, *(row.last_seq for row in piece.renditions)})),
    )


def _tags(index: Catalogue, piece: Piece) -> tuple[str, ...]:
    names = {index.state.playlists[ref].name for ref in piece.shown_in}
    formats = {row.audio.format.upper() for row in piece.renditions}
    loose = {piece.naming.genre or "", piece.naming.artist or "", source_of(piece.naming.ref)}
    return tuple(sorted({tag(text) for text in names | formats | loose} - {""}))
