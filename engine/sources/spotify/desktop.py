"""What the Spotify app of this machine plays: AppleScript's successor on macOS, MPRIS on Linux (F43).

Answers come in forms that no title can break: JSON, D-Bus' own notation, or fields between separators. Neither app
nor session means that nothing plays. Neither way tells what playlist is played from.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from engine.domain.failure import FailureClass, Problem
from engine.sources.spotify import parse, variant
from engine.sources.spotify.parse import NOTHING, Playback

TIMEOUT_S = 20.0
BETWEEN = "\x1f"
"""Stands between fields where a tool knows no JSON: the unit separator, which no title holds."""

_TOOLS = ("busctl", "gdbus", "playerctl")
_PLAYER = "org.mpris.MediaPlayer2.spotify"
_OBJECT = "/org/mpris/MediaPlayer2"
_INTERFACE = "org.mpris.MediaPlayer2.Player"
_PROPERTIES = "org.freedesktop.DBus.Properties.Get"
_FIELDS = ("mpris:trackid", "xesam:url", "xesam:title", "xesam:artist", "xesam:album", "mpris:length")
_US_PER_MS = 1_000
_DENIED = ("(-1743)", "(-25211)", "not authorized", "not allowed")
_ABSENT = ("(-10814)", "(-600)", "(-1728)", "can't be found", "isn't running")
"""What is said where there is no app, no session, or no current track; -2700 alone is any error of a script."""
_JXA = """
function run() {
  let app;
  try { app = Application("Spotify"); } catch (absent) { return "null"; }
  if (!app.running() || app.playerState() === "stopped") return "null";
  const track = app.currentTrack;
  return JSON.stringify({uri: track.spotifyUrl(), title: track.name(), artist: track.artist(),
                         album: track.album(), length_ms: track.duration()});
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What became of a program."""

    code: int
    out: str
    err: str


Runner: TypeAlias = Callable[[Sequence[str], float], Ran | Problem | None]
"""Runs a program with a time limit, which is a problem when it is over; nothing when the program is not there."""


def run(arguments: Sequence[str], timeout_s: float) -> Ran | Problem | None:
    """Run a program without a shell."""
    try:
        ended = subprocess.run(  # noqa: S603 - the arguments are ours, and no shell reads them
            list(arguments), capture_output=True, timeout=timeout_s, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        return _silent(timeout_s)
    except OSError:
        return None
    return Ran(
        code=ended.returncode,
        out=ended.stdout.decode("utf-8", "replace"),
        err=ended.stderr.decode("utf-8", "replace"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Desktop:
    """The player of this machine.

    Attributes:
        system: `sys.platform`.
        search_path: where programs are looked for.
    """

    run: Runner = run
    system: str = sys.platform
    search_path: str = field(default_factory=lambda: os.environ.get("PATH", os.defpath))

    @property
    def askable(self) -> bool:
        """Whether this machine has anything that could be asked; not whether a player runs."""
        tools = ("osascript",) if self.system == "darwin" else _TOOLS
        return any(shutil.which(tool, path=self.search_path) for tool in tools)

    def playback(self) -> Playback | Problem:
        """Give what plays; without an app, a session or a way to ask, nothing does."""
        if self.system == "darwin":
            return self._by_script()
        for tool, ask in zip(_TOOLS, (self._by_busctl, self._by_gdbus, self._by_playerctl), strict=True):
            program = shutil.which(tool, path=self.search_path)
            if program is not None:
                return ask(program)
        return NOTHING

    def _by_script(self) -> Playback | Problem:
        program = shutil.which("osascript", path=self.search_path)
        ran = self.run((program, "-l", "JavaScript", "-e", _JXA), TIMEOUT_S) if program else None
        if not isinstance(ran, Ran):
            return ran or NOTHING
        if ran.code != 0:
            return _script_failed(ran.err)
        return _from_json(ran.out, _scripted)

    def _by_busctl(self, program: str) -> Playback | Problem:
        ran = self.run(
            (program, "--user", "--json=short", "get-property", _PLAYER, _OBJECT, _INTERFACE, "Metadata"), TIMEOUT_S
        )
        if not isinstance(ran, Ran):
            return ran or NOTHING
        return NOTHING if ran.code != 0 else _from_json(ran.out, _unwrapped)

    def _by_gdbus(self, program: str) -> Playback | Problem:
        ran = self.run(
            (
                *(program, "call", "--session", "--dest", _PLAYER, "--object-path", _OBJECT),
                *("--method", _PROPERTIES, _INTERFACE, "Metadata"),
            ),
            TIMEOUT_S,
        )
        if not isinstance(ran, Ran):
            return ran or NOTHING
        if ran.code != 0:
            return NOTHING
        try:
            (metadata,) = variant.read(ran.out)
        except ValueError:
            return _unreadable()
        return _metadata(metadata) if isinstance(metadata, Mapping) else _unreadable()

    def _by_playerctl(self, program: str) -> Playback | Problem:
        wanted = BETWEEN.join(f"{{{{{name}}}}}" for name in _FIELDS)
        ran = self.run((program, "--player=spotify", "metadata", "--format", wanted), TIMEOUT_S)
        if not isinstance(ran, Ran):
            return ran or NOTHING
        if ran.code != 0:
            return NOTHING
        values = ran.out.removesuffix("\n").split(BETWEEN)
        return _metadata(dict(zip(_FIELDS, values, strict=True))) if len(values) == len(_FIELDS) else _unreadable()


def _silent(waited_s: float) -> Problem:
    return Problem(
        failure=FailureClass.TIMEOUT,
        detail=f"this machine's player did not say within {waited_s:g} s what plays",
        hint="answer the question that macOS may be showing, or restart Spotify; `sync login spotify` needs no app",
    )


def _script_failed(said: str) -> Playback | Problem:
    words = said.lower().replace("\u2019", "'")
    if any(sign in words for sign in _DENIED):
        return Problem(
            failure=FailureClass.PERMISSION,
            detail="macOS does not let this program ask Spotify what plays",
            hint="allow it under System Settings, Privacy & Security, Automation; or `sync login spotify`",
        )
    if any(sign in words for sign in _ABSENT):
        return NOTHING
    return Problem(
        failure=FailureClass.UNEXPECTED,
        detail=f"the Spotify app does not say what plays: {said.strip()[:200]}",
        hint="restart Spotify; or `sync login spotify`, which needs no app",
    )


def _from_json(text: str, read: Callable[[Any], Playback | Problem]) -> Playback | Problem:
    try:
        return read(json.loads(text))
    except ValueError:
        return _unreadable()


def _scripted(found: Any) -> Playback | Problem:
    if found is None:
        return NOTHING
    if not isinstance(found, Mapping):
        return _unreadable()
    length_ms, artist = found.get("length_ms"), found.get("artist")
    names = [artist] if artist else []
    return _playing(str(found.get("uri") or ""), found.get("title"), names, found.get("album"), length_ms)


def _unwrapped(found: Any) -> Playback | Problem:
    data = found.get("data") if isinstance(found, Mapping) else None
    if not isinstance(data, Mapping):
        return _unreadable()
    return _metadata({name: value.get("data") for name, value in data.items() if isinstance(value, Mapping)})


def _metadata(found: Mapping[str, Any]) -> Playback:
    """Read MPRIS metadata: the track's id stands in its object path, or in the address in older builds."""
    path = str(found.get("mpris:trackid") or "")
    uri = f"spotify:{path.removeprefix('/com/spotify/').replace('/', ':')}" if path.startswith("/com/") else path
    artists, length_us = found.get("xesam:artist"), found.get("mpris:length")
    names = [artists] if isinstance(artists, str) and artists else artists if isinstance(artists, list) else []
    length_ms = int(str(length_us)) // _US_PER_MS if str(length_us).isdecimal() else None
    return _playing(uri, found.get("xesam:title"), names, found.get("xesam:album"), length_ms)


def _playing(uri: str, title: object, artists: Sequence[object], album: object, length_ms: object) -> Playback:
    kind, _, identity = uri.removeprefix("spotify:").partition(":")
    if kind not in ("track", "episode", "local") or not identity:
        return NOTHING
    if kind == "local" and isinstance(length_ms, int):
        # What the app calls a local file differs between machines; its tags are what a playlist knows it by.
        seconds = str(length_ms // _US_PER_MS)
        parts = (str(artists[0]) if artists else "", str(album or ""), str(title or ""), seconds)
        uri = parse.local_uri(*parts)
    found = {
        "id": None if kind == "local" else identity,
        "uri": uri,
        "type": "track",
        "name": title,
        "artists": [{"name": name} for name in artists],
        "album": {"name": album},
        "duration_ms": length_ms,
    }
    if kind == "episode":
        found |= {"type": "episode", "show": {"name": artists[0] if artists else None}}
    entry = parse.piece(found)
    return Playback(entry=entry) if entry.seen is not None else NOTHING


def _unreadable() -> Problem:
    return Problem(
        failure=FailureClass.GARBAGE,
        detail="what this machine's player says cannot be read",
        hint="`sync login spotify` asks Spotify itself",
    )
