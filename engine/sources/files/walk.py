"""Which files belong to the file source: audio by suffix, in folders that are a person's own. Opens no file."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

AUDIO_SUFFIXES = frozenset(
    {".aac", ".aif", ".aifc", ".aiff", ".alac", ".ape", ".dsf", ".flac", ".m4a", ".m4b", ".mp2", ".mp3", ".mpc"}
    | {".oga", ".ogg", ".opus", ".wav", ".wave", ".wma", ".wv"}
)


class Suffix(StrEnum):
    """What the suffix of a list file promises."""

    M3U = "m3u"
    TABLE = "table"
    XML = "xml"
    URLS = "urls"
    TEXT = "text"  # anything at all: a list only where somebody says so


LIST_SUFFIXES = {
    ".m3u": Suffix.M3U,
    ".m3u8": Suffix.M3U,
    ".csv": Suffix.TABLE,
    ".tsv": Suffix.TABLE,
    ".xml": Suffix.XML,
    ".urls": Suffix.URLS,
    ".txt": Suffix.TEXT,
}
_STORE_SUFFIX = ".library"  # other programs' own stores, Eagle's among them; moving files in them broke one before


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """The audio files below a folder, in order of their NFC paths, and the folders that would not be read."""

    files: tuple[Path, ...]
    unread: tuple[str, ...]


def is_audio(path: Path) -> bool:
    """Say whether a path's suffix is that of audio."""
    return path.suffix.lower() in AUDIO_SUFFIXES


def is_list(path: Path) -> bool:
    """Say whether a path's suffix is that of a list."""
    return path.suffix.lower() in LIST_SUFFIXES


def is_closed(path: Path, excluded: tuple[Path, ...]) -> bool:
    """Say whether a resolved path is, or is inside, a folder that is never scanned."""
    inside = any(path == root or root in path.parents for root in excluded)
    return inside or any(part.lower().endswith(_STORE_SUFFIX) for part in path.parts)


def walk(root: Path, excluded: tuple[Path, ...]) -> Walked:
    """Give every audio file below a resolved root; links to folders are not followed."""
    files: list[Path] = []
    unread: list[str] = []
    for folder, inner, names in os.walk(root, onerror=lambda error: unread.append(str(error))):
        here = Path(folder)
        inner[:] = [name for name in inner if not name.startswith(".") and not is_closed(here / name, excluded)]
        found = (here / name for name in names if not name.startswith("."))
        files += [path for path in found if is_audio(path) and path.is_file()]
    files.sort(key=lambda path: (unicodedata.normalize("NFC", str(path)), str(path)))
    return Walked(files=tuple(files), unread=tuple(unread))


def lists_below(root: Path, excluded: tuple[Path, ...]) -> tuple[Path, ...]:
    """Give every list below a resolved root, by path, and every folder that would not be read in its place.

    Texts are left out, for nobody said that they are lists.
    """
    found: list[Path] = []
    unread: list[Path] = []
    for folder, inner, names in os.walk(root, onerror=lambda error: unread.append(Path(error.filename))):
        here = Path(folder)
        inner[:] = [name for name in inner if not name.startswith(".") and not is_closed(here / name, excluded)]
        found += [here / name for name in names if not name.startswith(".")]
    listed = (path for path in found if LIST_SUFFIXES.get(path.suffix.lower(), Suffix.TEXT) is not Suffix.TEXT)
    return tuple(sorted([*listed, *unread], key=lambda path: (unicodedata.normalize("NFC", str(path)), str(path))))


def holds_audio(root: Path, excluded: tuple[Path, ...]) -> bool:
    """Say whether there is any audio below a resolved root; looks no further than the first."""
    for folder, inner, names in os.walk(root):
        here = Path(folder)
        inner[:] = [name for name in inner if not name.startswith(".") and not is_closed(here / name, excluded)]
        if any(is_audio(here / name) for name in names if not name.startswith(".")):
            return True
    return False
