"""A seeded Notion stand-in, the target that speaks to it, and actions to carry out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest

from engine.domain.action_events import Change
from engine.domain.canonical import digest
from engine.domain.events import RemoteSeen
from engine.domain.plan import KINDS, Action, Operation
from engine.domain.value import Fields
from engine.ports import ScanEnd, ScanPage
from engine.projections.state import State
from engine.standins.notion.seed import seed_music_workspace
from engine.standins.notion.standin import TOKEN, NotionStandin
from engine.targets.notion.config import NotionConfig
from engine.targets.notion.target import NotionTarget

Act: TypeAlias = Callable[..., Action]
Scan: TypeAlias = Callable[..., tuple[list[RemoteSeen], ScanEnd]]


class Minutes:
    """A clock the test moves."""

    def __init__(self) -> None:
        self.now_s = 1_700_000_000.0

    def __call__(self) -> float:
        """Give seconds since the epoch."""
        return self.now_s


@pytest.fixture
def clock() -> Minutes:
    """Give the stand-in's clock."""
    return Minutes()


@pytest.fixture
def notion(clock: Minutes) -> Iterator[NotionStandin]:
    """Give a running stand-in with the collector's workspace."""
    with NotionStandin(clock=clock) as standin:
        seed_music_workspace(standin)
        yield standin


@pytest.fixture
def ids(notion: NotionStandin) -> dict[str, str]:
    """Give the workspace's database and data source ids."""
    return seed_music_workspace(notion)


@pytest.fixture
def config(notion: NotionStandin, ids: dict[str, str]) -> NotionConfig:
    """Give what the target is told."""
    return NotionConfig(
        token=TOKEN,
        tracks_database_id=ids["tracks"],
        playlists_database_id=ids["playlists"],
        base_url=notion.url,
        timeout_s=5.0,
    )


@pytest.fixture
def build(config: NotionConfig) -> Iterator[Callable[..., NotionTarget]]:
    """Give a way to build targets that are closed afterwards."""
    built: list[NotionTarget] = []

    def make(settings: NotionConfig = config, **options: object) -> NotionTarget:
        built.append(NotionTarget(settings, **options))  # type: ignore[arg-type]  # options are passed through
        return built[-1]

    yield make
    for target in built:
        target.close()


@pytest.fixture
def target(build: Callable[..., NotionTarget]) -> NotionTarget:
    """Give the target."""
    return build()


@pytest.fixture(scope="session")
def act() -> Act:
    """Give a way to build actions from an operation and the fields to write."""

    def make(
        operation: Operation,
        key: str = "rfirst",
        written: Fields | None = None,
        *,
        kind: str = "track",
        remote_id: str | None = None,
    ) -> Action:
        changes = tuple(
            Change(field=field, before=None, after=value, owner="engine") for field, value in (written or {}).items()
        )
        return Action(
            action_id=digest([operation, key, written, remote_id])[:16],
            kind=KINDS["notion", kind][operation],
            operation=operation,
            target="notion",
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
def scan(target: NotionTarget) -> Scan:
    """Give a way to scan to the end."""

    def run(
        kind: str = "track", known: State | None = None, *, by: NotionTarget = target
    ) -> tuple[list[RemoteSeen], ScanEnd]:
        *pages, end = by.scan(kind, known or State())
        assert isinstance(end, ScanEnd)
        assert all(isinstance(page, ScanPage) for page in pages)
        return [seen for page in pages if isinstance(page, ScanPage) for seen in page.seen], end

    return run
