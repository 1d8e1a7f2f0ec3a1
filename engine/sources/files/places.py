"""Addresses to paths: what a person or an M3U writes to name something on this machine, or on the web."""

from __future__ import annotations

import glob
import os
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

from engine.sources.files.walk import is_audio, is_list

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")  # two letters at least: one is a Windows drive
_FRAGMENT = re.compile(r"(?P<file>.+\.(?:xml|csv|tsv))#(?P<inside>.+)", re.IGNORECASE | re.DOTALL)
_GLOB = re.compile(r"[*?\[]")
_ROOTED = re.compile(r"[/~\\.]|[A-Za-z]:[\\/]")


def is_local(address: str) -> bool:
    """Say whether an address is that of a folder, a playlist file or an audio file on this machine."""
    if address.lower().startswith("file:"):
        return True
    if _SCHEME.match(address):
        return False
    path = Path(split_address(address)[0])
    named = _ROOTED.match(address) is not None or is_list(path) or is_audio(path)
    return named or _answers(path.is_dir)


def split_address(address: str) -> tuple[str, str | None]:
    """Give the file's part of an address and, for one of several lists in a file, what stands after `#`."""
    found = _FRAGMENT.fullmatch(address)
    if found is None or (not address.lower().startswith("file:") and _answers(Path(address).expanduser().exists)):
        return address, None
    return found["file"], found["inside"]


def globbed(address: str) -> tuple[Path, ...] | None:
    """Give the files a pattern stands for, by path; nothing when an address is no pattern, or a file of that name."""
    if address.lower().startswith("file:") or not _GLOB.search(address):
        return None
    path = Path(address).expanduser()
    if _answers(path.exists):
        return None
    return tuple(sorted(Path(found).resolve() for found in glob.glob(str(path), recursive=True)))  # noqa: PTH207 - the pattern may be absolute


def is_on_share(address: str) -> bool:
    """Say whether an address names a file on another machine, as Windows or a file URL write it."""
    return re.match(r"(?:file:)?//(?!localhost/)[^/]|\\\\", address, re.IGNORECASE) is not None


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
    written = _written(target)
    if written is None:
        return None
    spellings = (written, written.replace("\\", "/"), unquote(written))
    for spelling in dict.fromkeys(form for one in spellings for form in _forms(one)):
        path = folder / spelling
        if _answers(path.is_file):
            return path
    return None


def expected(target: str, folder: Path) -> Path | None:
    """Give where an entry says its file lies, whether or not it is there; nothing for what can lie nowhere here."""
    written = _written(target)
    if written is None or re.match(r"[A-Za-z]:[\\/]|\\\\", written) or "\0" in written:
        return None
    try:
        return (folder / written).resolve()
    except (OSError, RuntimeError, ValueError):  # a name too long, or links that lead in a circle
        return None


def stem(target: str) -> str:
    """Give the name in a path, without its suffix, whichever system wrote the path."""
    written = (_written(target) or target).replace("\\", "/")
    return Path(written.rstrip("/").rpartition("/")[2] or written).stem


def _written(target: str) -> str | None:
    """Give the path a target writes, or nothing when it is none."""
    local = target.lower().startswith("file:")
    if not local and _SCHEME.match(target):
        return None
    return _unwrapped(target) if local else target


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
