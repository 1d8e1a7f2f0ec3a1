"""Which lines of lists say an address and no name, so that the site it is on has to be asked what stands there. Pure.

A name that is nothing but the end of an address names no file and no row; once a site was asked, it is not asked again.
"""

from __future__ import annotations

from engine.projections.rows import Sighting
from engine.projections.state import State
from engine.reconciler.batch import parked, row_scope
from engine.reconciler.things import sightings_of, unnamed


def nameless(state: State, now_us: int) -> tuple[Sighting, ...]:
    """Give the listed lines whose recordings nothing names, oldest first; what was asked about, or waits, is left out.

    Args:
        state: sightings, recordings, playlists and scopes.
        now_us: the time, for what waits; microseconds since the epoch.
    """
    listed = {ref for playlist in state.playlists.values() if playlist.active for ref in playlist.entries}
    found = (
        row
        for rows in sightings_of(state).values()
        if all(map(unnamed, rows))
        for row in rows
        if row.ref in listed and row.url and not parked(state.scopes.get(row_scope(row.url)), now_us)
    )
    return tuple(sorted(found, key=lambda row: (row.first_seq, row.ref)))
