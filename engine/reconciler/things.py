"""Everything that may be one recording, as the matcher takes it: recordings, sightings, rows and items nobody keyed.

Says what is known and where it came from; decides nothing. A hash counts for the file it was computed of and for no
other (F5, F7); a row's fingerprint that is no whole Chromaprint is none to the matcher (F6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from engine.domain.addresses import canonical_address, named_by_address
from engine.domain.quality import quality
from engine.domain.redaction import public_address
from engine.domain.references import object_key, remote_key, source_of
from engine.domain.value import Fields
from engine.matching.things import Thing
from engine.projections.rows import Remote, Rendition, Sighting
from engine.projections.state import State
from engine.reconciler.merging import canonical_ids

Known = TypeVar("Known")

UNKEYED_KINDS = (("notion", "track"), ("eagle", "item"))
"""Where things lie that a person or another program made, and that may be a recording of ours."""

_FINGERPRINTS = ("wav_fingerprint", "aiff_fingerprint", "m4a_fingerprint")
_ADDRESSES = ("soundcloud_url", "spotify_url", "youtube_url", "website")
_PLAIN = ("https://soundcloud.com/", "https://open.spotify.com/")
_MORE = ("?", "#", "/s-")
"""What an address holds beside its place: a query, a fragment, the token of a private link."""
_YEAR_LENGTH = 4
_MS_PER_S = 1000


def things(state: State) -> dict[str, Thing]:
    """Give every recording that was seen, and every standing row and item that carries no key, by key."""
    found = recording_things(state)
    found.update({thing.key: thing for thing in remote_things(state)})
    return found


def sightings_of(state: State) -> dict[str, list[Sighting]]:
    """Give the sightings of every recording, merged ones counted for the one that stays; the naming one first."""
    stands_for = canonical_ids(state.recordings)
    held: dict[str, list[Sighting]] = defaultdict(list)
    for row in state.sightings.values():
        if row.recording_id:
            held[stands_for.get(row.recording_id, row.recording_id)].append(row)
    return {recording_id: sorted(rows, key=naming_order) for recording_id, rows in sorted(held.items())}


def naming_order(row: Sighting) -> tuple[bool, bool, int, str]:
    """Order sightings by how well they name a recording: what a source published before what a file says."""
    return (not row.title, source_of(row.ref) == "file", row.first_seq, row.ref)


def recording_things(state: State) -> dict[str, Thing]:
    """Give every recording that was seen, by id, with the evidence of all its sightings and files."""
    stands_for = canonical_ids(state.recordings)
    files: dict[str, list[Rendition]] = defaultdict(list)
    for row in state.renditions.values():
        files[stands_for.get(row.recording_id, row.recording_id)].append(row)
    return {
        recording_id: recording_thing(recording_id, rows, files.get(recording_id, ()))
        for recording_id, rows in sightings_of(state).items()
    }


def recording_thing(recording_id: str, sightings: Iterable[Sighting], renditions: Iterable[Rendition] = ()) -> Thing:
    """Give one recording: named by its first sighting that has a name, known by the ids and hashes of all of them."""
    seen, files = [sighting_thing(row) for row in sightings], sorted(renditions, key=lambda row: row.rendition_id)
    heard = _heard(files)
    hashes = [each for thing in seen for each in thing.content_hashes]
    hashes += file_hashes(files)
    return Thing(
        key=recording_id,
        title=next((thing.title for thing in seen if thing.title), ""),
        artist=_first(thing.artist for thing in seen),
        album=_first(thing.album for thing in seen),
        year=_first(thing.year for thing in seen),
        duration_ms=_first(thing.duration_ms for thing in seen),
        ids=_distinct(each for thing in seen for each in thing.ids),
        isrcs=_distinct(each for thing in seen for each in thing.isrcs),
        content_hashes=_distinct(hashes),
        fingerprint=heard.audio.whole_fingerprint if heard else None,
        audio_ms=heard.audio.duration_ms if heard else None,
    )


def file_hashes(files: Iterable[Rendition]) -> tuple[str, ...]:
    """Give what files are known by: the hash of all their bytes, and that of their decoded audio."""
    rows = tuple(files)
    audio = (f"pcm:{row.audio.pcm_sha256}" for row in rows if row.audio.pcm_sha256)
    return (*(row.file_sha256 for row in rows), *audio)


class Shown(Protocol):
    """As much of a sighting as says what it is called."""

    @property
    def ref(self) -> str:
        """Which sighting it is."""
        ...

    @property
    def title(self) -> str:
        """What it is called."""
        ...

    @property
    def artist(self) -> str | None:
        """Who plays."""
        ...

    @property
    def url(self) -> str:
        """Where it is."""
        ...


def unnamed(row: Shown) -> bool:
    """Say whether a line of a list gives an address alone, whose end is no name of anything."""
    return source_of(row.ref) == "file" and not row.artist and named_by_address(row.title, row.url)


def sighting_thing(row: Sighting) -> Thing:
    """Give what a source shows of one track."""
    return Thing(
        key=row.ref,
        title="" if unnamed(row) else row.title,
        artist=row.artist or None,
        album=row.album or None,
        year=_year(row.release_date),
        duration_ms=row.duration_ms,
        ids=_distinct([row.ref, *_web_address(row.url)]),
        isrcs=(row.isrc,) if row.isrc else (),
        content_hashes=(row.content_sha256,) if row.content_sha256 else (),
    )


def remote_things(state: State) -> Iterator[Thing]:
    """Give the rows and items that stand somewhere, carry no key and are bound to nothing of ours."""
    bound = {(row.target, row.remote_id) for row in state.objects.values() if not row.trashed}
    for _, row in sorted(state.remotes.items()):
        free = (row.target, row.kind) in UNKEYED_KINDS and row.standing and row.key is None
        if free and (row.target, row.remote_id) not in bound and (thing := remote_thing(row)).title:
            yield thing


def remote_key_of(row: Remote) -> str:
    """Name a row or an item as a thing: `<target>/<kind>/<remote id>`."""
    return object_key(row.target, row.kind, row.remote_id)


def remote_of(state: State, key: str) -> Remote | None:
    """Give the standing row or item that a thing's key names, while it carries no key of ours."""
    target, _, rest = key.partition("/")
    kind, _, remote_id = rest.partition("/")
    row = state.remotes.get(remote_key(target, remote_id))
    return row if row is not None and row.kind == kind and row.standing and row.key is None else None


