"""Recognise: what lies in Notion and Eagle without our key and is a recording of ours; accepted or asked, and recorded.

Follows a scan. What is decided here, the planner adopts; what is asked, it makes nothing for until it is answered.
"""

from __future__ import annotations

from engine.reconciler.adoption import adoptions
from engine.reconciler.things import UNKEYED_KINDS
from engine.workflows.link import anything_new, append_together, looked_seq
from engine.workflows.questions import asked_news
from engine.workflows.run import Run
from engine.workflows.world import World

STAGE = "recognise"
READS: tuple[str, ...] = (
    "sightings", "playlists", "recordings", "renditions", "remotes", "objects", "questions", "scopes", "actions",
)  # fmt: skip


def recognise(world: World, run: Run) -> int:
    """Record what is recognised and what has to be asked, and give how many rows and items that concerns.

    Looks only at what changed since the last run that looked; where nothing did, nothing is read.
    """
    with run.stage(STAGE):
        after_seq = looked_seq(world, STAGE)
        if not anything_new(world, after_seq):
            return 0
        state = world.journal.state(only=READS)
        scans = {place: state.scopes.get("{}:{}".format(*place)) for place in UNKEYED_KINDS}
        places = [place for place, scan in scans.items() if place[0] in world.policy.targets and scan and scan.complete]
        found = adoptions(state, places, world.policy.matching, after_seq)
        append_together(run, [each.events for each in found if asked_news(state, [each.question])])
    return len(found)
