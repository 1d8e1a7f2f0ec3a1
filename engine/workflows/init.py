"""Creates a home: folders, the settings file, the journal, the library with its marker. Overwrites nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.domain.errors import StorageError
from engine.domain.value import Value

MARKER_NAME = ".cratelog-root"
"""The file that says a folder is the library, so that an unmounted volume is never taken for an empty one."""


class Created(Value, frozen=True):
    """What `sync init` made, and what was there already."""

    home: str
    library: str
    made: tuple[str, ...]
    kept: tuple[str, ...]


def create_home(
    *,
    home: Path,
    folders: tuple[str, ...],
    toml: tuple[str, str],
    library: Path,
    mark_library: Callable[[], bool],
    make_journal: Callable[[], bool],
) -> Created:
    """Make what is missing of a home; `toml` is the settings file's name and text.

    Raises:
        StorageError: a folder or file cannot be made.
    """
    made: list[str] = []
    kept: list[str] = []

    def note(name: str, *, new: bool) -> None:
        (made if new else kept).append(name)

    try:
        note(str(home), new=_folder(home))
        for folder in folders:
            note(f"{folder}/", new=_folder(home / folder))
        note(toml[0], new=_file(home / toml[0], toml[1]))
        note(str(library), new=_folder(library))
        note(MARKER_NAME, new=mark_library())
    except OSError as error:
        raise StorageError(
            f"{error.filename} cannot be made: {error.strerror}", hint="choose another folder with --home or --library"
        ) from error
    note("journal", new=make_journal())
    return Created(home=str(home), library=str(library), made=tuple(made), kept=tuple(kept))


def _folder(path: Path) -> bool:
    new = not path.is_dir()
    path.mkdir(parents=True, exist_ok=True)
    return new


def _file(path: Path, text: str) -> bool:
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        return False
    return True
