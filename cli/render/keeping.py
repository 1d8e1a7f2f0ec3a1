"""Verification and replay as text."""

from __future__ import annotations

from cli.render.table import table
from cli.render.words import many
from engine.journal.verify import Verified
from engine.workflows.replay import ReplayReport

DIGEST_SHOWN = 16


def replay_text(found: ReplayReport) -> str:
    """Give each projection's digests and whether they are equal."""
    rows = [
        (row.projection, row.folded[:DIGEST_SHOWN], row.live[:DIGEST_SHOWN], "equal" if row.equal else "DIFFERENT")
        for row in found.projections
    ]
    verdict = "every projection is what the events say" if found.equal else "next: sync rebuild, then sync verify"
    return (
        f"{table(('projection', 'replayed', 'live', ''), rows)}\n\n{many(found.head_seq, 'event')} replayed; {verdict}"
    )


def verify_text(found: Verified) -> str:
    """Give what was checked and what was found."""
    if found.sound:
        return f"{many(found.events, 'event')}: chain, numbering, guards, anchors and projections are as written"
    rows = [(finding.check, finding.seq, finding.detail) for finding in found.findings]
    return (
        f"{table(('check', 'event', 'finding'), rows)}\n\n"
        "next: keep this file as it is; restore the last backup that verifies, or import the last export"
    )
