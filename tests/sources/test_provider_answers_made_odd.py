"""Answers of providers with one value made odd: read as what they are, or refused, never a fault."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any, TypeAlias

import msgspec
import pytest

from engine.sources.acoustid import parse as acoustid
from engine.sources.musicbrainz import parse as musicbrainz
from engine.standins.musicbrainz import shapes
from engine.standins.musicbrainz.records import Recording, Release

Path: TypeAlias = tuple[str | int, ...]

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 95, 10**400, float("nan"), float("inf"),
    "", "x", "100", [], {}, [None], [1], [[]], [{}], {"a": 1},
)  # fmt: skip
ONE = Recording(
    title="One",
    credits=(("Ada", " & "), ("Bo", "")),
    length_ms=200_000,
    isrcs=("DEA120000001",),
    first_release_date="2020-05-01",
    releases=(Release(title="First", date="2020-05-01", labels=("Label",)),),
    genres=(("house", 3), ("techno", 1)),
)
SOUND = {
    "results": [
        {
            "id": "a",
            "score": 0.99,
            "recordings": [
                {
                    "id": "m",
                    "title": "One",
                    "duration": 200.0,
                    "artists": [{"name": "Ada", "joinphrase": " & "}, {"name": "Bo"}],
                    "isrcs": ["DEA120000001"],
                    "releasegroups": [{"title": "First", "type": "Album", "secondarytypes": ["Live"]}],
                }
            ],
        }
    ]
}
LOOKED_UP = shapes.recording(ONE, frozenset({"artist-credits", "releases", "release-groups", "isrcs", "genres"}))
RELEASE = shapes.release(ONE.releases[0], frozenset({"labels"}))


def _paths(shown: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    inside = shown.items() if isinstance(shown, dict) else enumerate(shown) if isinstance(shown, list) else ()
    for key, value in inside:
        yield from _paths(value, (*path, key))


def _replaced(shown: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(shown)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return changed


def _made_odd(shown: Any) -> Iterator[Any]:
    return (_replaced(shown, path, value) for path in _paths(shown) for value in ODD)


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        (LOOKED_UP, lambda body: [musicbrainz.recording(body)]),
        ({"recordings": [shapes.found(ONE, 100)]}, musicbrainz.recordings),
        (SOUND, acoustid.results),
    ],
)
def test_any_answer_is_read_into_values_of_their_types_or_refused(
    shown: Any, read: Callable[[Any], list[Any] | tuple[Any, ...] | None]
) -> None:
    """P21, F40: nothing a provider can send stops a run, and every score is a share of what it can be."""
    read_whole = 0
    for body in _made_odd(shown):
        for row in read(body) or ():
            if row is None:
                continue
            assert msgspec.convert(asdict(row), type(row), strict=True) == row
            share = row.score if isinstance(row, acoustid.Result) else (row.score or 0) / musicbrainz.SCORE_MAX
            assert 0 <= share <= 1
            read_whole += 1
    assert read_whole


def test_any_release_has_labels_or_none() -> None:
    """The names of labels are texts, whatever else stands there."""
    assert all(isinstance(name, str) for body in _made_odd(RELEASE) for name in musicbrainz.labels(body))
