"""Pieces and indexed states built by hand, for what a whole story would hide."""

from __future__ import annotations

from engine.domain.action_events import Change
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.plan import Action, ActionKind, Operation
from engine.domain.recording_events import Audio
from engine.projections.rows import (
    ActionRow,
    ActionState,
    Playlist,
    Recording,
    Remote,
    Rendition,
    Sighting,
    TargetObject,
)
from engine.projections.state import State
from engine.reconciler.catalogue import Catalogue, Piece, catalogue

KEY = "rkey"


def sighting(
    ref: str = "soundcloud:track:1", *, availability: Availability = Availability.AVAILABLE, **known: str | int | None
) -> Sighting:
    """Give a sighting of our recording."""
    fields: dict[str, str | int | None] = {"title": "Title", "url": f"https://example.test/{ref}", **known}
    return Sighting(ref=ref, availability=availability, recording_id=KEY, **fields)  # type: ignore[arg-type] # by name


def rendition(profile: str = "aiff", *, present: bool = True, **measured: float | str | None) -> Rendition:
    """Give a verified file of our recording."""
    audio = Audio(format=profile, codec="x", duration_ms=200_000, **measured)  # type: ignore[arg-type] # by name
    return Rendition(
        rendition_id=f"f-{profile}", recording_id=KEY, profile=profile, source_ref="soundcloud:track:1",
        path=f"Artist/Title.{profile}", size_bytes=12_345_678, mtime_ns=1, file_sha256="s", audio=audio,
        present=present, last_seq=9,
    )  # fmt: skip


def attempt(state: ActionState, failure: FailureClass = FailureClass.NETWORK) -> ActionRow:
    """Give what became of an action."""
    return ActionRow(action_id="a", state=state, problem=Problem(failure=failure, detail="so it was"))


def piece(
    *sightings: Sighting,
    renditions: tuple[Rendition, ...] = (),
    lost: tuple[Rendition, ...] = (),
    playlists: tuple[str, ...] = (),
    fetch: ActionRow | None = None,
    eagle: ActionRow | None = None,
    in_eagle: bool = False,
) -> Piece:
    """Give our recording with all that planning asks of it."""
    seen = sightings or (sighting(),)
    return Piece(
        recording=Recording(recording_id=KEY, refs=tuple(row.ref for row in seen)), sighting=seen[0], sightings=seen,
        renditions=renditions, lost=lost, playlists=playlists, departed_us=None, fetch_action=fetch,
        eagle_action=eagle, in_eagle=in_eagle,
    )  # fmt: skip


def remote(
    remote_id: str, *, target: str = "notion", kind: str = "track", key: str | None = None, misses: int = 0,
    live: bool = True, **fields: str | float | tuple[str, ...] | None,
) -> Remote:  # fmt: skip
    """Give what a target holds under a remote id."""
    return Remote(
        target=target, kind=kind, remote_id=remote_id, key=key, fields=dict(fields), live=live, revision=None,
        misses=misses,
    )  # fmt: skip


def indexed(
    *,
    remotes: tuple[Remote, ...] = (),
    objects: tuple[TargetObject, ...] = (),
    actions: tuple[ActionRow, ...] = (),
    playlists: tuple[Playlist, ...] = (),
    recordings: tuple[Recording, ...] = (),
) -> Catalogue:
    """Give a state of these rows, indexed for planning."""
    state = State(
        remotes={f"{row.target}/{row.remote_id}": row for row in remotes},
        objects={f"{row.target}/{row.kind}/{row.key}": row for row in objects},
        actions={row.action_id: row for row in actions},
        playlists={row.ref: row for row in playlists},
        recordings={row.recording_id: row for row in recordings},
    )
    return catalogue(state)


def action(operation: Operation = Operation.CREATE, *, key: str = KEY, action_id: str = "a") -> Action:
    """Give an action on a track's row."""
    kinds = {
        Operation.CREATE: ActionKind.CREATE_PAGE, Operation.ADOPT: ActionKind.ADOPT_PAGE,
        Operation.UPDATE: ActionKind.UPDATE_PAGE, Operation.TRASH: ActionKind.TRASH_PAGE,
    }  # fmt: skip
    return Action(
        action_id=action_id, kind=kinds[operation], operation=operation, target="notion", object_kind="track", key=key,
        remote_id=None if operation is Operation.CREATE else f"page-{key}",
        changes=(Change(field="title", before=None, after="T", owner="seed"),), precondition="p", reason="r",
        risk="low", causes=(1,),
    )  # fmt: skip
