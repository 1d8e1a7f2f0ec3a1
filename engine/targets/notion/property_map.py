"""Which property holds which of our fields: names and aliases, resolved to property ids against a schema.

Pure. A field without a property of a fitting type is not supported and never written; it is named in `drifts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias
from urllib.parse import unquote

Overrides: TypeAlias = Mapping[str, str | Sequence[str]]
"""`<kind>.<word>` → a property's name, or several in the order in which they are tried."""

KEY_WORD = "sync_key"
KEY_NAME = "Sync Key"


class Shape(StrEnum):
    """What kind of value one of our fields holds."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"
    TAGS = "tags"
    PAGES = "pages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one field finds its property.

    Attributes:
        names: the property's possible names, best first.
        types: the Notion property types that can hold the value.
        parts: over how many properties the text may be spread (` Part 2`, ` Part 3`).
        read_only: whether it is the person's alone: read where it is there, never written, not missed where it is not.
    """

    word: str
    names: tuple[str, ...]
    shape: Shape
    types: tuple[str, ...]
    parts: int = 1
    read_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One field's property: its raw ids (one per part), its name exactly as it stands, and its type."""

    word: str
    name: str
    type: str
    shape: Shape
    ids: tuple[str, ...]
    read_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A field the schema cannot hold, and why, for people."""

    word: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """A data source's properties as far as they concern us."""

    columns: Mapping[str, Column]
    drifts: tuple[Drift, ...]
    key_name: str
    key_addable: bool

    @property
    def supported(self) -> tuple[str, ...]:
        """The fields this schema takes from us, in our words; the key counts when it can still be added."""
        words = {word for word, column in self.columns.items() if not column.read_only}
        return tuple(sorted({*words, KEY_WORD} if self.key_addable else words))


def _text(word: str, *names: str, parts: int = 1) -> Rule:
    return Rule(word=word, names=names, shape=Shape.TEXT, types=("rich_text",), parts=parts)


def _choice(word: str, *names: str) -> Rule:
    return Rule(word=word, names=names, shape=Shape.TEXT, types=("select", "rich_text"))


def _link(word: str, *names: str) -> Rule:
    return Rule(word=word, names=names, shape=Shape.TEXT, types=("url", "rich_text"))


def _number(word: str, *names: str) -> Rule:
    return Rule(word=word, names=names, shape=Shape.NUMBER, types=("number", "rich_text"))


def _date(word: str, *names: str) -> Rule:
    return Rule(word=word, names=names, shape=Shape.DATE, types=("date", "rich_text"))


_TITLE = Rule(word="title", names=("Title", "Name"), shape=Shape.TEXT, types=("title",))

