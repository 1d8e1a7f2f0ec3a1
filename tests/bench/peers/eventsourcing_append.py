"""Append with the `eventsourcing` library: DATABASE EVENTS BATCH; prints the seconds, the processor's for batches."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from uuid import uuid4

from eventsourcing.application import Application
from eventsourcing.domain import DomainEvent


@dataclass(frozen=True)
class TrackSeen(DomainEvent):
    """The same facts as ours."""

    ref: str
    title: str
    url: str
    artist: str
    genre: str
    duration_ms: int
    availability: str


def seen(number: int) -> TrackSeen:
    """Give one first sighting."""
    return TrackSeen(
        originator_id=uuid4(),
        originator_version=1,
        timestamp=TrackSeen.create_timestamp(),
        ref=f"soundcloud:track:{number}",
        title=f"Title {number}",
        url=f"https://soundcloud.com/a/{number}",
        artist="Artist",
        genre="Techno",
        duration_ms=200_000,
        availability="available",
    )


def main(database: str, events: int, batch: int) -> None:
    """Append and print the seconds it took."""
    application = Application(env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": database})
    drafts = [seen(number) for number in range(events)]
    watch = time.perf_counter if batch == 1 else time.process_time
    begun_s = watch()
    for first in range(0, events, batch):
        application.events.put(drafts[first : first + batch])
    sys.stdout.write(f"{watch() - begun_s}\n")
    application.close()


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
