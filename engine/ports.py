"""What the workflows ask of the world, as protocols; adapters implement them, `engine/wiring` joins them.

What they ask of the places where music is seen stands in `engine/source_ports.py`.

Every method says what it gives and which problems it reports as values. A fault of the program or the machine
is an `EngineError`; a remote's answer never is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from engine.domain.envelope import Draft, Origin, Recorded
from engine.domain.events import Audio, RemoteSeen, RenditionReturned
from engine.domain.failure import Problem
from engine.domain.outcomes import Outcome, Probe
from engine.domain.plan import Action
from engine.projections.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where the journal ends: the last seq (0 when empty) and its hash, 64 hex digits."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Rows of several projections as of one head, by projection, in no promised order."""

    head: Head
    rows: Mapping[str, Sequence[Any]]


class Clock(Protocol):
    """Time, so that tests can own it."""

    def now_us(self) -> int:
        """Give the wall clock, microseconds since the epoch, UTC."""
        ...

    def monotonic_s(self) -> float:
        """Give a clock that never goes back, in seconds."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait; raises `Interrupted` when the person asked to stop."""
        ...


class Dice(Protocol):
    """Randomness, so that tests can own it."""

    def fraction(self) -> float:
        """Give a number in [0, 1)."""
        ...


class Journal(Protocol):
    """The append-only event log, with its projection rows kept inline."""

    def journal_id(self) -> str:
        """Give the journal's id."""
        ...

    def head(self) -> Head:
        """Give the last seq and its hash."""
        ...

    def append(self, drafts: Sequence[Draft], origin: Origin) -> tuple[int, ...]:
        """Append a batch in one transaction, projections included, and give the seqs, old ones for repeats.

        Raises:
            ConcurrencyConflictError: a draft's `expected_version` is not its stream's version.
            IdempotencyConflictError: a draft's id is taken by other content.
        """
        ...

    def read(
        self,
        *,
        after: int = 0,
        until: int | None = None,
        stream: str | None = None,
        types: Sequence[str] | None = None,
        correlation_id: str | None = None,
        run_id: str | None = None,
        since_us: int | None = None,
        before_us: int | None = None,
        limit: int | None = None,
    ) -> Iterator[Recorded]:
        """Give events in seq order, decoded to their newest schema versions."""
        ...

    def state(self, *, at: int | None = None, only: Sequence[str] | None = None) -> State:
        """Give the projections: the live rows, or as they were when the head was `at` (folded from event 1).

        `only` names the projections wanted; the others come back empty.
        """
        ...

    def row(self, projection: str, key: str) -> Any | None:
        """Give one live row."""
        ...

    def parts(self, shapes: Mapping[str, type[Any]]) -> Parts:
        """Give the live rows of some projections, each read only as far as its shape has fields.

        A shape is a struct that lets unknown fields pass, or the whole row's own type; counting costs little so.
        """
        ...

    def seq_at(self, time_us: int) -> int:
        """Give the last seq recorded at or before a time; 0 when there is none."""
        ...

    def inputs_digest(self) -> str:
        """Give one digest over the projections a plan is computed from; costs no row reads."""
        ...

    def anchor(self) -> None:
        """Write the head's seq and hash outside the database, durably."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A claim on one resource, good until it expires; the fence grows with every grant."""

    resource: str
    owner: str
    fence: int
    expires_us: int


