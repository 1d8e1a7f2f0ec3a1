"""What a home holds when everything is at rest, without seqs, times and ids of chance: two ends are compared by it."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.domain.value import Fields, FieldValue
from engine.journal.sqlite_journal import SqliteJournal
from engine.machine.clock import MachineClock
from engine.machine.stop import AskedStop
from engine.media.tags import ID, PROFILE, read_tags
from engine.projections.rows import ActionState
from engine.projections.state import State
from engine.settings.home import JOURNAL_NAME
from tests.crash.world import Held, Outside

_AUDIO = frozenset({".mp3", ".m4a", ".aiff"})
_WAITING = (ActionState.INTENDED, ActionState.UNKNOWN, ActionState.DEFERRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndState:
    """Journal, files and the outside.

    Attributes:
        renditions: with the PCM digest that was measured when the file was verified.
        unsettled: actions whose effect nobody has confirmed, or that wait.
        files: path → the identity in its tags and whether its bytes are those that were verified; a playlist's text.
    """

    recordings: dict[str, tuple[str, ...]]
    availability: dict[str, str]
    playlists: dict[str, tuple[str, ...]]
    renditions: dict[str, tuple[object, ...]]
    objects: dict[str, Fields]
    unsettled: list[str]
    conflicts: list[str]
    files: dict[str, object]
    outside: Held

    def differences(self, other: EndState) -> dict[str, tuple[object, object]]:
        """Give the parts that differ, ours first."""
        pairs = {part.name: (getattr(self, part.name), getattr(other, part.name)) for part in dataclasses.fields(self)}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def end_state(home: Path, outside: Outside) -> EndState:
    """Read everything once."""
    with SqliteJournal(home / JOURNAL_NAME, clock=MachineClock(AskedStop())) as journal:
        state = journal.state()
    return EndState(
        recordings={key: row.refs for key, row in sorted(state.recordings.items())},
        availability={key: f"{row.availability} {row.recording_id}" for key, row in sorted(state.sightings.items())},
        playlists={key: row.entries for key, row in sorted(state.playlists.items()) if row.seen},
        renditions={
            key: (row.recording_id, row.profile, row.path, row.present, row.audio.format, row.audio.pcm_sha256)
            for key, row in sorted(state.renditions.items())
        },
        objects=_objects(state, home),
        unsettled=[f"{row.kind} {row.key} {row.state}" for row in state.actions.values() if row.state in _WAITING],
        conflicts=sorted(row.reason for row in state.conflicts.values() if row.choice is None),
        files=_files(home / "library", {row.path: row.file_sha256 for row in state.renditions.values()}),
        outside=outside.held(home),
    )


def _objects(state: State, home: Path) -> dict[str, Fields]:
    names = {row.remote_id: key for key, row in state.objects.items() if row.remote_id}
    return {
        key: {name: _named(value, names, str(home)) for name, value in row.base.items()}
        for key, row in sorted(state.objects.items())
    }


def _named(value: FieldValue, names: Mapping[str, str], home: str) -> FieldValue:
    if isinstance(value, tuple):
        return tuple(sorted(names.get(each, each) for each in value))
    return names.get(value, value).replace(home, "HOME") if isinstance(value, str) else value


def _files(library: Path, verified: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for path in sorted(library.rglob("*")):
        name = path.relative_to(library).as_posix()
        if path.suffix in _AUDIO:
            tags = read_tags(path)
            same = hashlib.sha256(path.read_bytes()).hexdigest() == verified.get(name)
            found[name] = (tags.get(ID), tags.get(PROFILE), "as verified" if same else "other bytes")
        elif path.is_file() and not name.startswith(".cratelog-"):
            found[name] = path.read_text(encoding="utf-8")
    return found
