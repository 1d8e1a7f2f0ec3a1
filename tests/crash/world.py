"""The outside world of the rehearsals: three stand-ins with little in them, and what they hold at the end.

Seconds of audio instead of minutes; everything else is as in the demo. Knows nothing of processes or crashes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from engine.standins.eagle.standin import EagleStandin
from engine.standins.notion.people import Row
from engine.standins.notion.seed import seed_music_workspace
from engine.standins.notion.standin import NotionStandin
from engine.standins.server import Exchange, Standin
from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.records import Playlist, Track, User
from engine.standins.soundcloud.standin import SoundCloudStandin

SET_URL = "https://soundcloud.com/tester/sets/small"
GONE = 202
ENTRIES = (101, GONE, 102, 101)
"""The set in order: the first track stands in it twice."""
SECONDS = 1

_KEY_LINE = re.compile(r"cratelog:(\S+)")
_STAMPS = frozenset({"Created", "Last Edited", "Processing Timestamp", "Last Synced"})


def small_catalog(media: Mapping[str, bytes]) -> Catalog:
    """Publish two tracks to have (a progressive MP3 and an HLS M4A) and one that is gone."""
    catalog = Catalog()
    catalog.add_user(User(id=1, permalink="tester", username="Tester"))
    for number, title, preset in ((101, "First Light", "mp3_1_0"), (102, "Zweites Licht 🏮", "aac_160k")):
        track = Track(
            id=number,
            user_id=1,
            permalink=f"track-{number}",
            title=f"Mira Voss - {title}",
            artist="Mira Voss",
            genre="Ambient",
            duration_ms=SECONDS * 1000,
        )
        catalog.add_track(track, {preset: media[preset]})
    catalog.add_track(Track(id=GONE, user_id=1, permalink="gone", title="Mira Voss - Gone", removed=True), {})
    catalog.add_playlist(Playlist(id=900, user_id=1, permalink="small", title="Small", track_ids=ENTRIES))
    return catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the outside holds, without ids and times of its own making; two ends are compared by it."""

    tracks: list[dict[str, Any]]
    playlists: list[dict[str, Any]]
    items: dict[str, dict[str, Any]]
    folders: list[tuple[str, str | None]]


class Outside:
    """The three stand-ins, started together; use it as a context manager.

    Args:
        media: preset → audio, see `small_catalog`.
        folder: where Eagle's library lies.
    """

    def __init__(self, media: Mapping[str, bytes], folder: Path) -> None:
        self.soundcloud = SoundCloudStandin(small_catalog(media))
        self.notion = NotionStandin()
        self.eagle = EagleStandin([folder / "Small.library"])
        self.ids = seed_music_workspace(self.notion)
        self.notion.create(
            self.ids["tracks_source"],
            {
                "Title": "First Light",
                "Artist Name": "Mira Voss",
                "SoundCloud URL": "https://soundcloud.com/tester/track-101",
                "Audio Processing": ["SC_404", "peak time"],
            },
        )
        self.notion.create(self.ids["tracks_source"], {"Title": "Not Ours", "Artist Name": "Somebody Else"})
        self._started = ExitStack()

    def __enter__(self) -> Self:
        for standin in self.standins.values():
            self._started.enter_context(standin)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._started.close()

    @property
    def standins(self) -> dict[str, Standin]:
        """The stand-ins by name."""
        return {"soundcloud": self.soundcloud, "notion": self.notion, "eagle": self.eagle}

    def environment(self, home: Path) -> dict[str, str]:
        """Give the variables that lead the program here."""
        return {
            "CRATELOG_HOME": str(home),
            "CRATELOG_NOTION_BASE_URL": self.notion.url,
            "NOTION_TOKEN": self.notion.token,
            "TRACKS_DB_ID": self.ids["tracks"],
            "PLAYLISTS_DB_ID": self.ids["playlists"],
            "EAGLE_API_BASE": self.eagle.url,
            "CRATELOG_SOUNDCLOUD_PROXY": self.soundcloud.url,
            "CRATELOG_TLS_VERIFY": "0",
            "CRATELOG_RESOLUTION_ORDER": "soundcloud",
        }

    def requests(self) -> Counter[str]:
        """Count what each service saw so far, writes to Notion and Eagle apart from reads."""
        counted: Counter[str] = Counter()
        for name, standin in self.standins.items():
            for exchange in standin.history:
                kind = "" if name == "soundcloud" else " write" if is_write(exchange) else " read"
                counted[name + kind] += 1
        return counted

    def held(self, home: Path) -> Held:
        """Give what Notion and Eagle hold, with the home's own path taken out."""
        rows = {name: self.notion.pages(self.ids[f"{name}_source"]) for name in ("tracks", "playlists")}
        names = {row.id: _name(row) for kind in rows.values() for row in kind}
        folders = self.eagle.folders()
        folder_names = {folder_id: name for folder_id, (name, _) in folders.items()}
        return Held(
            tracks=sorted((_row(row, names, str(home)) for row in rows["tracks"]), key=str),
            playlists=sorted((_row(row, names, str(home)) for row in rows["playlists"]), key=str),
            items={item_id: _item(record, folder_names) for item_id, record in sorted(self.eagle.items().items())},
            folders=sorted((name, folder_names.get(parent_id or "")) for name, parent_id in folders.values()),
        )

    def doubled(self) -> list[str]:
        """Name every key that more than one living object carries, and every folder there is twice (I30)."""
        rows = [row for name in ("tracks", "playlists") for row in self.notion.pages(self.ids[f"{name}_source"])]
        keyed = [row.properties["Sync Key"] for row in rows if not row.in_trash and row.properties.get("Sync Key")]
        keys = Counter(f"notion {key}" for key in keyed)
        for record in self.eagle.items().values():
            found = _KEY_LINE.search(record.get("annotation", ""))
            if found and not record["isDeleted"]:
                keys[f"eagle {found[1]}"] += 1
        keys.update(f"eagle folder {name} in {parent_id}" for name, parent_id in self.eagle.folders().values())
        return sorted(key for key, count in keys.items() if count > 1)


def is_write(exchange: Exchange) -> bool:
    """Say whether an exchange with Notion or Eagle asked for a change."""
    return exchange.method in ("POST", "PATCH") and not exchange.path.endswith("/query")


def _name(row: Row) -> str:
    return str(row.properties.get("Sync Key") or row.properties.get("Title") or row.properties.get("Name"))


def _row(row: Row, names: Mapping[str, str], home: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"in_trash": row.in_trash}
    for name, value in sorted(row.properties.items()):
        if name not in _STAMPS:
            listed = sorted(names.get(each, each) for each in value) if isinstance(value, list) else value
            shown[name] = listed.replace(home, "HOME") if isinstance(listed, str) else listed
    return shown


def _item(record: Mapping[str, Any], folder_names: Mapping[str, str]) -> dict[str, Any]:
    kept = {name: record[name] for name in ("name", "ext", "isDeleted", "url", "annotation", "size")}
    return {**kept, "tags": sorted(record["tags"]), "folders": [folder_names[each] for each in record["folders"]]}
