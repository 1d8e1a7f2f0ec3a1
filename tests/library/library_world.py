"""A library in a temporary folder, with media tools that are quick and as strict about tags as the real ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.domain.action_events import Change
from engine.domain.failure import FailureClass, Problem
from engine.domain.plan import KINDS, Action, Operation
from engine.domain.recording_events import Audio, RenditionVerified
from engine.domain.value import Fields
from engine.ports import AudioOrder, Processes, StagedFile
from engine.projections.rows import Rendition
from engine.projections.state import State
from engine.targets.library.root import LibraryConfig
from engine.targets.library.target import LibraryTarget
from tests.fakes.machine import FakeProcesses

RECORDING = "r" + "a" * 16
OTHER = "r" + "b" * 16
NOW_US = 1_780_000_000_000_000


class StillClock:
    """A clock that stands."""

    def now_us(self) -> int:
        """Give the same instant every time."""
        return NOW_US

    def monotonic_s(self) -> float:
        """Give the same instant every time."""
        return 0.0

    def sleep(self, seconds: float) -> None:
        """Wait for nothing."""


@dataclass
class JsonMedia:
    """Media tools whose audio files are JSON: identity, profile and sound, whole unless they say otherwise."""

    refusal: Problem | OSError | None = None
    original_suffix: str = ".mp3"
    orders: list[AudioOrder] = field(default_factory=list)
    inspected: list[Path] = field(default_factory=list)

    def acquire(self, order: AudioOrder, workspace: Path) -> tuple[StagedFile, ...] | Problem:
        """Make a JSON file per profile, or refuse."""
        self.orders.append(order)
        if isinstance(self.refusal, OSError):
            raise self.refusal
        if self.refusal is not None:
            return self.refusal
        workspace.mkdir(parents=True, exist_ok=True)
        return tuple(self._staged(order, profile, workspace) for profile in order.profiles)

    def inspect(self, path: Path) -> Audio | Problem:
        """Give what a JSON file says, or that it is no audio."""
        self.inspected.append(path)
        content = _content(path)
        if content is None:
            return Problem(failure=FailureClass.VERIFY_FAILED, detail="is no audio format known here")
        return sound(str(content["sound"]))

    def identity(self, path: Path) -> str | None:
        """Give the id in a JSON file."""
        return (_content(path) or {}).get("id")

    def profile(self, path: Path) -> str | None:
        """Give the profile in a JSON file."""
        return (_content(path) or {}).get("profile")

    def requests(self) -> Mapping[str, int]:
        """Give how many orders were not local."""
        return {"soundcloud": sum(order.local_path is None for order in self.orders)}

    def _staged(self, order: AudioOrder, profile: str, workspace: Path) -> StagedFile:
        path = workspace / f"{profile}{self.original_suffix if profile == 'original' else SUFFIX_OF[profile]}"
        path.write_bytes(clip(order.recording_id, profile))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        audio = sound("la")
        return StagedFile(profile=profile, path=path, size_bytes=path.stat().st_size, file_sha256=digest, audio=audio)


SUFFIX_OF = {"aiff": ".aiff", "alac": ".m4a", "flac": ".flac"}


def clip(recording: str | None, profile: str | None, tone: str = "la", *, note: str = "") -> bytes:
    """Give the bytes of a JSON audio file."""
    return json.dumps({"id": recording, "profile": profile, "sound": tone, "note": note}).encode()


def sound(tone: str) -> Audio:
    """Give what measuring a tone comes to."""
    return Audio(format="mp3", codec="mp3", duration_ms=2000, pcm_sha256=hashlib.sha256(tone.encode()).hexdigest())


def _content(path: Path) -> dict[str, str] | None:
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, OSError):
        return None
    return content if isinstance(content, dict) else None


def action(
    operation: Operation,
    kind: str,
    key: str,
    fields: Fields | None = None,
    *,
    remote_id: str | None = None,
    action_id: str = "act0123456789",
) -> Action:
    """Build an action as the planner would."""
    changes = tuple(
        Change(field=name, before=None, after=value, owner="engine") for name, value in (fields or {}).items()
    )
    return Action(
        action_id=action_id,
        kind=KINDS["library", kind][operation],
        operation=operation,
        target="library",
        object_kind=kind,
        key=key,
        remote_id=remote_id,
        changes=changes,
        precondition="",
        reason="",
        risk="none",
        causes=(),
    )


def fetch(path: str = "Artist/Title", *, recording: str = RECORDING, **fields: object) -> Action:
    """Build a FetchRecording."""
    said: Fields = {
        "source_ref": "soundcloud:track:1",
        "url": "https://soundcloud.com/artist/title",
        "local_path": None,
        "path": path,
        "title": "Title",
        "artist": "Artist",
        "album": None,
        "genre": None,
        "isrc": None,
        "duration_ms": 2000,
        "artwork_url": None,
        "profiles": ("original", "aiff"),
    }
    said.update(fields)  # type: ignore[arg-type]  # a test may send what no planner would
    return action(Operation.CREATE, "audio", recording, said)


def known(*facts: RenditionVerified) -> State:
    """Give the state after some renditions were verified."""
    state = State()
    for fact in facts:
        state.renditions[fact.rendition_id] = Rendition(
            rendition_id=fact.rendition_id,
            recording_id=fact.recording_id,
            profile=fact.profile,
            source_ref=fact.source_ref,
            path=fact.path,
            size_bytes=fact.size_bytes,
            mtime_ns=fact.mtime_ns,
            file_sha256=fact.file_sha256,
            audio=fact.audio,
        )
    return state


def new_library(folder: Path, media: JsonMedia, *, processes: Processes | None = None, **said: object) -> LibraryTarget:
    """Give an initialised library with its trash beside it."""
    config = LibraryConfig(root=folder / "Music", trash=folder / "trash")
    target = LibraryTarget(config, media, StillClock(), processes or FakeProcesses(), **said)  # type: ignore[arg-type]  # passed through
    target.init_root("11111111-1111-1111-1111-111111111111")
    return target
