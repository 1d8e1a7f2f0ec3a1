"""Turns an event as it was stored, at whatever schema version, into the newest form of its class.

Stored bytes never change; each upcast is a pure function from one version's fields to the next version's, and
they are chained at read. Every released (type, version) has a golden file (tests/golden/events).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec

from engine.domain.errors import IntegrityError, NewerJournalError
from engine.domain.events import EVENT_CLASSES, Event
from engine.domain.occurrence import Occurrence

Upcast: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]


def _unchanged(fields: dict[str, Any]) -> dict[str, Any]:
    """A field was added whose default says that it is unknown."""
    return fields


UPCASTS: Mapping[tuple[str, int], Upcast] = {
    ("rendition.verified", 1): _unchanged,
    ("scan.completed", 1): _unchanged,
    ("track.availability_changed", 1): _unchanged,
    ("track.seen", 1): _unchanged,
}
"""(type, version) → the function that turns its fields into those of version + 1."""

_HINT_NEWER = "Install the version of Cratelog that wrote this journal, or a newer one."
_HINT_DAMAGED = "Run `sync verify`: the event is not what was written, or was written by another program."


class Reviver:
    """Decodes stored events of the given classes, through the given upcasts."""

    __slots__ = ("_decoders", "_upcasts")

    def __init__(self, classes: tuple[type[Occurrence], ...], upcasts: Mapping[tuple[str, int], Upcast]) -> None:
        self._upcasts = upcasts
        self._decoders = {each.TYPE: (each.SCHEMA_VERSION, msgspec.json.Decoder(each), each) for each in classes}

    def __call__(self, event_type: str, schema_version: int, data: str | bytes) -> Any:
        """Give one event at its newest schema version.

        Raises:
            NewerJournalError: the type or the version is not known here.
            IntegrityError: the data is not what that version says.
        """
        known = self._decoders.get(event_type)
        if known is None:
            raise NewerJournalError(f"unknown event type {event_type!r}", hint=_HINT_NEWER)
        newest, decoder, event_class = known
        try:
            if schema_version == newest:
                return decoder.decode(data)
            return msgspec.convert(self._lifted(event_type, schema_version, newest, data), event_class)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise IntegrityError(f"{event_type} version {schema_version}: {error}", hint=_HINT_DAMAGED) from error

    def _lifted(self, event_type: str, version: int, newest: int, data: str | bytes) -> dict[str, Any]:
        if version > newest or version < 1:
            raise NewerJournalError(f"unknown version {version} of event type {event_type!r}", hint=_HINT_NEWER)
        fields: dict[str, Any] = msgspec.json.decode(data, type=dict[str, Any])
        for step in range(version, newest):
            fields = self._upcasts[event_type, step](fields)
        return fields


_revive = Reviver(EVENT_CLASSES, UPCASTS)

NEWEST: Mapping[tuple[str, int], Callable[[str | bytes], Event]] = {
    (each.TYPE, each.SCHEMA_VERSION): msgspec.json.Decoder(each).decode for each in EVENT_CLASSES
}
"""(type, newest version) → its decoder; for loops over many events, which go to `revive` for all else."""


def revive(event_type: str, schema_version: int, data: str | bytes) -> Event:
    """Give a stored event at its newest schema version.

    Raises:
        NewerJournalError: the type or the version is not known here.
        IntegrityError: the data is not what that version says.
    """
    event: Event = _revive(event_type, schema_version, data)
    return event
