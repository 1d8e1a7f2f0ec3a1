"""What journal tests are made of: a clock they own, events of every class, and strategies over them."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

from engine.domain import events as e
from engine.domain.envelope import Draft, Origin, observed
from engine.domain.events import BY_TYPE, Event
from engine.domain.upcasts import revive
from engine.domain.value import Fields

GOLDEN = Path(__file__).parents[1] / "golden" / "events"
ENGINE = Origin(actor="engine", run_id="run-1", correlation_id="run-1")
NOON_US = 1_700_000_000_000_000


class HeldClock:
    """A clock that stands still until it is moved, in any direction."""

    def __init__(self, now_us: int = NOON_US) -> None:
        self.time_us = now_us

    def now_us(self) -> int:
        """Give the time it was set to."""
        return self.time_us

    def monotonic_s(self) -> float:
        """Give the same time in seconds."""
        return self.time_us / 1e6

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.time_us += int(seconds * 1e6)


def track(number: int, title: str = "Title") -> e.TrackSeen:
    """Give a sighting."""
    return e.TrackSeen(ref=f"soundcloud:track:{number}", title=title, url=f"https://soundcloud.com/a/{number}")


def tracks(first: int, last: int) -> list[Draft]:
    """Give first sightings of the tracks `first` to `last`."""
    return [observed(track(number), 0) for number in range(first, last + 1)]


def golden_events() -> list[Event]:
    """Give one event of every class."""
    return [revive(name, known.SCHEMA_VERSION, _golden(name, known.SCHEMA_VERSION)) for name, known in BY_TYPE.items()]


def _golden(name: str, version: int) -> bytes:
    return (GOLDEN / f"{name}.v{version}.json").read_bytes()


_words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_field_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    _words,
    st.lists(_words, max_size=3).map(lambda words: tuple(sorted(words))),
)
_fields: st.SearchStrategy[Fields] = st.dictionaries(st.sampled_from(("title", "status", "rating")), _field_values)
_few = st.integers(0, 3)

events: st.SearchStrategy[Event] = st.one_of(
    st.builds(track, _few, _words),
    st.builds(
        e.PlaylistSeen,
        ref=_few.map(lambda number: f"soundcloud:set:{number}"),
        name=_words,
        url=st.just("https://soundcloud.com/sets/a"),
        entries=st.lists(_few.map(lambda number: f"soundcloud:track:{number}"), max_size=4).map(tuple),
    ),
    st.builds(
        e.RemoteSeen,
        target=st.sampled_from(("notion", "eagle")),
        kind=st.just("track"),
        remote_id=_few.map(str),
        key=st.none() | _few.map(lambda number: f"r{number}"),
        fields=_fields,
        live=st.booleans(),
    ),
    st.builds(
        e.RunStarted,
        run_id=_few.map(lambda number: f"run-{number}"),
        command=_words,
        arguments=st.just(()),
        config_hash=st.just(""),
        program_version=st.just("test"),
    ),
    st.sampled_from(golden_events()),
)
"""Events of every class, on few streams, so that versions and rows pile up."""

drafts: st.SearchStrategy[Draft] = st.builds(
    Draft,
    event=events,
    event_id=st.none() | st.binary(min_size=16, max_size=16),
    occurred_us=st.none() | st.integers(0).filter(lambda number: number < 2**62),
)
batches: st.SearchStrategy[list[Draft]] = st.lists(drafts, max_size=6)
