"""What a search finds, and in which order: by words, as far as one can see from outside. Reads the catalogue only.

Every word of a short question has to be found, three quarters of a longer one; where it is found, in title, artist
or uploader, does not matter, and words nobody asked for cost nothing. So a remix, somebody's upload of the same and
a slowed version stand beside the original, and above it where they are played more or are newer. It is for the
client to tell them apart.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable

from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.records import Playlist, Track, User

_SHORT_QUESTION_WORDS = 2
_SHARE_MIN = 0.75


def tracks(catalog: Catalog, question: str) -> tuple[Track, ...]:
    """Give the public tracks a question finds, best first."""
    public = (track for track in catalog.tracks() if not track.secret_token)
    scored = ((_share(question, _text_of_track(catalog, track)), track) for track in public)
    hits = [(share, track) for share, track in scored if share]
    hits.sort(key=lambda hit: (-hit[0], -hit[1].playback_count, -hit[1].id))
    return tuple(track for _, track in hits)


def playlists(catalog: Catalog, question: str) -> tuple[Playlist, ...]:
    """Give the public sets a question finds, best first."""
    public = (one for one in catalog.playlists() if not one.secret_token)
    scored = ((_share(question, f"{one.title} {_username(catalog, one.user_id)}"), one) for one in public)
    return tuple(one for _, one in sorted(((s, one) for s, one in scored if s), key=lambda hit: (-hit[0], -hit[1].id)))


def users(catalog: Catalog, question: str) -> tuple[User, ...]:
    """Give the accounts a question finds, oldest first."""
    return tuple(user for user in catalog.users() if _share(question, f"{user.username} {user.full_name}"))


def words(text: str) -> frozenset[str]:
    """Give the words of a text, without case, accents and punctuation."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return frozenset(re.findall(r"\w+", plain.casefold()))


def _share(question: str, text: str) -> float:
    """Give the share of the question's words that a text holds; nothing where they are too few."""
    asked = words(question)
    held = len(asked & words(text))
    needed = len(asked) if len(asked) <= _SHORT_QUESTION_WORDS else math.ceil(_SHARE_MIN * len(asked))
    return held / len(asked) if asked and held >= needed else 0.0


def _text_of_track(catalog: Catalog, track: Track) -> str:
    return " ".join(_parts(track.title, track.artist, _username(catalog, track.user_id)))


def _parts(*parts: str | None) -> Iterable[str]:
    return (part for part in parts if part)


def _username(catalog: Catalog, user_id: int) -> str:
    owner = catalog.user(user_id)
    return owner.username if owner else ""
