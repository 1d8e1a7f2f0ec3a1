"""A target in memory, with a store and a history of its own; what it does wrong, a test scripts."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import TypeAlias

from typing_extensions import override

from engine.domain.events import Audio, Event, RemoteSeen, RenditionReturned, RenditionVerified
from engine.domain.failure import FailureClass, Problem
from engine.domain.outcomes import (
    Absent,
    Deferred,
    Done,
    Duplicated,
    Outcome,
    Present,
    Probe,
    Refused,
    Unclear,
    Unknown,
)
from engine.domain.plan import Action, Operation
from engine.domain.references import eagle_item_id, rendition_id
from engine.domain.value import Fields
from engine.ports import ScanEnd, ScanPage, Target
from engine.projections.state import State

PAGE = 2
KINDS = {
    "library": ("audio", "playlist"),
    "notion": ("playlist", "track"),
    "eagle": ("folder", "item"),
}


class Mishap(Enum):
    """What can happen to one request."""

    LOST_BEFORE = auto()  # unknown, and it was not applied
    LOST_AFTER = auto()  # unknown, and it was applied
    LATE = auto()  # unknown, applied, and nobody sees it for a while
    TWICE = auto()  # unknown, and applied twice over


Answer: TypeAlias = Mishap | Problem
"""What a scripted request comes to: a mishap, or an answer that says no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One object the target holds."""

    remote_id: str
    kind: str
    key: str | None
    fields: Fields
    live: bool = True
    hidden: bool = False  # made, but not shown yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """One line of the target's own history: what a request of ours changed."""

    action_id: str
    operation: str
    kind: str
    key: str
    remote_id: str
    written: Fields


