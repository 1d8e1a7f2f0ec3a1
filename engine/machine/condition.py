"""Looks at this machine for `sync doctor`: versions, folders, disks, mounts. Changes nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from importlib import metadata
from pathlib import Path

from engine.workflows.doctor import Folder
from engine.workflows.init import MARKER_NAME

NETWORK_KINDS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "fuse.sshfs", "fuse.rclone"})


def python_version() -> tuple[int, int, int]:
    """Give the running Python's version."""
    return sys.version_info[:3]


def sqlite_version() -> str:
    """Give the version of the SQLite that Python was built with."""
    return sqlite3.sqlite_version


def package_version(name: str) -> str | None:
    """Give an installed package's version, or nothing."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def look_at(name: str, path: Path, *, mounts: Path = Path("/proc/self/mounts")) -> Folder:
    """Give one folder's condition; `library` is looked at for its marker too."""
    exists = path.is_dir()
    return Folder(
        name=name,
        path=str(path),
        exists=exists,
        writable=exists and os.access(path, os.W_OK),
        free_bytes=shutil.disk_usage(path).free if exists else None,
        network=network_kind(path, mounts),
        marked=(path / MARKER_NAME).is_file() if name == "library" else None,
    )


def network_kind(path: Path, mounts: Path) -> str | None:
    """Give the network file system a path lies on, where the system tells."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    here = path.resolve()
    points = [(Path(point.replace("\\040", " ")), kind) for _, point, kind, *_ in (line.split(" ") for line in lines)]
    around = [(len(point.parts), kind) for point, kind in points if here.is_relative_to(point)]
    kind = max(around, default=(0, ""))[1]
    return kind if kind in NETWORK_KINDS else None
