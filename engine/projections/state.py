"""The whole state: every control projection's rows, as the planner and the reading commands see them."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.projections.rows import (
    Access,
    ActionRow,
    Capability,
    Conflict,
    Credential,
    Enrichment,
    Health,
    Playlist,
    Question,
    Recording,
    Remote,
    Rendition,
    Resolution,
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
        enrichments: by `enrichment_key(recording_id, provider)`.
        access: by `source_key(source, way)`; capabilities likewise, by what may be withheld.
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
    resolutions: dict[str, Resolution] = field(default_factory=dict)
    enrichments: dict[str, Enrichment] = field(default_factory=dict)
    access: dict[str, Access] = field(default_factory=dict)
    capabilities: dict[str, Capability] = field(default_factory=dict)
    credentials: dict[str, Credential] = field(default_factory=dict)
