"""An Eagle stand-in over two libraries, the target that speaks to it, and actions to carry out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from engine.domain.action_events import Change
from engine.domain.canonical import digest
from engine.domain.events import RemoteSeen
from engine.domain.plan import KINDS, Action, Operation
from engine.domain.value import Fields
from engine.ports import ScanEnd, ScanPage
from engine.projections.state import State
from engine.standins.eagle.standin import EagleStandin
from engine.targets.eagle.config import EagleConfig
from engine.targets.eagle.target import EagleTarget

Act: TypeAlias = Callable[..., Action]
Scan: TypeAlias = Callable[..., tuple[dict[str, RemoteSeen], ScanEnd]]


@dataclass
class Waits:
    """Remembers what was waited for, and waits for nothing."""

    seconds: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        """Remember a wait."""
        self.seconds.append(seconds)


@pytest.fixture
def libraries(tmp_path: Path) -> tuple[Path, Path]:
    """Give the folders of two libraries; the first is open."""
    return tmp_path / "Music.library", tmp_path / "Other.library"


@pytest.fixture
def eagle(libraries: tuple[Path, Path]) -> Iterator[EagleStandin]:
    """Give a running stand-in."""
    with EagleStandin(libraries, clock=lambda: 1_700_000_000.0) as standin:
        yield standin


@pytest.fixture
def config(eagle: EagleStandin, libraries: tuple[Path, Path]) -> EagleConfig:
    """Give what the target is told."""
    return EagleConfig(base_url=eagle.url, library_path=f"{libraries[0]}/", timeout_s=5.0)


@pytest.fixture
def waits() -> Waits:
    """Give the waits so far."""
    return Waits()


@pytest.fixture
def build(config: EagleConfig, waits: Waits) -> Iterator[Callable[..., EagleTarget]]:
    """Give a way to build targets that are closed afterwards."""
    built: list[EagleTarget] = []

    def make(settings: EagleConfig = config, **options: Any) -> EagleTarget:
        built.append(EagleTarget(settings, settle_wait=waits, **options))
        return built[-1]

    yield make
    for target in built:
        target.close()


@pytest.fixture
def target(build: Callable[..., EagleTarget]) -> EagleTarget:
    """Give the target."""
    return build()


@pytest.fixture
def song(tmp_path: Path) -> str:
    """Give the path of a file to import."""
    path = tmp_path / "Ada - Night Drive.aiff"
    path.write_bytes(b"FORM not really")
    return str(path)


@pytest.fixture(scope="session")
def act() -> Act:
    """Give a way to build actions from an operation and the fields to write."""

    def make(
        operation: Operation,
        key: str = "rfirst",
        written: Fields | None = None,
        *,
        kind: str = "item",
        remote_id: str | None = None,
    ) -> Action:
        changes = tuple(
            Change(field=name, before=None, after=value, owner="engine") for name, value in (written or {}).items()
        )
        return Action(
            action_id=digest([operation, key, written, remote_id])[:16],
            kind=KINDS["eagle", "item"][operation],
            operation=operation,
            target="eagle",
            object_kind=kind,
            key=key,
            remote_id=remote_id,
            changes=changes,
            precondition="",
            reason="a test",
            risk="low",
            causes=(),
        )

    return make


@pytest.fixture
def scan(target: EagleTarget) -> Scan:
    """Give a way to scan to the end."""

    def run(kind: str = "item", *, by: EagleTarget = target) -> tuple[dict[str, RemoteSeen], ScanEnd]:
        *pages, end = by.scan(kind, State())
        assert isinstance(end, ScanEnd)
        assert all(isinstance(page, ScanPage) for page in pages)
        return {seen.remote_id: seen for page in pages if isinstance(page, ScanPage) for seen in page.seen}, end

    return run
