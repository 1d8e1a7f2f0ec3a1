"""Addresses to paths: what a person or an M3U writes to name something on this machine, or on the web."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

from engine.sources.files.walk import PLAYLIST_SUFFIXES, is_audio

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")  # two letters at least: one is a Windows drive
_WEB = re.compile(r"https?://", re.IGNORECASE)
_ROOTED = re.compile(r"[/~\\.]|[A-Za-z]:[\\/]")


def is_web(target: str) -> bool:
    """Say whether an entry names something on the web."""
    return _WEB.match(target) is not None


def is_local(address: str) -> bool:
    """Say whether an address is that of a folder, a playlist file or an audio file on this machine."""
    if address.lower().startswith("file:"):
        return True
    if _SCHEME.match(address):
        return False
    path = Path(address)
    named = _ROOTED.match(address) is not None or path.suffix.lower() in PLAYLIST_SUFFIXES or is_audio(path)
    return named or _answers(path.is_dir)


def path_of(address: str) -> Path:
    """Give the absolute path an address names, links resolved, whether or not anything is there.

    Raises:
        OSError, RuntimeError, ValueError: the address can be no path here.
    """
    written = _unwrapped(address) if address.lower().startswith("file:") else address
    return Path(written).expanduser().resolve()


def find(target: str, folder: Path) -> Path | None:
    """Give the file an entry of a playlist in a folder names, or nothing when it is not there.

    What is there wins over how it was written: the other Unicode form, percent signs and backslashes are tried.
    """
    local = target.lower().startswith("file:")
    if not local and _SCHEME.match(target):
        return None
    written = _unwrapped(target) if local else target
    spellings = (written, written.replace("\\", "/"), unquote(written))
    for spelling in dict.fromkeys(form for one in spellings for form in _forms(one)):
        path = folder / spelling
        if _answers(path.is_file):
            return path
    return None


def _forms(written: str) -> tuple[str, ...]:
    return written, unicodedata.normalize("NFC", written), unicodedata.normalize("NFD", written)


def _answers(is_there: Callable[[], bool]) -> bool:
    try:
        return is_there()
    except (OSError, ValueError):  # a name too long, or one no file system takes
        return False


def _unwrapped(url: str) -> str:
    """Give the path in a file URL; a host in it is a share or localhost, and a drive letter has no slash before it."""
    rest = url[len("file:") :]
    host, slash, inner = rest[2:].partition("/") if rest.startswith("//") else ("", "", rest)
    path = os.fsdecode(unquote_to_bytes(slash + inner))
    if re.match(r"/[A-Za-z]:", path):
        return path[1:]
    return path if host in ("", "localhost") else f"//{host}{path}"
