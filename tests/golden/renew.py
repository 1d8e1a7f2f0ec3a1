"""The worlds behind the golden plans; `python -m tests.golden.renew` writes the plans anew, for review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from engine.domain.canonical import canonical
from engine.domain.events import RemoteSeen, ScanCompleted
from engine.domain.failure import Availability
from engine.domain.plan import Plan, PlanFile
from engine.reconciler.policy import Policy
from tests.reconciler.pure_world import Story, track

PLANS = Path(__file__).parent / "plans"


POLICY = Policy(library_root="/music", config_hash="golden")


def before() -> Story:
    """Tell of two playlists, a track that is gone, a row that was there before and a library half scanned."""
    story = Story()
    story.tell(
        track(1, isrc="DEA123400001"),
        track(2, title="Träume (Extended Mix)"),
        track(3, availability=Availability.GONE),
    )
    story.listed("soundcloud:set:1", ["soundcloud:track:2", "soundcloud:track:1", "soundcloud:track:2"], "Mix")
    story.listed("soundcloud:set:2", ["soundcloud:track:3"], "mix")
    story.link()
    story.tell(
        RemoteSeen(
            target="notion",
            kind="track",
            remote_id="page-of-a-person",
            key=None,
            fields={
                "soundcloud_url": "https://soundcloud.com/a/3",
                "title": "Her words",
                "spotify_url": "https://open.spotify.com/track/x",
                "status": ("favourite",),
            },
        )
    )
    story.scanned(scope for scope in ("library:audio", "library:playlist", "notion:playlist", "notion:track"))
    story.tell(ScanCompleted(scope="eagle:folder", complete=True, count=0, set_hash=""))
    story.tell(ScanCompleted(scope="eagle:item", complete=False, count=0, set_hash=""))
    return story


def first_run() -> Plan:
    """Plan a first run: files and parents first, and what belongs to them after."""
    return before().plan(POLICY)


def second_run() -> Plan:
    """Plan what follows: a row is adopted and keeps its person's words; Eagle's items are not decided unseen."""
    story = before()
    for action in story.plan(POLICY).actions:
        story.perform(action)
    return story.plan(POLICY)


WORLDS: Mapping[str, Callable[[], Plan]] = {"first_run": first_run, "second_run": second_run}
"""Name of a golden plan → how it is computed."""


def pretty(plan: Plan) -> bytes:
    """Give a plan file's canonical JSON, indented for people."""
    return msgspec.json.format(canonical(PlanFile(digest=plan.digest, plan=plan)), indent=2) + b"\n"


def main() -> None:
    """Write every golden plan as the planner computes it now."""
    for name, world in WORLDS.items():
        (PLANS / f"{name}.json").write_bytes(pretty(world()))


if __name__ == "__main__":
    main()
