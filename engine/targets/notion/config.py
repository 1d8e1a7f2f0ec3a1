"""What the Notion target has to be told; filled in by the composition root."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

PAGE_SIZE_MAX = 100  # rows Notion gives in one answer


@dataclass(frozen=True, slots=True, kw_only=True)
class NotionConfig:
    """Where the rows are and how to reach them.

    Attributes:
        tracks_database_id: a database, a data source, or the address of either; dashes do not matter.
        playlists_database_id: the same for playlists; None leaves playlists out.
        property_map: `track.genre` or `playlist.source` → the property's name, or several to try; an empty one leaves
            the field out.
    """

    token: str = field(repr=False)
    tracks_database_id: str
    playlists_database_id: str | None = None
    base_url: str = "https://api.notion.com"
    version: str = "2025-09-03"
    property_map: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    page_size: int = PAGE_SIZE_MAX
    timeout_s: float = 60.0
