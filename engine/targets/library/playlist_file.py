"""Playlists as M3U8 text, and back; the line `#CRATELOG:<ref>` makes a file ours. Pure text, no disk."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

SUFFIX = ".m3u8"
_HEADER = "#EXTM3U"
_NAME = "#PLAYLIST:"
_REF = "#CRATELOG:"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaylistText:
    """What a playlist file says.

    Attributes:
        entries: audio paths relative to the library's root, in order, repeats kept.
    """

    ref: str
    name: str
    entries: tuple[str, ...]


def render(playlist: PlaylistText, path: str) -> str:
    """Give the text of a playlist file that lies at `path`; entries become relative to its folder."""
    folder = posixpath.dirname(path)
    lines = [_HEADER, f"{_NAME}{_one_line(playlist.name)}", f"{_REF}{_one_line(playlist.ref)}"]
    lines += [_from_folder(entry, folder) for entry in playlist.entries]
    return "\n".join([*lines, ""])


def parse(text: str, path: str) -> PlaylistText | None:
    """Give what a playlist file at `path` says, or nothing when it is not ours."""
    folder = posixpath.dirname(path)
    lines = [line.strip() for line in text.removeprefix("\ufeff").split("\n")]
    ref = _labelled(lines, _REF)
    if ref is None:
        return None
    entries = tuple(_from_root(line, folder) for line in lines if line and not line.startswith("#"))
    return PlaylistText(ref=ref, name=_labelled(lines, _NAME) or "", entries=entries)


def _labelled(lines: Sequence[str], label: str) -> str | None:
    return next((line.removeprefix(label).strip() for line in lines if line.startswith(label)), None) or None


def _from_folder(entry: str, folder: str) -> str:
    line = posixpath.relpath(entry, folder or ".")
    return f"./{line}" if line.startswith("#") else line


def _from_root(line: str, folder: str) -> str:
    return unicodedata.normalize("NFC", posixpath.normpath(posixpath.join(folder, line)))


def _one_line(text: str) -> str:
    return " ".join(text.split())
