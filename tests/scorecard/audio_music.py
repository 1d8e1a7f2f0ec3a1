"""Real music for the scorecard: the soundtracks of games that Debian packages, fetched once into the workspace.

Nothing is installed: packages are downloaded with `apt-get download` and unpacked beside each other. Where that
cannot be done, the reason is given and the scorecard goes on without audio.
"""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

PACKAGES = (
    "nexuiz-music",
    "singularity-music",
    "hyperrogue-music",
    "fretsonfire-songs-muldjord",
    "fretsonfire-songs-sectoid",
    "drascula-music",
)
"""Electronic, ambient, orchestral, metal and chip music; 293 MB to download, about 85 pieces."""

_PIECE_BYTES_MIN = 700_000  # less is a jingle
_DOWNLOAD_TIMEOUT_S = 900.0


class MusicMissingError(Exception):
    """The music cannot be had here; the message says why and what would help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of music.

    Attributes:
        files: what is mixed to make it: one file, or its tracks.
        without: the same piece without its lead instrument, where its tracks are separate.
    """

    name: str
    files: tuple[Path, ...]
    without: Path | None = None


def fetch(folder: Path) -> list[Piece]:
    """Give every piece, downloading the packages that are not there yet.

    Raises:
        MusicMissingError: there is no apt, no network, or no such package.
    """
    for package in PACKAGES:
        target = folder / package
        if not target.is_dir():
            _unpack(_downloaded(package, folder), target)
    return [piece for package in PACKAGES for piece in _pieces(folder / package)]


def _downloaded(package: str, folder: Path) -> Path:
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise MusicMissingError("no apt-get and dpkg-deb here: the music comes from Debian packages")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        ran = subprocess.run(
            ["apt-get", "download", "-q", package],
            cwd=folder, capture_output=True, text=True, timeout=_DOWNLOAD_TIMEOUT_S, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise MusicMissingError(f"{package} did not arrive within {_DOWNLOAD_TIMEOUT_S:.0f} s") from None
    found = sorted(folder.glob(f"{package}_*.deb"))
    if ran.returncode or not found:
        said = next(iter(line for line in ran.stderr.splitlines() if line.startswith("E:")), "no file came")
        raise MusicMissingError(f"{package} cannot be downloaded ({said}); `apt-get update` may help")
    return found[-1]


def _unpack(package: Path, target: Path) -> None:
    unpacked = target.with_suffix(".new")
    shutil.rmtree(unpacked, ignore_errors=True)
    subprocess.run(["dpkg-deb", "-x", str(package), str(unpacked)], check=True)
    for archive in sorted(unpacked.rglob("*.pk3")):
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(archive.with_suffix(""))
    unpacked.rename(target)
    package.unlink()


def _pieces(folder: Path) -> list[Piece]:
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".ogg", ".mp3") and not path.is_symlink() and path.stat().st_size >= _PIECE_BYTES_MIN
    ]
    return [_piece(path) for path in files if path.name != "guitar.ogg"]


def _piece(path: Path) -> Piece:
    guitar = path.with_name("guitar.ogg")
    if path.name == "song.ogg" and guitar.exists():
        return Piece(name=path.parent.name, files=(path, guitar), without=path)
    return Piece(name=path.stem, files=(path,))
