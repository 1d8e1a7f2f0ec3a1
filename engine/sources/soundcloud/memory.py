"""What this process keeps of SoundCloud's answers between two questions; never written anywhere.

The secret links and keys of what is private, and the tracks that the last listing showed whole, so that nobody is
asked for them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.domain.events import TrackSeen
from engine.source_ports import Way
from engine.sources.soundcloud import parse


@dataclass(slots=True)
class Memory:
    """One process's memory of SoundCloud.

    Attributes:
        keys: track ref → what the tracks of a private set are asked for with.
        secret_links: track ref → where a private track opens.
        sought: tracks of private sets whose secret link was asked for.
        fresh: tracks the last listing showed whole, each given out once.
        way: how the last listing came.
    """

    keys: dict[str, Mapping[str, str]] = field(default_factory=dict)
    secret_links: dict[str, str] = field(default_factory=dict)
    sought: set[str] = field(default_factory=set)
    fresh: dict[str, TrackSeen] = field(default_factory=dict)
    way: Way | None = None

    def keep(self, records: Iterable[object]) -> None:
        """Keep those tracks of a listing that it shows whole, in the place of what an earlier listing showed."""
        shown = [record for record in records if isinstance(record, dict) and parse.whole(record)]
        self.secret_links.update(parse.private_addresses(shown))
        self.fresh = parse.tracks(shown) or {}
