"""What the file source may look at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesConfig:
    """Where the file source keeps out.

    Attributes:
        excluded: folders that are never scanned, such as our own library's root.
    """

    excluded: tuple[Path, ...] = ()
