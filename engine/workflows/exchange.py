"""Writes an export under its name whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from engine.domain.errors import StorageError, UsageError


def write_whole(path: Path, lines: Iterable[bytes]) -> int:
    """Write lines to a new file and give their number.

    Raises:
        UsageError: there is a file of that name.
        StorageError: the disk does not take it.
    """
    if path.exists():
        raise UsageError(f"{path} is there already", hint="name a file that does not exist yet")
    staged = path.with_name(f".{path.name}.{os.getpid()}.part")
    written = 0
    try:
        with staged.open("wb") as stream:
            for line in lines:
                stream.write(line)
                written += 1
            stream.flush()
            os.fsync(stream.fileno())
        staged.replace(path)
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}", hint="check free space and permissions") from error
    finally:
        staged.unlink(missing_ok=True)
    return written
