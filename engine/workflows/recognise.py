"""Recognise: what lies in Notion and Eagle without our key and is a recording of ours; accepted or asked, and recorded.

Follows a scan. What is decided here, the planner adopts; what is asked, it makes nothing for until it is answered.
"""

from __future__ import annotations

from engine.reconciler.adoption import adoptions
from engine.reconciler.things import UNKEYED_KINDS
from engine.workflows.link import append_together
from engine.workflows.questions import asked_news
from engine.workflows.run import Run
from engine.workflows.world import World

STAGE = "recognise"
CHANGES: tuple[str, ...] = (
    "remote.seen",
    "track.seen",
    "recording.linked",
    "recording.unlinked",
    "recording.separated",
    "rendition.verified",
)
"""Events after which something may be recognised that was not before."""

READS: tuple[str, ...] = (
    "sightings", "playlists", "recordings", "renditions", "remotes", "objects", "questions", "scopes", "actions",
)  # fmt: skip


def recognise(world: World, run: Run) -> int:
    """Record what is recognised and what has to be asked, and give how many rows and items that concerns.

    Looks only at what changed since the last run that looked; where nothing did, nothing is read.
    """
    with run.stage(STAGE):
        after_seq = _looked_seq(world)
        if next(world.journal.read(after=after_seq, types=CHANGES, limit=1), None) is None:
            return 0
        state = world.journal.state(only=READS)
        scans = {place: state.scopes.get("{}:{}".format(*place)) for place in UNKEYED_KINDS}
        places = [place for place, scan in scans.items() if place[0] in world.policy.targets and scan and scan.complete]
        found = adoptions(state, places, world.policy.matching, after_seq)
        append_together(run, [each.events for each in found if asked_news(state, [each.question])])
    return len(found)


def _looked_seq(world: World) -> int:
    """Give where the journal stood when the last run that looked began; 0 when none did under these settings."""
    runs = world.journal.state(only=("runs",)).runs.values()
    looked = (row for row in runs if STAGE in row.stages and row.config_hash == world.policy.config_hash)
    return max((row.first_seq for row in looked), default=0)
