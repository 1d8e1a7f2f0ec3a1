"""The worlds behind the golden plans; `python -m tests.golden.renew` writes the plans anew, for review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from engine.domain.canonical import canonical
from engine.domain.decisions import Merge, Recognise
from engine.domain.events import RemoteSeen, ScanCompleted
from engine.domain.failure import Availability
from engine.domain.plan import Plan, PlanFile
from engine.domain.references import eagle_item_id, question_id, recording_id
from engine.reconciler.policy import Policy
from engine.reconciler.proposing import plan_with
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


def merge_run() -> Plan:
    """Plan a merge: lists point to the file that stays, one row and one item have it all, the rest goes last.

    The item of the recording that stays was thrown away, so that of the other one is taken over; a second row, which a
    person recognised, goes by her word, and one that holds her own title is in conflict.
    """
    story = Story()
    story.tell(*(track(number, title=f"Piece {number}") for number in range(1, 9)))
    story.listed("soundcloud:set:1", [f"soundcloud:track:{number}" for number in (1, 3, 5, 6, 7, 8)], "Mix")
    story.listed("soundcloud:set:2", ["soundcloud:track:2", "soundcloud:track:1", "soundcloud:track:4"], "Other")
    story.link()
    story.scanned()
    for _ in range(3):
        for action in story.plan(POLICY).actions:
            story.perform(action)
        story.scanned()
    ids = [recording_id(f"soundcloud:track:{number}") for number in range(5)]
    state = story.state()
    item = state.remotes[f"eagle/{eagle_item_id(ids[1])}"]
    page = state.remotes[f"notion/notion-track-{ids[4]}"]
    story.tell(
        RemoteSeen(target="eagle", kind="item", remote_id=item.remote_id, key=item.key, fields=item.fields, live=False),
        RemoteSeen(
            target="notion",
            kind="track",
            remote_id=page.remote_id,
            key=page.key,
            fields={**page.fields, "title": "Her own title"},
        ),
        RemoteSeen(target="notion", kind="track", remote_id="page-of-a-person", key=None, fields={"title": "piece 1"}),
    )
    thing = "notion/track/page-of-a-person"
    decisions = (
        Merge(recording_id=ids[2], into=ids[1], rule="same_audio", policy_version="golden"),
        Merge(recording_id=ids[4], into=ids[3], rule="person", policy_version="golden"),
        Recognise(
            question_id=question_id(thing, ids[1]), thing=thing, recording_id=ids[1], reason="they sound the same"
        ),
    )
    return plan_with(story.state(), decisions, POLICY, story.now_us + story.seq)


WORLDS: Mapping[str, Callable[[], Plan]] = {
    "first_run": first_run,
    "second_run": second_run,
    "merge_run": merge_run,
}
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
