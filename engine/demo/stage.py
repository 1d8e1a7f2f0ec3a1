"""The demo's stage: four stand-ins on loopback over one folder, and a home whose settings point at them.

Everything lies in the folder, so that the stand-ins can be served again tomorrow and the home explored without them.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec

from engine.demo.outside import (
    SET_URL,
    SPOTIFY_URL,
    SPOTIFY_USER,
    furnish_notion,
    soundcloud_catalog,
    spotify_catalog,
)
from engine.demo.pieces import synthesise
from engine.domain.errors import EngineError, UsageError
from engine.domain.failure import Problem
from engine.media.config import MediaConfig
from engine.media.tools import find_tools
from engine.standins.eagle.standin import EagleStandin
from engine.standins.notion.seed import music_ids
from engine.standins.notion.standin import TOKEN, NotionStandin
from engine.standins.server import Exchange, Standin
from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.standin import SoundCloudStandin
from engine.standins.spotify.standin import SpotifyStandin

MARKER = ".cratelog-demo"
PORTS_FILE = "ports.json"
DOTENV = ".env"
CREDENTIALS = "credentials"


class Ports(msgspec.Struct, frozen=True):
    """Where the stand-ins listened last."""

    soundcloud: int = 0
    notion: int = 0
    eagle: int = 0
    spotify: int = 0


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The stand-ins, listening."""

    folder: Path
    soundcloud: SoundCloudStandin
    notion: NotionStandin
    eagle: EagleStandin
    spotify: SpotifyStandin

    @property
    def home(self) -> Path:
        """The home of the program that plays on this stage."""
        return self.folder / "home"

    @cached_property
    def refresh_token(self) -> str:
        """What a person who logged in to this Spotify would hold."""
        return self.spotify.grant()[1]

    def mark(self) -> dict[str, int]:
        """Remember how far each stand-in's own history has come."""
        return {name: len(standin.history) for name, standin in self._named().items()}

    def since(self, mark: Mapping[str, int]) -> dict[str, tuple[int, int]]:
        """Count what each stand-in saw since a mark: stand-in → (requests, writes among them)."""
        return {
            name: _counted(standin.history[mark.get(name, 0) :], _WRITES[name])
            for name, standin in self._named().items()
        }

    def _named(self) -> dict[str, Standin]:
        return {
            "SoundCloud": self.soundcloud,
            "Spotify": self.spotify,
            "Notion": self.notion,
            "Eagle": self.eagle,
        }


_WRITES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "SoundCloud": (),
    "Spotify": (),
    "Notion": (("POST", "/v1/pages"), ("PATCH", "/v1/")),
    "Eagle": (
        ("POST", "/api/v2/item/add"),
        ("POST", "/api/v2/item/update"),
        ("POST", "/api/v2/folder/create"),
        ("POST", "/api/v2/folder/update"),
    ),
}


def _counted(exchanges: tuple[Exchange, ...], writes: tuple[tuple[str, str], ...]) -> tuple[int, int]:
    seen = Counter(
        any(exchange.method == method and exchange.path.startswith(path) for method, path in writes)
        for exchange in exchanges
        if exchange.method != "CONNECT"
    )
    return seen[True] + seen[False], seen[True]


def prepare(folder: Path) -> None:
    """Build an empty stage in a folder: music, a SoundCloud set, room for the rest.

    Raises:
        UsageError: the folder holds something that is not a demo.
        EngineError: there is no ffmpeg, or it fails.
    """
    tools = find_tools(MediaConfig())
    if isinstance(tools, Problem):
        raise EngineError(tools.detail, hint=tools.hint)
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARKER).is_file():
            raise UsageError(f"{folder} holds something else", hint="name another folder: `sync demo FOLDER`")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text("This folder was made by `sync demo`, which may replace it.\n", encoding="utf-8")
    music = folder / "music"
    soundcloud_catalog(synthesise(tools.ffmpeg, music)).save(folder / "soundcloud")
    shutil.rmtree(music)


@contextmanager
def opened(folder: Path) -> Iterator[Stage]:
    """Serve the stand-ins of a prepared folder, on the ports they had before where those are free.

    Raises:
        UsageError: the folder is no demo.
    """
    if not (folder / MARKER).is_file():
        raise UsageError(f"{folder} is no demo", hint="`sync demo` makes one")
    ports_file = folder / PORTS_FILE
    ports = msgspec.json.decode(ports_file.read_bytes(), type=Ports) if ports_file.is_file() else Ports()
    stage = _served(folder, ports)
    with stage.soundcloud, stage.spotify, stage.notion, stage.eagle:
        furnish_notion(stage.notion)
        now = Ports(
            soundcloud=stage.soundcloud.port,
            notion=stage.notion.port,
            eagle=stage.eagle.port,
            spotify=stage.spotify.port,
        )
        ports_file.write_bytes(msgspec.json.encode(now))
        stage.home.mkdir(exist_ok=True)
        shutil.rmtree(stage.home / CREDENTIALS, ignore_errors=True)  # this Spotify knows nothing of earlier logins
        (stage.home / DOTENV).write_text(_dotenv(environment(stage)), encoding="utf-8")
        yield stage


def _served(folder: Path, ports: Ports) -> Stage:
    catalog = Catalog.load(folder / "soundcloud")
    libraries = [folder / "Demo.library"]
    for attempt in (ports, Ports()):
        made: list[Standin] = []
        try:
            soundcloud = SoundCloudStandin(catalog, port=attempt.soundcloud)
            made.append(soundcloud)
            notion = NotionStandin(port=attempt.notion, state_path=folder / "notion.json")
            made.append(notion)
            eagle = EagleStandin(libraries, port=attempt.eagle)
            made.append(eagle)
            spotify = SpotifyStandin(spotify_catalog(), signed_in=SPOTIFY_USER, port=attempt.spotify)
        except OSError:
            for standin in made:
                standin.stop()
            continue
        return Stage(folder=folder, soundcloud=soundcloud, notion=notion, eagle=eagle, spotify=spotify)
    raise UsageError("no free port on loopback", hint="stop another demo that is being served")


def environment(stage: Stage) -> dict[str, str]:
    """Give the settings that point the program at the stand-ins."""
    ids = music_ids()
    return {
        "NOTION_TOKEN": TOKEN,
        "TRACKS_DB_ID": ids["tracks"],
        "PLAYLISTS_DB_ID": ids["playlists"],
        "CRATELOG_NOTION_BASE_URL": stage.notion.url,
        "EAGLE_API_BASE": stage.eagle.url,
        "CRATELOG_SOUNDCLOUD_PROXY": stage.soundcloud.url,
        "SPOTIFY_CLIENT_ID": stage.spotify.client_id,
        "SPOTIFY_REFRESH_TOKEN": stage.refresh_token,
        "CRATELOG_SPOTIFY_API_BASE": stage.spotify.url,
        "CRATELOG_SPOTIFY_ACCOUNTS_BASE": stage.spotify.url,
        "CRATELOG_TLS_VERIFY": "0",
        "CRATELOG_RESOLUTION_ORDER": "soundcloud",
    }


def _dotenv(values: Mapping[str, str]) -> str:
    lines = [f"{name}={value}" for name, value in values.items()]
    return "\n".join(["# The stand-ins of `sync demo`; `sync demo --serve FOLDER` serves them again.", *lines, ""])


__all__ = ["SET_URL", "SPOTIFY_URL", "Stage", "environment", "opened", "prepare"]
