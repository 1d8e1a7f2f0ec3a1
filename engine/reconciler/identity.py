"""Which recording a sighting is: the rules that names cannot decide are left to evidence (design §5).

Here: the same source id, the same bytes, the same ISRC. Name similarity never links anything.
"""

from __future__ import annotations

from engine.domain.recording_events import Evidence, RecordingLinked
from engine.domain.references import recording_id
from engine.projections.rows import Sighting
from engine.projections.state import State

POLICY_VERSION = "identity-1"


def unlinked(state: State) -> tuple[RecordingLinked, ...]:
    """Give one decision for every sighting that belongs to no recording yet, in the order they were first seen."""
    by_isrc: dict[str, str] = {}
    by_content: dict[str, str] = {}
    known = [row for row in state.sightings.values() if row.recording_id]
    for row in sorted(known, key=lambda row: row.first_seq):
        _remember(row, row.recording_id or "", by_isrc, by_content)
    decisions = []
    listed = {ref for playlist in state.playlists.values() for ref in playlist.entries}
    for row in sorted(state.sightings.values(), key=lambda row: (row.first_seq, row.ref)):
        if row.recording_id or row.ref not in listed:
            continue
        decision = _decide(row, by_isrc, by_content)
        _remember(row, decision.recording_id, by_isrc, by_content)
        decisions.append(decision)
    return tuple(decisions)


def _remember(row: Sighting, recording: str, by_isrc: dict[str, str], by_content: dict[str, str]) -> None:
    if row.isrc:
        by_isrc.setdefault(row.isrc, recording)
    if row.content_sha256:
        by_content.setdefault(row.content_sha256, recording)


def _decide(row: Sighting, by_isrc: dict[str, str], by_content: dict[str, str]) -> RecordingLinked:
    if row.content_sha256 and row.content_sha256 in by_content:
        return _linked(row, by_content[row.content_sha256], "same_bytes", f"SHA-256 {row.content_sha256}")
    if row.isrc and row.isrc in by_isrc:
        return _linked(row, by_isrc[row.isrc], "same_isrc", f"ISRC {row.isrc}")
    return _linked(row, recording_id(row.ref), "founding", "no earlier sighting shares an id with it")


def _linked(row: Sighting, recording: str, rule: str, detail: str) -> RecordingLinked:
    return RecordingLinked(
        recording_id=recording,
        ref=row.ref,
        rule=rule,
        evidence=(Evidence(feature=rule, weight=1.0, detail=detail),),
        beaten=(),
        policy_version=POLICY_VERSION,
    )