RULES: Mapping[str, tuple[Rule, ...]] = {
    "playlist": (
        _TITLE,
        _text(KEY_WORD, KEY_NAME),
        _choice("source", "Source", "Platform"),
        _link("source_url", "Source URL"),
        _text("spotify_id", "Spotify ID"),
        _number("track_count", "Track Count"),
        _date("last_synced", "Last Synced"),
    ),
    "track": (
        _TITLE,
        _text(KEY_WORD, KEY_NAME),
        _text("artist", "Artist Name", "Artist"),
        _text("album", "Album"),
        _choice("genre", "Genre"),
        _choice("label", "Label"),
        _text("isrc", "ISRC"),
        _date("release_date", "Release Date"),
        Rule(word="downloaded", names=("Downloaded", "DL"), shape=Shape.FLAG, types=("checkbox",)),
        Rule(
            word="status",
            names=("Audio Processing", "Audio Processing Status"),
            shape=Shape.TAGS,
            types=("multi_select",),
        ),
        _text("wav_path", "WAV File Path"),
        _text("aiff_path", "AIFF File Path"),
        _text("m4a_path", "M4A File Path"),
        _text("wav_fingerprint", "WAV Fingerprint", parts=3),
        _text("aiff_fingerprint", "AIFF Fingerprint", parts=3),
        _text("m4a_fingerprint", "M4A Fingerprint", parts=3),
        _number("duration_s", "Audio Duration (seconds)"),
        _number("duration_ms", "Duration (ms)"),
        _number("loudness_lufs", "Audio LUFS Level"),
        _number("sample_rate_hz", "Audio Sample Rate"),
        _number("bitrate_bps", "BitRate"),
        _number("size_mb", "Audio File Size (MB)"),
        _text("eagle_id", "Eagle File ID"),
        _link("soundcloud_url", "SoundCloud URL"),
        _link("spotify_url", "Spotify URL"),
        _link("youtube_url", "YouTube URL"),
        _number("soundcloud_id", "SoundCloud ID"),
        _text("spotify_id", "Spotify ID"),
        _choice("download_source", "Download Source"),
        Rule(word="playlists", names=("Playlists",), shape=Shape.PAGES, types=("relation",)),
        Rule(
            word="priority",
            names=("Priority", "Prio", "Urgency"),
            shape=Shape.TEXT,
            types=("select", "status", "number", "rich_text"),
            read_only=True,
        ),
    ),
}
"""The default map of each kind of object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Property:
    id: str
    name: str
    type: str


def resolve(kind: str, properties: Mapping[str, Any], overrides: Overrides) -> Schema:
    """Find every field's property.

    Args:
        kind: "playlist" or "track".
        properties: `properties` of the data source, as answered.
        overrides: `<kind>.<word>` → names that replace the default ones; none, or an empty one, leaves the field out.

    Raises:
        KeyError, TypeError: the properties are not what Notion documents.
    """
    present = [_Property(id=unquote(entry["id"]), name=name, type=entry["type"]) for name, entry in properties.items()]
    columns: dict[str, Column] = {}
    drifts: list[Drift] = []
    for rule in RULES[kind]:
        names = _names(overrides.get(f"{kind}.{rule.word}"), rule.names)
        if not names:
            continue
        found = _find(rule, names, present)
        if isinstance(found, Drift):
            drifts += [] if rule.read_only else [found]
        else:
            columns[rule.word] = found
    key_name = next(iter(_names(overrides.get(f"{kind}.{KEY_WORD}"), ())), KEY_NAME)
    return Schema(
        columns=columns,
        drifts=tuple(drifts),
        key_name=key_name,
        key_addable=KEY_WORD not in columns and not any(_same(entry.name, key_name) for entry in present),
    )


def _names(override: str | Sequence[str] | None, default: tuple[str, ...]) -> tuple[str, ...]:
    if override is None:
        return default
    return tuple(name for name in ((override,) if isinstance(override, str) else override) if name)


def _find(rule: Rule, names: tuple[str, ...], present: list[_Property]) -> Column | Drift:
    if rule.types == ("title",):
        candidates = [entry for entry in present if entry.type == "title"]
    else:
        candidates = [entry for name in names for entry in _named(name, present)]
    for entry in candidates:
        if entry.type in rule.types:
            ids = (entry.id, *_parts(rule, entry, present))
            return Column(
                word=rule.word,
                name=entry.name,
                type=entry.type,
                shape=rule.shape,
                ids=ids,
                read_only=rule.read_only,
            )
    if candidates:
        wrong = candidates[0]
        return Drift(word=rule.word, detail=f"`{wrong.name}` is {wrong.type}, not {' or '.join(rule.types)}")
    return Drift(word=rule.word, detail=f"no property is called {' or '.join(f'`{name}`' for name in names)}")


def _parts(rule: Rule, first: _Property, present: list[_Property]) -> Iterable[str]:
    for number in range(2, rule.parts + 1):
        part = next((entry for entry in _named(f"{first.name.strip()} Part {number}", present)), None)
        if part is None or part.type != first.type:
            return
        yield part.id


def _named(name: str, present: list[_Property]) -> list[_Property]:
    exact = [entry for entry in present if entry.name == name]
    return exact + [entry for entry in present if entry.name != name and _same(entry.name, name)]


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
