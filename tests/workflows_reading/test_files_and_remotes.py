"""Exports are whole or not there; remotes are asked read-only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from typing_extensions import override

from engine.domain.errors import StorageError
from engine.domain.events import TrackSeen
from engine.domain.failure import FailureClass, Problem
from engine.domain.outcomes import Outcome, Probe
from engine.domain.plan import Action
from engine.ports import ScanEnd, ScanPage, Target
from engine.projections.state import State
from engine.source_ports import Describing, Known, Listing, Source, Undescribed
from engine.workflows.exchange import write_whole
from engine.workflows.limits import RemoteBlockedError
from engine.workflows.reachability import ADDRESSES_MAX, reach_all

PROBLEM = Problem(failure=FailureClass.NOT_SHARED, detail="404", hint="share it")


class OnePageTarget(Target):
    """A target that gives what it is told to, and cannot be written to."""

    def __init__(self, *pages: ScanPage | ScanEnd) -> None:
        self._pages = pages

    @property
    @override
    def name(self) -> str:
        return "notion"

    @property
    @override
    def kinds(self) -> tuple[str, ...]:
        return ("track",)

    @override
    def scan(self, kind: str, known: State) -> Iterator[ScanPage | ScanEnd]:
        return iter(self._pages)

    @override
    def probe(self, action: Action) -> Probe:
        raise AssertionError("only scans are asked for")

    @override
    def send(self, action: Action) -> Outcome:
        raise AssertionError("only scans are asked for")

    @override
    def requests(self) -> Mapping[str, int]:
        return {}


SHELF = "https://shelf"


class OneAnswerSource(Source):
    """A source that gives one answer to every listing."""

    def __init__(self, answer: Listing | Problem, *behind: str, closed: Problem | None = None) -> None:
        self._answer = answer
        self._behind = behind
        self._closed = closed
        self.listed: list[str] = []

    @property
    @override
    def name(self) -> str:
        return "soundcloud"

    @property
    @override
    def describing(self) -> Describing:
        return Describing.ALWAYS

    @override
    def recognises(self, url: str) -> bool:
        return url.startswith("https://")

    @override
    def expand(self, url: str) -> tuple[str, ...] | Problem:
        return self._closed or (self._behind if url == SHELF else (url,))

    @override
    def list_playlist(self, url: str, known: Known | None = None) -> Listing | Problem:
        self.listed.append(url)
        return self._answer

    @override
    def describe(self, refs: Sequence[str]) -> Iterator[TrackSeen | Undescribed]:
        return iter(())

    @override
    def requests(self) -> Mapping[str, int]:
        return {}


def test_each_remote_is_asked_once_and_its_problem_kept() -> None:
    """F52: a database that is not shared is named with its fix; an address nobody knows is left to the plan."""
    failing = OnePageTarget(ScanEnd(complete=False, problem=PROBLEM))
    answering = OnePageTarget(ScanPage(), ScanEnd(complete=True))
    listing = Listing(ref="soundcloud:set:1", name="n", url="https://x", entries=(), complete=True)
    reached = list(reach_all([failing, answering, OnePageTarget()], [OneAnswerSource(listing)], ["https://x", "odd"]))
    assert [reach.problem for reach in reached] == [PROBLEM, None, None, None]
    assert [reach.problem for reach in reach_all([], [OneAnswerSource(PROBLEM)], ["https://x"])] == [PROBLEM]


def test_of_a_shelf_the_first_playlist_stands_for_all() -> None:
    """F52: an address that stands for several is no address of one, and an empty shelf is nothing wrong."""
    listing = Listing(ref="soundcloud:set:1", name="n", url="https://x", entries=(), complete=True)
    full = OneAnswerSource(listing, "https://x/1", "https://x/2")
    assert [reach.problem for reach in reach_all([], [full], [SHELF])] == [None]
    assert full.listed == ["https://x/1"]
    for source, problem in ((OneAnswerSource(PROBLEM), None), (OneAnswerSource(listing, closed=PROBLEM), PROBLEM)):
        assert [reach.problem for reach in reach_all([], [source], [SHELF])] == [problem]
        assert source.listed == []


class BlockedSource(OneAnswerSource):
    """A source that a remote's wait keeps from sending anything."""

    @override
    def list_playlist(self, url: str, known: Known | None = None) -> Listing | Problem:
        self.listed.append(url)
        raise RemoteBlockedError(LIMITED)


LIMITED = Problem(failure=FailureClass.RATE_LIMITED, detail="another 22 h", retry_after_s=79_892.0)


@pytest.mark.parametrize("source", [OneAnswerSource(LIMITED), BlockedSource(LIMITED)])
def test_a_remote_that_wants_to_be_left_alone_is_a_finding_and_is_asked_no_more(source: OneAnswerSource) -> None:
    """P8: three hundred followed playlists are not three hundred more requests, nor the end of the diagnosis."""
    urls = [f"https://x/{number}" for number in range(300)]
    assert [reach.problem for reach in reach_all([], [source], urls)] == [LIMITED]
    assert source.listed == urls[:1]


def test_some_addresses_stand_for_hundreds() -> None:
    """P9: a diagnosis costs little, however much is followed."""
    listing = Listing(ref="soundcloud:set:1", name="n", url="https://x", entries=(), complete=True)
    source = OneAnswerSource(listing)
    urls = [f"https://x/{number}" for number in range(300)]
    assert [reach.remote for reach in reach_all([], [source], urls)] == urls[:ADDRESSES_MAX]
    assert source.listed == urls[:ADDRESSES_MAX]


def test_an_export_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """A file appears under its name whole or not at all."""
    with pytest.raises(StorageError):
        write_whole(tmp_path / "none" / "x.jsonl", [b"a\n"])

    def broken() -> Iterator[bytes]:
        yield b"a\n"
        raise RuntimeError("cut")

    with pytest.raises(RuntimeError):
        write_whole(tmp_path / "x.jsonl", broken())
    assert list(tmp_path.iterdir()) == []
    assert write_whole(tmp_path / "x.jsonl", [b"a\n", b"b\n"]) == 2
