"""What MusicBrainz's recordings say, in our words, and how sure it is. Pure.

Where releases differ and none is clearly the first, there is no fact: unknown stays unknown (F28).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.domain.events import Fact
from engine.domain.value import FieldValue
from engine.sources.agreement import same_title
from engine.sources.musicbrainz.parse import Recording, Release

SEVERAL_ALBUMS = 0.85
"""What an album's title loses where the recording is on a single or an EP too."""
FEW_VOTES = 0.8
"""What a genre loses that one person voted for."""
GENRE = 0.95
_VOTES_MIN = 2
_GATHERED = frozenset({"Compilation", "DJ-mix", "Mixtape/Street", "Live"})


def facts(
    rows: Sequence[Recording], album: tuple[Release, float] | None, labels: Sequence[str], sure: float
) -> tuple[Fact, ...]:
    """Give what all recordings of an answer agree on.

    Args:
        rows: what is surely the recording, or its equals.
        album: the release that `album_of` chose.
        labels: what that release came out on.
        sure: how sure it is that the rows are the recording.
    """
    found = [
        _fact("artist", _agreed([row.credit or None for row in rows]), sure),
        _fact("isrc", _agreed([row.isrcs[0] if len(row.isrcs) == 1 else None for row in rows]), sure),
        _fact("release_date", _agreed([row.released for row in rows]), sure),
        _genre(rows, sure),
    ]
    if album is not None:
        release, share = album
        found.append(_fact("album", release.album or None, sure * share))
        found.append(_fact("label", _agreed(labels), sure * share))
    return tuple(fact for fact in found if fact is not None)


def album_of(rows: Sequence[Recording]) -> tuple[Release, float] | None:
    """Give the first release of the one album the recordings belong to, and how sure that is."""
    releases = [release for row in rows for release in row.releases if release.official and release.album]
    pool = [release for release in releases if not _GATHERED & set(release.kinds)] or releases
    albums = list(_albums(pool))
    if len(albums) == 1:
        return _first(albums[0]), 1.0
    whole = [album for album in albums if any(release.kinds[:1] == ("Album",) for release in album)]
    return (_first(whole[0]), SEVERAL_ALBUMS) if len(whole) == 1 else None


def _albums(releases: Sequence[Release]) -> Iterator[list[Release]]:
    rest = list(releases)
    while rest:
        title = rest[0].album
        yield [one for one in rest if one is rest[0] or same_title(one.album, title)]
        rest = [one for one in rest[1:] if not same_title(one.album, title)]


def _first(releases: Sequence[Release]) -> Release:
    return min(releases, key=lambda one: (not one.date, one.date, one.mbid))


def _genre(rows: Sequence[Recording], sure: float) -> Fact | None:
    if len(rows) != 1 or not rows[0].genres:
        return None
    (name, votes), *others = rows[0].genres
    if any(other == votes for _, other in others):
        return None
    return _fact("genre", name, sure * (GENRE if votes >= _VOTES_MIN else FEW_VOTES))


def _agreed(values: Sequence[str | None]) -> str | None:
    return values[0] if len(set(values)) == 1 else None


def _fact(field: str, value: FieldValue, confidence: float) -> Fact | None:
    return None if value is None else Fact(field=field, value=value, confidence=round(confidence, 3))