def remote_thing(row: Remote) -> Thing:
    """Give what a target shows of a row or an item; an address or an id in it means what it means at its source."""
    fields = row.fields
    text = {name: value for name, value in fields.items() if isinstance(value, str) and value}
    ids = [each for name in _ADDRESSES if name in text for each in _web_address(text[name])]
    ids += _native_ids(fields)
    duration_ms = _duration_ms(fields)
    fingerprint = next((text[name] for name in _FINGERPRINTS if name in text), None)
    return Thing(
        key=remote_key_of(row),
        title=text.get("title") or text.get("name") or "",
        artist=text.get("artist"),
        album=text.get("album"),
        year=_year(text.get("release_date")),
        duration_ms=duration_ms,
        ids=_distinct(ids),
        isrcs=(text["isrc"],) if "isrc" in text else (),
        fingerprint=fingerprint,
        audio_ms=duration_ms if fingerprint else None,
    )


def _native_ids(fields: Fields) -> Iterator[str]:
    for source in ("soundcloud", "spotify"):
        value = fields.get(f"{source}_id")
        if isinstance(value, bool) or not value:
            continue
        if isinstance(value, int | float):
            yield f"{source}:track:{int(value)}"
        elif isinstance(value, str):
            yield f"{source}:track:{value}"


def _duration_ms(fields: Fields) -> int | None:
    for name, factor in (("duration_ms", 1), ("duration_s", _MS_PER_S)):
        value = fields.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            return round(value * factor)
    return None


def _web_address(url: str) -> tuple[str, ...]:
    if url.startswith(_PLAIN) and not url.endswith("/") and not any(mark in url for mark in _MORE):
        return (url,)  # nearly every address is in its one spelling already, and taking it apart costs
    address = canonical_address(public_address(url))
    return (address,) if address.startswith("https://") else ()


def _heard(files: Iterable[Rendition]) -> Rendition | None:
    """Give the best file that is there, of those with a fingerprint if any has one."""
    there = [row for row in files if row.present]
    return max(there, key=lambda row: (bool(row.audio.fingerprint), quality(row.audio, row.size_bytes)), default=None)


def _year(date: str | None) -> int | None:
    year = (date or "")[:_YEAR_LENGTH]
    return int(year) if len(year) == _YEAR_LENGTH and year.isascii() and year.isdecimal() else None


def _first(values: Iterable[Known | None]) -> Known | None:
    return next((value for value in values if value is not None), None)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