@dataclass(slots=True, kw_only=True, repr=False)
class FakeTarget(Target):
    """Keeps objects of two kinds.

    Attributes:
        script: what becomes of the next sends, the first first; afterwards everything works.
        verdict: what becomes of one action, before the script is asked.
        scan_trouble: kind → how its scans end instead.
        unclear: how many of the next probes fail.
        on_send: looks in when something is sent, before anything is done.
    """

    place: str
    root: str = "root-1"
    supported: tuple[str, ...] | None = None
    things: dict[str, Thing] = field(default_factory=dict)
    history: list[Applied] = field(default_factory=list)
    script: deque[Answer] = field(default_factory=deque)
    verdict: Callable[[Action], Answer | None] = lambda _action: None
    scan_trouble: dict[str, Problem] = field(default_factory=dict)
    cut_short: set[str] = field(default_factory=set)
    unclear: int = 0
    on_send: Callable[[Action], None] = lambda _action: None
    counts: Counter[str] = field(default_factory=Counter)
    made: int = 0
    away: set[str] = field(default_factory=set)  # paths of files that lie in the trash

    @property
    @override
    def name(self) -> str:
        return self.place

    @property
    @override
    def kinds(self) -> tuple[str, ...]:
        return KINDS[self.place]

    @override
    def requests(self) -> Mapping[str, int]:
        return {self.place: self.counts.total()}

    def live(self, kind: str) -> list[Thing]:
        """Give the objects of one kind that are there."""
        return [thing for thing in self.things.values() if thing.kind == kind and thing.live]

    def of_key(self, kind: str, key: str) -> Thing:
        """Give the one live object that carries a key."""
        (thing,) = (thing for thing in self.live(kind) if thing.key == key)
        return thing

    def edit(self, remote_id: str, **fields: str | int | tuple[str, ...] | None) -> None:
        """Let a person change fields."""
        thing = self.things[remote_id]
        self.things[remote_id] = replace(thing, fields={**thing.fields, **fields})

    def put(self, kind: str, **fields: str | None) -> str:
        """Let a person make an object; gives its id."""
        self.made += 1
        thing = Thing(remote_id=f"person-{self.made}", kind=kind, key=None, fields=dict(fields))
        self.things[thing.remote_id] = thing
        return thing.remote_id

    def trash(self, remote_id: str) -> None:
        """Let a person throw an object away."""
        self.things[remote_id] = replace(self.things[remote_id], live=False)

    def reveal(self) -> None:
        """Let everything that was made late be seen now."""
        self.things = {remote_id: replace(thing, hidden=False) for remote_id, thing in self.things.items()}

    # --- the port -----------------------------------------------------------------------------------------------

    @override
    def scan(self, kind: str, known: State) -> Iterator[ScanPage | ScanEnd]:
        self.counts["scan"] += 1
        shown = [thing for thing in self.things.values() if thing.kind == kind and not thing.hidden]
        for start in range(0, len(shown), PAGE):
            page = shown[start : start + PAGE]
            if (self.place, kind) == ("library", "audio"):
                files = (file for thing in page if thing.live for file in _returned(thing))
                yield ScanPage(returned=tuple(file for file in files if file.path not in self.away))
            else:
                yield ScanPage(seen=tuple(self._seen(thing) for thing in page))
        if kind in self.cut_short:
            return
        problem = self.scan_trouble.get(kind)
        yield ScanEnd(
            complete=problem is None, root_identity=self.root, supported=self.supported, watermark="w", problem=problem
        )

    @override
    def probe(self, action: Action) -> Probe:
        self.counts["probe"] += 1
        if self.unclear:
            self.unclear -= 1
            return Unclear(problem=Problem(failure=FailureClass.TIMEOUT, detail="the probe was cut off"))
        found = [
            thing
            for thing in self.things.values()
            if thing.kind == action.object_kind and not thing.hidden and self._meant(thing, action)
        ]
        if len(found) > 1:
            return Duplicated(remote_ids=tuple(sorted(thing.remote_id for thing in found)))
        return Present(seen=self._seen(found[0]), facts=tuple(_files(found[0]))) if found else Absent()

    @override
    def send(self, action: Action) -> Outcome:
        self.counts["send"] += 1
        self.on_send(action)
        answer = self.verdict(action) or (self.script.popleft() if self.script else None)
        match answer:
            case None:
                thing = self._apply(action)
                held = {name: thing.fields[name] for name in action.shown}
                seen, facts = self._seen(thing), tuple(_files(thing))
                return Done(remote_id=thing.remote_id, held=held, seen=seen, facts=facts, evidence="the answer")
            case Problem(failure=failure):
                return Deferred(problem=answer) if failure in _LATER else Refused(problem=answer)
            case Mishap():
                self._suffer(action, answer)
                return Unknown(problem=Problem(failure=FailureClass.REMOTE_ERROR, detail="cut off"))

    def _suffer(self, action: Action, mishap: Mishap) -> None:
        if mishap is Mishap.LOST_BEFORE:
            return
        thing = self._apply(action)
        if action.operation is not Operation.CREATE:
            return
        if mishap is Mishap.LATE:
            self.things[thing.remote_id] = replace(thing, hidden=True)
        if mishap is Mishap.TWICE:
            self._apply(action)

    def _meant(self, thing: Thing, action: Action) -> bool:
        if action.remote_id is not None:
            return thing.remote_id == action.remote_id
        return thing.live and thing.key == action.key

    def _apply(self, action: Action) -> Thing:
        remote_id = action.remote_id or self._birth(action)
        before = self.things.get(remote_id)
        thing = Thing(
            remote_id=remote_id,
            kind=action.object_kind,
            key=None if action.shown.get("sync_key", action.key) is None else action.key,
            fields={**(before.fields if before else {}), **action.shown},
            live=action.operation is not Operation.TRASH,
        )
        self.things[remote_id] = thing
        self._move_files(thing, action)
        self.history.append(
            Applied(
                action_id=action.action_id,
                operation=str(action.operation),
                kind=action.object_kind,
                key=action.key,
                remote_id=remote_id,
                written=action.written,
            )
        )
        return thing

    def _move_files(self, thing: Thing, action: Action) -> None:
        if (self.place, action.object_kind) != ("library", "audio"):
            return
        if action.operation is Operation.TRASH:
            self.away.add(thing.remote_id)
        else:
            self.away -= {thing.remote_id, *(_path(thing, profile) for profile in _profiles(thing))}

    def _birth(self, action: Action) -> str:
        if self.place == "library":
            return f"{action.object_kind}-{action.key}"  # a file is where it belongs, however often it is made
        if action.object_kind == "item":
            return eagle_item_id(action.key)
        self.made += 1
        return f"{action.object_kind}-{self.made}"

    def _seen(self, thing: Thing) -> RemoteSeen:
        return RemoteSeen(
            target=self.place,
            kind=thing.kind,
            remote_id=thing.remote_id,
            key=thing.key,
            fields=thing.fields,
            live=thing.live,
        )


_LATER = frozenset(
    {FailureClass.RATE_LIMITED, FailureClass.OVERLOADED, FailureClass.NOT_RUNNING, FailureClass.WRITE_CONFLICT}
)


def _path(thing: Thing, profile: str) -> str:
    return f"{thing.fields['path']}.{'m4a' if profile == 'original' else profile}"


def _profiles(thing: Thing) -> tuple[str, ...]:
    profiles = thing.fields.get("profiles")
    return profiles if isinstance(profiles, tuple) else ()


def _files(thing: Thing) -> list[Event]:
    return [
        RenditionVerified(
            rendition_id=rendition_id(thing.key or "", profile),
            recording_id=thing.key or "",
            profile=profile,
            source_ref=str(thing.fields["source_ref"]),
            path=_path(thing, profile),
            size_bytes=1_000_000,
            mtime_ns=1,
            file_sha256="0" * 64,
            audio=Audio(format="m4a" if profile == "original" else profile, codec="aac", duration_ms=200_000),
        )
        for profile in (_profiles(thing) if thing.live else ())
    ]


def _returned(thing: Thing) -> list[RenditionReturned]:
    return [
        RenditionReturned(
            rendition_id=rendition_id(thing.key or "", profile),
            path=_path(thing, profile),
            size_bytes=1_000_000,
            mtime_ns=1,
            file_sha256="0" * 64,
        )
        for profile in _profiles(thing)
    ]
