"""Replay with the `eventsourcing` library's notification log: DATABASE LINES; prints one replay's processor seconds.

LINES holds our own events, one JSON array [type, stream, version, data] a line; the database is filled from it once.
Each type becomes a class of domain events, and the fold is one dictionary a stream.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import make_dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from eventsourcing.application import Application, LocalNotificationLog
from eventsourcing.domain import DomainEvent

SECTION = 1000
CLASSES: dict[str, type[DomainEvent]] = {}


def class_of(event_type: str, names: list[str]) -> type[DomainEvent]:
    """Give the class of domain events for one of our types."""
    name = event_type.title().replace(".", "").replace("_", "")
    if name not in CLASSES:
        fields = [(field, object) for field in names]
        CLASSES[name] = make_dataclass(name, fields, bases=(DomainEvent,), frozen=True)
        CLASSES[name].__module__ = __name__
        globals()[name] = CLASSES[name]
    return CLASSES[name]


def fill(application: Application, lines: list[list[object]]) -> None:
    """Store every event."""
    stamp = DomainEvent.create_timestamp()
    for first in range(0, len(lines), SECTION):
        events = []
        for event_type, stream, version, data in lines[first : first + SECTION]:
            made = class_of(event_type, list(data))
            streams = {"originator_id": uuid5(NAMESPACE_URL, stream), "originator_version": version}
            events.append(made(**streams, timestamp=stamp, **data))
        application.events.put(events)


def replay(application: Application) -> int:
    """Fold the whole log into dictionaries and give how many there are."""
    state: dict[object, dict[str, object]] = {}
    log, to_event = LocalNotificationLog(application.recorder, SECTION), application.mapper.to_domain_event
    start = 1
    while notifications := log.select(start, SECTION):
        for notification in notifications:
            event = to_event(notification)
            known = state.get(event.originator_id)
            state[event.originator_id] = {**known, **vars(event)} if known else dict(vars(event))
        start = notifications[-1].id + 1
    return len(state)


def main(database: str, lines_path: str) -> None:
    """Fill the database if it is new, replay it, print the seconds of the replay."""
    new = not Path(database).exists()
    environment = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": database}
    application = Application(env=environment)
    lines = [json.loads(line) for line in Path(lines_path).read_text(encoding="utf-8").splitlines()]
    for event_type, _stream, _version, data in lines:
        class_of(event_type, list(data))
    if new:
        fill(application, lines)
    del lines
    begun_s = time.process_time()
    replay(application)
    sys.stdout.write(f"{time.process_time() - begun_s}\n")
    application.close()


main(sys.argv[1], sys.argv[2])
