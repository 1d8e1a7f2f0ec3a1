"""Playlist files in the library: found by our line in them, written in one step, moved to the trash.

A playlist file that does not carry our line belongs to somebody else and is never touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.domain.crash import CrashPoint, Reached
from engine.domain.events import RemoteSeen
from engine.domain.failure import FailureClass, Problem
from engine.domain.names import marked
from engine.domain.outcomes import Done, Outcome, Refused
from engine.domain.plan import Action
from engine.targets.library.placing import make_folders, place, replace_text, spelling, write_text
from engine.targets.library.playlist_file import SUFFIX, PlaylistText, parse, render
from engine.targets.library.root import LibraryConfig, inside, relative, walk

_NAMES_TRIED_MAX = 20  # a marked name that is taken is rare; twenty in a row mean something else is wrong
_READ_BYTES_MAX = 16_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """One playlist file of ours: where it lies and what it says."""

    path: str
    real: Path
    text: PlaylistText
    mtime_ns: int

    def seen(self, *, live: bool = True) -> RemoteSeen:
        """Give it as an observation."""
        return RemoteSeen(
            target="library",
            kind="playlist",
            remote_id=self.path,
            key=self.text.ref,
            fields={"name": self.text.name, "path": self.path, "entries": self.text.entries},
            live=live,
            revision=str(self.mtime_ns),
        )


def shelved(config: LibraryConfig) -> Iterator[Shelved]:
    """Give every playlist file of ours.

    Raises:
        OSError: something cannot be listed or read.
    """
    for found in walk(config, frozenset({SUFFIX})):
        if found.size_bytes <= _READ_BYTES_MAX:
            ours = read(config.root, found.real)
            if ours is not None:
                yield ours


def read(root: Path, real: Path) -> Shelved | None:
    """Give the playlist file of ours at a place, or nothing when there is none."""
    try:
        content = real.read_text(encoding="utf-8-sig", errors="replace")
        mtime_ns = real.stat().st_mtime_ns
    except (FileNotFoundError, IsADirectoryError):
        return None
    path = relative(root, real)
    text = parse(content, path)
    return None if text is None else Shelved(path=path, real=real, text=text, mtime_ns=mtime_ns)


def write(config: LibraryConfig, action: Action, staging: Path, reached: Reached) -> Outcome:
    """Write a playlist file, where it lies or where it should, and give what it says afterwards."""
    current = _current(config, action)
    if action.remote_id is not None and current is None:
        detail = f"there is no playlist of ours at {action.remote_id}"
        hint = "nothing to do: the next run looks again and plans anew"
        return Refused(problem=Problem(failure=FailureClass.NOT_FOUND, detail=detail, hint=hint))
    wanted = _wanted(action, current)
    wish = action.written.get("path") or (current.path if current else None)
    target = inside(config.root, wish) if isinstance(wish, str) and wish.endswith(SUFFIX) else None
    if wanted is None or target is None:
        detail = f"a playlist needs a name, entries and a path that ends in {SUFFIX}"
        return Refused(problem=Problem(failure=FailureClass.INVALID_REQUEST, detail=detail))
    real = _put(config.root, current, target, wanted, staging)
    reached(CrashPoint.AFTER_FILE_MOVED)
    return _evidence(config.root, action, real, wanted)


def _current(config: LibraryConfig, action: Action) -> Shelved | None:
    """Find the file an action is about: at its known path, else the one that carries its key."""
    place_of = inside(config.root, action.remote_id) if action.remote_id else None
    there = read(config.root, place_of) if place_of else None
    if there is not None and there.text.ref == action.key:
        return there
    return next((each for each in shelved(config) if each.text.ref == action.key), None)


def _wanted(action: Action, current: Shelved | None) -> PlaylistText | None:
    name = action.written.get("name", current.text.name if current else None)
    entries = action.written.get("entries", current.text.entries if current else ())  # a plan leaves out what is empty
    if not isinstance(name, str) or not isinstance(entries, tuple):
        return None
    return PlaylistText(ref=action.key, name=name, entries=entries)


def _put(root: Path, current: Shelved | None, target: Path, wanted: PlaylistText, staging: Path) -> Path:
    """Write the text in place, moving our own file first when its path is to change."""
    if current is not None and current.path == relative(root, target):
        replace_text(current.real, render(wanted, current.path), staging)
        return current.real
    folder = make_folders(root, target.parent)
    for attempt in range(_NAMES_TRIED_MAX):
        real = folder / _name(target.stem, wanted.ref, attempt)
        if spelling(folder, real.name) is not None:
            continue
        path = relative(root, real)
        staged = current.real if current is not None else write_text(staging, render(wanted, path))
        if place(staged, real):
            if current is not None:
                replace_text(real, render(wanted, path), staging)
            return real
    raise FileExistsError(f"no free name for {target.name}")


def _name(stem: str, ref: str, attempt: int) -> str:
    if attempt == 0:
        return f"{stem}{SUFFIX}"
    return f"{marked(stem, ref)}{'' if attempt == 1 else f' {attempt}'}{SUFFIX}"


def _evidence(root: Path, action: Action, real: Path, wanted: PlaylistText) -> Outcome:
    """Read the file back: done is what the disk shows, not what was written (F26)."""
    shown = read(root, real)
    if shown is None or shown.text != wanted:
        detail, hint = f"{real.name} does not say what was written", "another program may be writing it; close it there"
        return Refused(problem=Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=hint))
    seen = shown.seen()
    held = {name: seen.fields[name] for name in action.written if name in seen.fields}
    return Done(remote_id=shown.path, held=held, seen=seen, evidence="read back from the file")
