"""What a projection is: keyed rows, and for each event the keys it touches and how a row evolves.

Folding is pure at the grain of one row, so that the same functions serve the inline update in the append
transaction and the replay in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec

from engine.domain.canonical import digest
from engine.domain.envelope import Recorded
from engine.domain.occurrence import Occurrence
from engine.domain.value import Value

Row: TypeAlias = Any
"""A row of some projection; each projection's own functions know its type."""

KeyOf: TypeAlias = Callable[[Any], str]
Evolve: TypeAlias = Callable[[Any, Recorded], Any]
Handler: TypeAlias = tuple[KeyOf, Evolve]


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """One set of rows and how events change them.

    Attributes:
        name: the row set's name; its table is `p_<name>`.
        row: the row's type; rows are stored as its canonical JSON.
        handlers: event class → (key of the touched row, row or None × event → row).
        revision: raised when a fold's meaning changes without its row's shape changing.
    """

    name: str
    row: type[Value]
    handlers: Mapping[type[Occurrence], Handler]
    revision: int = 1

    @property
    def code_hash(self) -> str:
        """Identify the fold: its name, revision, row shape and the events it reads."""
        shape = [(field.name, str(field.type)) for field in msgspec.structs.fields(self.row)]
        return digest([self.name, self.revision, shape, sorted(event.TYPE for event in self.handlers)])
