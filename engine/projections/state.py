"""The whole state: every control projection's rows, as the planner and the reading commands see them."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.projections.rows import (
    ActionRow,
    Conflict,
    Health,
    Playlist,
    Question,
    Recording,
    Remote,
    Rendition,
    Run,
    Scope,
    Sighting,
    TargetObject,
)


@dataclass(slots=True, kw_only=True)
class State:
    """Rows by key, one dictionary per projection; readers treat it as frozen.

    Attributes:
        remotes: by `remote_key(target, remote_id)`.
        objects: by `object_key(target, kind, key)`.
    """

    journal_id: str = ""
    head_seq: int = 0
    head_hash: str = ""
    sightings: dict[str, Sighting] = field(default_factory=dict)
    playlists: dict[str, Playlist] = field(default_factory=dict)
    recordings: dict[str, Recording] = field(default_factory=dict)
    renditions: dict[str, Rendition] = field(default_factory=dict)
    remotes: dict[str, Remote] = field(default_factory=dict)
    objects: dict[str, TargetObject] = field(default_factory=dict)
    actions: dict[str, ActionRow] = field(default_factory=dict)
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    scopes: dict[str, Scope] = field(default_factory=dict)
    health: dict[str, Health] = field(default_factory=dict)
