"""What a MusicBrainz holds, as plain values. No JSON, no HTTP."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

_SPACE = uuid.UUID("5ba7b8a2-9dad-41d1-80b4-00c04fd430c8")


def mbid(name: str) -> str:
    """Give the MBID that a name always leads to."""
    return str(uuid.uuid5(_SPACE, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release that a recording is on.

    Attributes:
        group: the title of its release group; its own when none is given.
        kinds: the group's primary type, then its secondary types: `("Album", "Compilation")`.
    """

    title: str
    id: str = ""
    date: str = ""
    country: str | None = None
    status: str = "Official"
    group: str | None = None
    kinds: tuple[str, ...] = ("Album",)
    labels: tuple[str, ...] = ()

    @property
    def mbid(self) -> str:
        """The release's id."""
        return self.id or mbid(f"release {self.title} {self.date} {self.country}")

    @property
    def group_title(self) -> str:
        """The release group's title."""
        return self.group or self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One recording.

    Attributes:
        credits: names with what joins each to the next: `(("Ada", " & "), ("Bo", ""))`.
        genres: names with their votes.
    """

    title: str
    credits: tuple[tuple[str, str], ...]
    id: str = ""
    length_ms: int | None = None
    isrcs: tuple[str, ...] = ()
    first_release_date: str = ""
    releases: tuple[Release, ...] = ()
    genres: tuple[tuple[str, int], ...] = ()
    disambiguation: str = ""

    @property
    def mbid(self) -> str:
        """The recording's id."""
        return self.id or mbid(f"recording {self.title} {self.credits} {self.length_ms}")

    @property
    def credit(self) -> str:
        """The names as they are printed."""
        return "".join(f"{name}{joined}" for name, joined in self.credits)