class Coordination(Protocol):
    """What processes share: leases, rate limits and breakers, as rows."""

    def acquire(self, resource: str, *, owner: str, ttl_s: float) -> Lease | None:
        """Give a lease, or nothing while somebody else's is live."""
        ...

    def renew(self, lease: Lease, *, ttl_s: float) -> Lease | None:
        """Extend a lease, expired or not, or give nothing when it was given back or granted anew since."""
        ...

    def release(self, lease: Lease) -> None:
        """Give a lease back; does nothing when it was lost."""
        ...

    def holder(self, resource: str) -> Lease | None:
        """Give the live lease on a resource, whoever holds it."""
        ...

    def reserve(self, remote: str) -> float:
        """Take a place in a remote's rate limit and give how long to wait before sending, in seconds."""
        ...

    def block(self, remote: str, until_us: int) -> None:
        """Let nobody send to a remote before a time; never shortens an earlier block."""
        ...

    def blocked_until_us(self, remote: str) -> int:
        """Give the time before which nobody may send to a remote; may lie in the past."""
        ...

    def note(self, remote: str, *, unknown: bool) -> int:
        """Count an attempt's ending and give the number of unknowns in a row."""
        ...

    def tripped_until_us(self, remote: str) -> int:
        """Give the time before which writes to a remote are stopped; 0 when they are not."""
        ...

    def trip(self, remote: str, until_us: int) -> None:
        """Stop writes to a remote until a time."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanPage:
    """Some of what a target holds."""

    seen: tuple[RemoteSeen, ...] = ()
    returned: tuple[RenditionReturned, ...] = ()  # the library only: files of known renditions


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanEnd:
    """How a scan ended; always the last thing a scan gives.

    Attributes:
        complete: whether absence may be concluded.
        root_identity: which database, library or folder was scanned.
        supported: the fields the target's schema can hold, in our words; None when any.
        watermark: where the next incremental scan may begin.
    """

    complete: bool
    root_identity: str | None = None
    supported: tuple[str, ...] | None = None
    watermark: str | None = None
    problem: Problem | None = None


class Target(Protocol):
    """A place music is shown."""

    @property
    def name(self) -> str:
        """The target's name: "library", "notion" or "eagle"."""
        ...

    @property
    def kinds(self) -> tuple[str, ...]:
        """The object kinds it holds, parents before children; each is one scan scope, `<name>:<kind>`."""
        ...

    def scan(self, kind: str, known: State) -> Iterator[ScanPage | ScanEnd]:
        """Give everything of one kind the target holds, page by page, then a `ScanEnd`."""
        ...

    def probe(self, action: Action) -> Probe:
        """Ask the remote whether an action's object is there, by natural key or remote id. Never writes."""
        ...

    def send(self, action: Action) -> Outcome:
        """Carry out one action, once; every failure is an outcome. Never retries by itself."""
        ...

    def requests(self) -> Mapping[str, int]:
        """Give how many requests were sent so far, by remote."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioOrder:
    """What to get, and what to make of it.

    Attributes:
        expected_duration_ms: what the source says the whole piece lasts; None when unknown.
        profiles: "original" and target formats such as "aiff".
        tags: what to write into every file: title, artist, album, genre, isrc, source_url, recording_id.
        as_uploaded: whether only the file as it was uploaded will do, which services give to accounts alone.
    """

    recording_id: str
    source_ref: str
    url: str
    local_path: str | None
    expected_duration_ms: int | None
    profiles: tuple[str, ...]
    tags: Mapping[str, str]
    artwork_url: str | None = None
    as_uploaded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFile:
    """A finished, verified, tagged file that waits to be placed."""

    profile: str
    path: Path
    size_bytes: int
    file_sha256: str
    audio: Audio


class MediaTools(Protocol):
    """Download, verify, convert, measure and tag."""

    def acquire(self, order: AudioOrder, workspace: Path) -> tuple[StagedFile, ...] | Problem:
        """Get a track and make its files inside `workspace`; verified to the end, or a problem."""
        ...

    def inspect(self, path: Path) -> Audio | Problem:
        """Decode a file to its end and measure it."""
        ...

    def identity(self, path: Path) -> str | None:
        """Give the recording id a file's tags carry, if any."""
        ...

    def profile(self, path: Path) -> str | None:
        """Give the format profile a file's tags say it was made for, if any."""
        ...

    def requests(self) -> Mapping[str, int]:
        """Give how many requests for audio were sent so far, by remote; its pieces are not counted."""
        ...


class Processes(Protocol):
    """Who we are among the processes of this machine."""

    def ourselves(self) -> str:
        """Give an owner name unique to this process's start."""
        ...

    def is_dead(self, owner: str) -> bool:
        """Say whether an owner was a process of this machine that is gone; False when nobody can know."""
        ...


class Stop(Protocol):
    """Whether the person asked to stop."""

    def is_set(self) -> bool:
        """Say whether no new work should begin."""
        ...


class Progress(Protocol):
    """Where long work tells how far it is; quiet when nobody looks."""

    def stage(self, name: str, total: int | None) -> AbstractContextManager[None]:
        """Begin a stage of `total` steps, or of unknown length."""
        ...

    def advance(self, label: str) -> None:
        """One step of the stage is done."""
        ...

    def say(self, line: str) -> None:
        """Tell one line that should stay."""
        ...
