"""Stored events of every version become the newest form of their class."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest

from engine.domain.canonical import canonical
from engine.domain.errors import IntegrityError, NewerJournalError
from engine.domain.events import BY_TYPE
from engine.domain.occurrence import Occurrence
from engine.domain.upcasts import UPCASTS, Reviver, revive
from tests.journal.made import GOLDEN

_FILES = sorted(GOLDEN.glob("*.json"))


class Renamed(Occurrence, frozen=True, gc=False):
    """An event at its third version."""

    TYPE: ClassVar[str] = "thing.renamed"
    SCHEMA_VERSION: ClassVar[int] = 3
    STREAM: ClassVar[tuple[str, str]] = ("thing:", "name")
    name: str
    loud: bool


def _second(fields: dict[str, Any]) -> dict[str, Any]:
    return {"name": fields["title"]}


def _third(fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "loud": fields["name"].isupper()}


def test_every_released_type_and_version_has_a_golden_file() -> None:
    """I12: one reviewed file for every (type, version) there ever was."""
    released = {(name, number) for name, known in BY_TYPE.items() for number in range(1, known.SCHEMA_VERSION + 1)}
    assert {_named(file) for file in _FILES} == released


@pytest.mark.parametrize("file", _FILES, ids=lambda file: file.stem)
def test_golden_events_are_read_and_written_as_ever(file: Path) -> None:
    """I12: stored bytes decode to a valid newest value; at the newest version the very bytes come out again."""
    name, version = _named(file)
    data = file.read_bytes()
    event = revive(name, version, data)
    assert revive(name, version, data) == event
    assert revive(name, event.SCHEMA_VERSION, canonical(event)) == event
    if version == event.SCHEMA_VERSION:
        assert canonical(event) + b"\n" == data


def test_upcasts_are_chained() -> None:
    """I12: version 1 goes through every step to the newest."""
    reviver = Reviver((Renamed,), {("thing.renamed", 1): _second, ("thing.renamed", 2): _third})
    assert reviver("thing.renamed", 1, b'{"title":"A"}') == Renamed(name="A", loud=True)
    assert reviver("thing.renamed", 2, b'{"name":"a"}') == Renamed(name="a", loud=False)
    assert reviver("thing.renamed", 3, b'{"name":"a","loud":true}') == Renamed(name="a", loud=True)


def test_every_step_below_the_newest_has_its_upcast() -> None:
    """I12: no gap in any chain."""
    due = {(name, number) for name, known in BY_TYPE.items() for number in range(1, known.SCHEMA_VERSION)}
    assert set(UPCASTS) == due


@pytest.mark.parametrize(("name", "version"), [("thing.invented", 1), ("track.seen", 99), ("track.seen", 0)])
def test_an_unknown_type_or_version_stops_with_a_clear_error(name: str, version: int) -> None:
    """A newer journal is never half understood."""
    with pytest.raises(NewerJournalError, match="unknown") as caught:
        revive(name, version, b"{}")
    assert caught.value.hint


@pytest.mark.parametrize("data", [b"{}", b"[]", b"{", b"\xff", b'{"title":"A","ref":1,"url":""}'])
def test_damaged_data_is_an_integrity_error(data: bytes) -> None:
    """What was not written by us is not guessed at."""
    with pytest.raises(IntegrityError):
        revive("track.seen", 1, data)
    with pytest.raises(IntegrityError):
        Reviver((Renamed,), {("thing.renamed", 1): dict, ("thing.renamed", 2): dict})("thing.renamed", 1, b"{}")


def _named(file: Path) -> tuple[str, int]:
    name, _, version = file.stem.rpartition(".v")
    return name, int(version)
