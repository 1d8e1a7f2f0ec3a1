"""Proves that a journal is what was written: chain, numbering, guards, anchors, versions, projections.

Reads only; every finding names the first seq it concerns. It trusts nothing that it can compute.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from engine.domain.errors import IntegrityError
from engine.journal.anchors import read_anchors
from engine.journal.chain import GENESIS
from engine.journal.chain_check import check_chain
from engine.journal.connection import open_reader
from engine.journal.faults import fault
from engine.journal.rebuild import last_read
from engine.journal.replay import replay
from engine.journal.schema import check_guards, check_revision
from engine.projections.registry import ALL, MODULUS, row_hash

_WRONG_VERSION = """
SELECT min(seq) FROM (
    SELECT seq, version, row_number() OVER (PARTITION BY stream ORDER BY seq) AS due FROM event
) WHERE version IS NOT due
"""
_WRONG_TIME = """
SELECT min(seq) FROM (
    SELECT seq, recorded_us, lag(recorded_us) OVER (ORDER BY seq) AS before_us FROM event
) WHERE recorded_us <= before_us
"""
_WRONG_CAUSE = """
SELECT min(e.seq) FROM event AS e LEFT JOIN event AS c ON c.seq = e.causation_id
WHERE e.causation_id IS NOT NULL
    AND (c.seq IS NULL OR c.seq >= e.seq OR c.correlation_id IS NOT e.correlation_id)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it was written: which check, from which seq on, and what was seen."""

    check: str
    seq: int | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a verification came to; sound when nothing was found."""

    events: int
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether the journal is what was written."""
        return not self.findings


def verify(path: Path, *, anchors: Path | None = None) -> Verified:
    """Check everything about a journal, its anchors beside it unless named, and give what is wrong with it.

    Raises:
        MigrationNeededError: its schema is older than this program.
        NewerJournalError: its schema or an event is newer.
        StorageError: it cannot be read.
    """
    noted = path.with_name("anchors.jsonl") if anchors is None else anchors
    with closing(open_reader(path)) as connection:
        # Damaged text must be a finding, not the end of the check.
        connection.text_factory = _forgiving
        try:
            check_revision(connection, path)
            connection.execute("BEGIN")
            found = [
                *_guards(connection, path),
                *_structure(connection),
                *_chain(path),
                *_order(connection),
                *_anchors(connection, noted),
                *_projections(connection),
            ]
            events = connection.execute("SELECT count(*) FROM event").fetchone()[0]
        except sqlite3.Error as error:
            raise fault(error, path) from error
    if not found:
        found = list(_replayed(path))
    return Verified(events=events, findings=tuple(found))


def _guards(connection: sqlite3.Connection, path: Path) -> Iterator[Finding]:
    try:
        check_guards(connection, path)
    except IntegrityError as error:
        yield Finding(check="guards", seq=None, detail=error.detail)


def _structure(connection: sqlite3.Connection) -> Iterator[Finding]:
    said = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if said != "ok":
        yield Finding(check="structure", seq=None, detail=str(said))


def _forgiving(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _chain(path: Path) -> Iterator[Finding]:
    broken = check_chain(path)
    if broken is not None:
        yield Finding(check="chain", seq=broken.seq, detail=broken.detail)


def _order(connection: sqlite3.Connection) -> Iterator[Finding]:
    for check, query, what in (
        ("versions", _WRONG_VERSION, "its version does not follow its stream's"),
        ("time", _WRONG_TIME, "it was recorded no later than the event before it"),
        ("causation", _WRONG_CAUSE, "its cause is not an earlier event of the same correlation"),
    ):
        seq = connection.execute(query).fetchone()[0]
        if seq is not None:
            yield Finding(check=check, seq=seq, detail=what)


def _anchors(connection: sqlite3.Connection, anchors: Path) -> Iterator[Finding]:
    try:
        noted = read_anchors(anchors)
    except IntegrityError as error:
        yield Finding(check="anchors", seq=None, detail=error.detail)
        return
    head = connection.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()[0]
    for anchor in noted:
        if anchor.seq > head:
            yield Finding(check="anchors", seq=head + 1, detail=f"the journal was cut: it once had {anchor.seq} events")
            return
        row = connection.execute("SELECT hash FROM event WHERE seq = ?", (anchor.seq,)).fetchone()
        if (GENESIS if row is None else row[0]).hex() != anchor.hash:
            yield Finding(check="anchors", seq=anchor.seq, detail="the event is not the one that was anchored")
            return


def _projections(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Compare each projection's stored rows, digest and position with one another and with the events."""
    states = {
        name: (code_hash, last_seq, digest)
        for name, code_hash, last_seq, digest in connection.execute(
            "SELECT name, code_hash, last_seq, digest FROM projection_state"
        )
    }
    newest = dict(connection.execute("SELECT type, max(seq) FROM event GROUP BY type").fetchall())
    for projection in ALL if newest else ():
        name = projection.name
        code_hash, last_seq, digest = states.get(name, ("", 0, ""))
        if code_hash != projection.code_hash:
            yield Finding(check="projections", seq=None, detail=f"{name} was computed by other folds: `sync migrate`")
        elif last_seq != last_read(projection, newest):
            yield Finding(check="projections", seq=last_seq + 1, detail=f"{name} stopped at {last_seq}: `sync rebuild`")
        elif digest != _stored_digest(connection, name):
            yield Finding(check="projections", seq=None, detail=f"rows of {name} were altered: `sync rebuild`")


def _stored_digest(connection: sqlite3.Connection, name: str) -> str:
    pairs = connection.execute(f"SELECT key, data FROM p_{name}")  # noqa: S608 - a name from our own registry
    total = sum(row_hash(key, data.encode("utf-8", "surrogateescape")) for key, data in pairs)
    return format(total % MODULUS, "064x")


def _replayed(path: Path) -> Iterator[Finding]:
    try:
        different = replay(path).different
    except IntegrityError as error:
        yield Finding(check="replay", seq=None, detail=error.detail)
        return
    for name in different:
        yield Finding(check="projections", seq=None, detail=f"{name} is not what the events say: `sync rebuild`")


def require_sound(verified: Verified) -> None:
    """Stop when a verification found anything.

    Raises:
        IntegrityError: with the first finding.
    """
    if verified.sound:
        return
    first = verified.findings[0]
    where = "" if first.seq is None else f" at event {first.seq}"
    raise IntegrityError(
        f"{first.check}{where}: {first.detail}",
        hint="Keep this file, restore the last backup that verifies, or import the last export.",
    )
