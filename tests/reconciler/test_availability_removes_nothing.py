"""Whatever sources say of their audio, in whatever order: nothing is taken away anywhere (design §9, I45)."""

from __future__ import annotations

from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.domain.events import RecordingLinked, TrackAvailabilityChanged, TrackSeen
from engine.domain.failure import Availability, FailureClass
from engine.domain.plan import Action, Operation
from engine.domain.references import recording_id
from engine.reconciler.policy import Policy
from tests.reconciler.pure_world import Story, track

FIRST, SECOND, ELSEWHERE, FILE = "soundcloud:track:1", "soundcloud:track:2", "spotify:track:x", "file:audio:y"
REFS = (FIRST, SECOND, ELSEWHERE, FILE)
POLICY = Policy(library_root="/music", config_hash="c", keep_departed=False)
DAY_US = 86_400_000_000
HELD = ("entries", "playlists", "folders")
"""Fields that say what is in a playlist, and what playlists something is in."""

Step: TypeAlias = tuple[str, Availability, str]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(REFS), st.sampled_from(list(Availability)), st.sampled_from(("shown", "listed", "tried"))
    ),
    max_size=8,
)


def settled() -> Story:
    """Give a story in which two recordings of two sources each are in a playlist, and everywhere in step."""
    story = Story()
    story.tell(track(1), track(2))
    for ref, title, home in ((ELSEWHERE, "Elsewhere", FIRST), (FILE, "File", SECOND)):
        link = RecordingLinked(
            recording_id=recording_id(home), ref=ref, rule="same_isrc", evidence=(), beaten=(), policy_version="0"
        )
        story.tell(TrackSeen(ref=ref, title=title, url=""), link)
    story.listed("soundcloud:set:1", [FIRST, SECOND, FIRST], "Mix")
    story.link()
    story.scanned()
    done(story)
    return story


def done(story: Story) -> list[Action]:
    """Do what there is to do, and give it."""
    every: list[Action] = []
    while actions := story.plan(POLICY).actions:
        for action in actions:
            story.perform(action)
        every += actions
    return every


def pass_days(story: Story) -> None:
    """Let everything be looked at again, long after what was last told."""
    story.now_us += 3 * DAY_US
    story.listed("soundcloud:set:1", story.state().playlists["soundcloud:set:1"].entries, "Mix")
    story.scanned()


def tell(story: Story, step: Step) -> None:
    """Let a source show a track otherwise, or a listing or an attempt prove something of it."""
    ref, state, how = step
    if how == "shown":
        known = story.state().sightings[ref]
        seen = TrackSeen(ref=ref, title=known.title, url=known.url, artist=known.artist, duration_ms=known.duration_ms)
        story.tell(replace(seen, availability=state))
        return
    failure = None if state is Availability.AVAILABLE else FailureClass.GONE
    story.tell(
        TrackAvailabilityChanged(ref=ref, availability=state, failure=failure, detail="", listed=how == "listed")
    )


@given(STEPS)
def test_no_sequence_of_availabilities_takes_anything_away(steps: list[Step]) -> None:
    """Issue 4.8, design §9: no plan along the way trashes a thing or takes an entry out of a list; files stay too."""
    story = settled()
    files = {row.path for row in story.state().renditions.values() if row.present}
    assert files
    for step in steps:
        tell(story, step)
        pass_days(story)
        for action in done(story):
            assert action.operation is not Operation.TRASH, action
            for change in action.changes:
                if change.field in HELD:
                    assert set(change.before or ()) <= set(change.after or ()), action  # type: ignore[arg-type]  # lists
                assert change.field != "replaces", action
    state = story.state()
    assert {row.path for row in state.renditions.values() if row.present} == files
    assert all(row.live for row in state.remotes.values())
    assert state.playlists["soundcloud:set:1"].entries == (FIRST, SECOND, FIRST)


def test_only_leaving_every_playlist_takes_something_away() -> None:
    """The other half: the same story has teeth, where a whole listing shows a track no longer."""
    story = settled()
    story.listed("soundcloud:set:1", [SECOND], "Mix")
    pass_days(story)
    assert {action.operation for action in done(story)} >= {Operation.TRASH}
