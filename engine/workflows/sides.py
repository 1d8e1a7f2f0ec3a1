"""One side of a question as a person wants to see it: what it is called, where it is from, what there is of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from engine.domain.quality import Quality, quality
from engine.domain.references import remote_key, source_of
from engine.domain.value import Fields, FieldValue, Value
from engine.projections.rows import Question, Recording, Remote, Rendition, Sighting
from engine.projections.state import State
from engine.reconciler.answers import is_thing
from engine.reconciler.asking import first_seen
from engine.reconciler.merging import canonical_ids
from engine.workflows.lookup import known_playlists

READS: tuple[str, ...] = ("sightings", "recordings", "renditions", "playlists", "remotes")
"""The projections that sides are shown from."""

_ADDRESSES = ("soundcloud_url", "spotify_url", "youtube_url", "website")
_BITS_PER_KBIT = 1000


class Side(Value, frozen=True):
    """One of the two things of a question.

    Attributes:
        key: its recording id, or `<target>/<kind>/<remote id>`.
        label: artist and title.
        source: where it was seen: a source's name, or the target that holds it.
        quality: of the best file there is, in words; empty without one.
        playlists: names of the followed playlists that list it.
        availability: whether its source gives the audio; empty for what lies in a target.
    """

    key: str
    label: str
    title: str
    source: str
    artist: str = ""
    album: str = ""
    duration_ms: int | None = None
    isrc: str = ""
    released: str = ""
    url: str = ""
    availability: str = ""
    quality: str = ""
    path: str = ""
    playlists: tuple[str, ...] = ()


class Shown:
    """Gives sides of questions; made once for all of them."""

    def __init__(self, state: State, questions: tuple[Question, ...]) -> None:
        self._state = state
        self._into = canonical_ids(state.recordings)
        wanted = {self._one(key) for row in questions for key in (row.newer, row.older) if not is_thing(key)}
        self._members: dict[str, list[Recording]] = defaultdict(list)
        for row in state.recordings.values():
            if self._one(row.recording_id) in wanted:
                self._members[self._one(row.recording_id)].append(row)
        self._files = self._files_of(wanted)
        self._lists = self._lists_of({ref for rows in self._members.values() for row in rows for ref in row.refs})

    def side(self, key: str) -> Side:
        """Give one side, by the recording it is itself; files and playlists are those of all that count as one."""
        if is_thing(key):
            return self._thing(key)
        sighting = first_seen(self._state, key)
        if sighting is None:
            return Side(key=key, label=key, title=key, source="")
        rows = self._members[self._one(key)]
        file = max(self._files.get(self._one(key), ()), key=_worth, default=None)
        lists = {name: None for row in rows for ref in row.refs for name in self._lists.get(ref, ())}
        return _seen(key, sighting, file, tuple(lists))

    def _one(self, key: str) -> str:
        return self._into.get(key, key)

    def _files_of(self, wanted: set[str]) -> Mapping[str, list[Rendition]]:
        files: dict[str, list[Rendition]] = defaultdict(list)
        for row in self._state.renditions.values():
            if row.present and self._one(row.recording_id) in wanted:
                files[self._one(row.recording_id)].append(row)
        return files

    def _lists_of(self, refs: set[str]) -> Mapping[str, list[str]]:
        lists: dict[str, list[str]] = defaultdict(list)
        for playlist in (row for row in known_playlists(self._state).values() if row.active):
            for ref in refs.intersection(playlist.entries):
                lists[ref].append(playlist.name or playlist.url)
        return lists

    def _thing(self, key: str) -> Side:
        target, kind, remote_id = key.split("/", 2)
        row = self._state.remotes.get(remote_key(target, remote_id))
        if row is None:
            return Side(key=key, label=key, title=key, source=f"{target} {kind}")
        return _held(key, row)


def _seen(key: str, sighting: Sighting, file: Rendition | None, playlists: tuple[str, ...]) -> Side:
    title = sighting.title or sighting.url or sighting.ref
    return Side(
        key=key,
        label=f"{sighting.artist} – {title}" if sighting.artist else title,
        title=title,
        source=source_of(sighting.ref),
        artist=sighting.artist or "",
        album=sighting.album or "",
        duration_ms=sighting.duration_ms,
        isrc=sighting.isrc or "",
        released=sighting.release_date or "",
        url=sighting.url,
        availability=sighting.availability.value,
        quality=_quality(file) if file else "",
        path=file.path if file else "",
        playlists=playlists,
    )


def _held(key: str, row: Remote) -> Side:
    title, artist = _text(row.fields, "title", "name"), _text(row.fields, "artist")
    return Side(
        key=key,
        label=f"{artist} – {title}" if artist and title else title or key,
        title=title or key,
        source=f"{row.target} {row.kind}",
        artist=artist,
        album=_text(row.fields, "album"),
        duration_ms=_lasts_ms(row.fields),
        isrc=_text(row.fields, "isrc"),
        released=_text(row.fields, "release_date"),
        url=_text(row.fields, *_ADDRESSES),
        path=_text(row.fields, "wav_path", "aiff_path", "m4a_path"),
    )


def _text(fields: Fields, *names: str) -> str:
    return next((str(fields[name]) for name in names if fields.get(name)), "")


def _lasts_ms(fields: Fields) -> int | None:
    numbers: Iterator[tuple[FieldValue, int]] = ((fields.get(name), by) for name, by in _LENGTHS)
    return next((round(value * by) for value, by in numbers if isinstance(value, int | float) and value), None)


_LENGTHS = (("duration_ms", 1), ("duration_s", 1000))


def _worth(row: Rendition) -> tuple[bool, Quality]:
    return (row.profile == "original", quality(row.audio, row.size_bytes))


def _quality(row: Rendition) -> str:
    audio = row.audio
    if audio.lossless and audio.lossy_origin:
        return f"{audio.format}, made of a lossy file"  # its bitrate would look like quality
    lossless = "lossless" if audio.lossless else ""
    rate = f"{round(audio.bitrate_bps / _BITS_PER_KBIT)} kbit/s" if audio.bitrate_bps else ""
    sampled = f"{audio.sample_rate_hz / 1000:g} kHz" if audio.sample_rate_hz else ""
    return " ".join(part for part in (audio.codec, lossless, rate, sampled) if part)
