"""Which file is kept of several that are one piece, and what has to happen before another one goes (F21, I45, I56)."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.domain.events import (
    ActionDone,
    ActionRefused,
    RecordingSeparated,
    RenditionMissed,
    RenditionReturned,
    RenditionVerified,
    ScanCompleted,
    UpgradeTaken,
)
from engine.domain.failure import FailureClass, Problem
from engine.domain.plan import Action, ActionKind, Operation
from engine.domain.quality import quality
from engine.domain.recording_events import Audio
from engine.domain.references import rendition_id
from engine.projections.rows import Recording, Rendition
from engine.reconciler.keepers import fullest, keep_best
from engine.reconciler.policy import Policy
from tests.reconciler.pieces import remote
from tests.reconciler.pure_world import Story, planned
from tests.reconciler.test_merging import merged, piece_of, rec, twins
from tests.reconciler.test_planner import run_to_rest

ONE, TWO = rec(1), rec(2)
MP3 = Audio(format="mp3", codec="mp3", duration_ms=200_000, bitrate_bps=320_000, channels=2, sample_rate_hz=44_100)
POOR = replace(MP3, bitrate_bps=128_000)
AIFF = Audio(format="aiff", codec="pcm_s16be", duration_ms=200_000, lossless=True, channels=2, sample_rate_hz=44_100)
FLAC = replace(AIFF, format="flac", codec="flac", lossy_origin=False)
OWN = Recording(recording_id="a")


def file(recording: str, profile: str, audio: Audio, *, seq: int = 1, ref: str = "") -> Rendition:
    """Give a verified file."""
    return Rendition(
        rendition_id=rendition_id(recording, profile), recording_id=recording, profile=profile,
        source_ref=ref or f"ref-{recording}", path=f"{recording}/{profile}.{audio.format}", size_bytes=1_000_000,
        mtime_ns=1, file_sha256=f"{recording}-{profile}", audio=audio, verified_seq=seq, last_seq=seq,
    )  # fmt: skip


def kept(*rows: Rendition, lost: tuple[Rendition, ...] = (), recording: Recording = OWN) -> dict[str, str]:
    """Give whose file is kept of each profile."""
    return {row.profile: row.recording_id for row in keep_best(rows, lost, recording, None)[0]}


def why(*rows: Rendition, lost: tuple[Rendition, ...] = (), recording: Recording = OWN) -> str:
    """Give why the one file goes that does."""
    ((spare),) = keep_best(rows, lost, recording, None)[1]
    return spare.why


def test_the_better_file_is_kept_whosever_it_is() -> None:
    """F21, I56: the absorbed recording's better file stays, the other goes and says why."""
    rows = (file("a", "original", POOR), file("b", "original", MP3))
    assert kept(*rows) == {"original": "b"}
    assert why(*rows) == "it is worth 320 kbit/s of MP3 (mp3), the other 128 kbit/s of MP3 (mp3)"


def test_files_of_different_formats_are_never_held_against_each_other() -> None:
    """F21: a poor original beside a good conversion: both stay."""
    rows = (file("a", "original", POOR), file("b", "aiff", FLAC))
    assert keep_best(rows, (), OWN, None) == ((rows[1], rows[0]), ())


def test_a_conversion_is_as_good_as_what_it_was_made_from() -> None:
    """F21: of two equal AIFFs the one made from the better file stays, and stays with it."""
    rows = (
        file("a", "original", POOR), file("a", "aiff", AIFF), file("b", "original", MP3), file("b", "aiff", AIFF),
    )  # fmt: skip
    assert kept(*rows) == {"original": "b", "aiff": "b"}
    assert why(rows[0], rows[1], rows[3], lost=(rows[2],)).startswith("it was made from a better original: it is worth")
    assert why(rows[0], rows[1], rows[3]) == "it is known what it was made from"


def test_of_files_that_are_alike_the_recordings_own_stays_then_the_older() -> None:
    """I19: a tie is no coin toss."""
    alike = (file("a", "original", MP3, seq=9), file("b", "original", MP3, seq=1))
    assert kept(*alike) == {"original": "a"}
    assert why(*alike) == "both are as good, and it belongs to the recording that stays"
    strangers = (file("b", "original", MP3, seq=9), file("c", "original", MP3, seq=1))
    assert kept(*strangers) == {"original": "c"}
    assert why(*strangers) == "both are as good, and it has been there for longer"


def test_what_a_person_chose_is_kept_whatever_is_better() -> None:
    """Issue 3.5: "this version instead" is a person's word."""
    chosen = replace(OWN, chosen_ref="ref-a")
    rows = (file("a", "original", POOR), file("b", "original", MP3))
    assert kept(*rows, recording=chosen) == {"original": "a"}
    assert why(*rows, recording=chosen) == "you chose its source"


@settings(max_examples=80, deadline=None)
@given(
    chosen=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["original", "aiff"]), st.sampled_from([MP3, POOR, FLAC])),
        max_size=6,
        unique_by=lambda each: each[:2],
    ),
    chance=st.randoms(),
)
def test_one_file_of_every_format_stays_whatever_the_order(
    chosen: list[tuple[str, str, Audio]], chance: random.Random
) -> None:
    """I45, I56: nothing is lost, nothing worse on its own is kept, and the order makes no difference."""
    rows = [file(*each) for each in chosen]
    stay, go = keep_best(rows, (), OWN, 200_000)
    assert sorted(row.path for row in (*stay, *(spare.rendition for spare in go))) == sorted(row.path for row in rows)
    assert len({row.profile for row in stay}) == len(stay) == len({row.profile for row in rows})
    for spare in go:
        assert spare.kept in stay
        assert spare.kept.profile == spare.rendition.profile
        assert quality(spare.kept.audio, 1_000_000) >= quality(spare.rendition.audio, 1_000_000)
    chance.shuffle(rows)
    assert keep_best(rows, (), OWN, 200_000)[0] == stay


def test_the_fullest_row_is_the_one_with_most_in_it_then_the_oldest() -> None:
    """I19: which of several rows is taken over depends on what is in them."""
    bare, full = remote("a", title="T"), remote("b", title="T", album="A", label="")
    assert fullest([bare, full]) is full
    assert fullest([replace(bare, first_seq=5), replace(bare, remote_id="b", first_seq=4)]).remote_id == "b"
    assert fullest([replace(bare, remote_id="c"), bare]) is bare


# --- in a world ---------------------------------------------------------------------------------------------------


def at_rest() -> Story:
    """Give twins with files of their own."""
    story = twins()
    run_to_rest(story)
    return story


def spare_files(story: Story, policy: Policy | None = None) -> list[Action]:
    """Give what a plan removes of files."""
    computed = story.plan(policy) if policy else story.plan()
    return [action for action in computed.actions if action.kind is ActionKind.TRASH_AUDIO]


def test_needless_files_go_last_and_name_the_ones_that_stay() -> None:
    """I45: each removal says which file it relies on; playlists point to that one in the same plan."""
    story = at_rest()
    story.tell(merged(2, 1))
    actions = story.plan().actions
    spare = spare_files(story)
    assert [(action.key, action.remote_id) for action in spare] == [
        (TWO, "Artist 2/Beta.aiff"),
        (TWO, "Artist 2/Beta.m4a"),
    ]
    assert spare[0].written == {"kept_path": "Artist 1/Alpha.aiff", "kept_sha256": rendition_id(ONE, "aiff")}
    assert "it is the same recording as Artist 1/Alpha.aiff, which is kept: both are as good" in spare[0].reason
    assert actions[-2:] == tuple(spare)
    lists = {action.key: action.written["entries"] for action in actions if action.object_kind == "playlist"}
    assert lists["soundcloud:set:2"] == ("Artist 1/Alpha.aiff",)
    assert lists["soundcloud:set:3"] == ("Artist 1/Alpha.aiff", "Artist 1/Alpha.aiff")
    assert len({action.action_id for action in spare}) == 2


def test_what_we_put_in_the_trash_is_gone_before_a_scan_says_so() -> None:
    """I20, I45: nothing is trashed twice, and nothing that we trashed counts as thrown away by a person."""
    story = at_rest()
    story.tell(merged(2, 1))
    for action in story.plan().actions:
        story.perform(action)
    assert not spare_files(story)
    assert piece_of(story).lost == ()
    story.scanned()
    assert piece_of(story).lost == ()
    story.tell(RenditionMissed(rendition_id=rendition_id(ONE, "aiff"), path="Artist 1/Alpha.aiff"))
    assert [row.path for row in piece_of(story).lost] == ["Artist 1/Alpha.aiff"]
    assert "dismissed" in [wait.why for wait in story.plan().waiting]


def test_a_file_that_came_out_of_the_trash_counts_again() -> None:
    """I44: what an undo or a person's hand brought back is there; what was fetched anew is no old removal."""
    story = at_rest()
    story.tell(merged(2, 1))
    for action in story.plan().actions:
        story.perform(action)
    story.scanned()
    story.tell(RecordingSeparated(recording_id=TWO, reason="not it"))
    assert piece_of(story, 2).renditions == ()
    assert piece_of(story, 2).lost == ()
    row = story.state().renditions[rendition_id(TWO, "aiff")]
    story.tell(
        RenditionReturned(rendition_id=row.rendition_id, path=row.path, size_bytes=1, mtime_ns=1, file_sha256="")
    )
    assert [each.profile for each in piece_of(story, 2).renditions] == ["aiff"]
    _restore(story, row)
    story.tell(RenditionMissed(rendition_id=row.rendition_id, path=row.path))
    assert [each.profile for each in piece_of(story, 2).lost] == ["aiff"]


def _restore(story: Story, row: Rendition) -> None:
    action = Action(
        action_id="undone", kind=ActionKind.RESTORE_AUDIO, operation=Operation.RESTORE, target="library",
        object_kind="audio", key=row.recording_id, remote_id=row.path, changes=(), precondition="", reason="",
        risk="low", causes=(),
    )  # fmt: skip
    done = ActionDone(
        action_id="undone", attempt=1, kind=action.kind, target="library", object_kind="audio", key=action.key,
        remote_id=row.path, held={}, evidence="",
    )  # fmt: skip
    story.tell(planned(action), done)


def test_a_refused_removal_is_not_tried_again() -> None:
    """I28: what the library would not let go stays, and says so."""
    story = at_rest()
    story.tell(merged(2, 1))
    first, second = spare_files(story)
    problem = Problem(failure=FailureClass.INVALID_REQUEST, detail="the copy to keep is not the file it was")
    story.tell(planned(first), ActionRefused(action_id=first.action_id, attempt=1, problem=problem))
    assert [action.action_id for action in spare_files(story)] == [second.action_id]


def test_files_stay_while_anything_they_rest_on_is_unclear() -> None:
    """I42: an incomplete scan of files or of playlist files, or a library that is not used, removes none."""
    for scope in ("library:audio", "library:playlist"):
        story = at_rest()
        story.tell(merged(2, 1), ScanCompleted(scope=scope, complete=False, count=0, set_hash=""))
        assert not spare_files(story)
    story = at_rest()
    story.tell(merged(2, 1))
    assert not spare_files(story, Policy(library_root="/music", config_hash="c", targets=("notion", "eagle")))


def test_a_file_stays_while_a_playlist_file_would_miss_it() -> None:
    """P15: the list is written first; where that has to wait, so does the removal."""
    story = at_rest()
    story.tell(merged(2, 1))
    problem = Problem(failure=FailureClass.INVALID_REQUEST, detail="no")
    written = next(
        action for action in story.plan().actions if (action.target, action.key) == ("library", "soundcloud:set:2")
    )
    story.tell(planned(written), ActionRefused(action_id=written.action_id, attempt=1, problem=problem))
    assert [action.remote_id for action in spare_files(story)] == ["Artist 2/Beta.m4a"]
    waits = [wait for wait in story.plan().waiting if wait.object_kind == "audio"]
    assert [(wait.why, wait.detail) for wait in waits] == [
        ("follows", "Artist 2/Beta.aiff goes after library/playlist/soundcloud:set:2")
    ]


def test_files_stay_while_others_of_the_piece_are_fetched() -> None:
    """I56: which file is the best is seen once all are there."""
    story = at_rest()
    story.tell(merged(2, 1))
    policy = Policy(library_root="/music", config_hash="c", profiles=("original", "aiff", "wav"))
    assert not spare_files(story, policy)
    assert any(action.kind is ActionKind.FETCH_RECORDING for action in story.plan(policy).actions)
    run_to_rest(story, policy=policy)
    assert {row.profile for row in piece_of(story).renditions} == {"original", "aiff", "wav"}
    assert not piece_of(story).surplus


def test_formats_are_made_of_the_original_that_is_kept_under_the_id_in_its_tags() -> None:
    """P4: nothing is downloaded again for a recording whose kept file was another's."""
    story = at_rest()
    row = story.state().renditions[rendition_id(TWO, "original")]
    story.tell(
        RenditionVerified(
            rendition_id=row.rendition_id, recording_id=TWO, profile="original", source_ref=row.source_ref,
            path=row.path, size_bytes=row.size_bytes, mtime_ns=1, file_sha256="better", audio=FLAC,
        ),
        merged(2, 1),
    )  # fmt: skip
    policy = Policy(library_root="/music", config_hash="c", profiles=("original", "aiff", "wav"))
    fetches = {row.key: row for row in story.plan(policy).actions if row.kind is ActionKind.FETCH_RECORDING}
    assert ONE not in fetches
    fetch = fetches[TWO]
    assert (fetch.key, fetch.written["source_ref"]) == (TWO, "soundcloud:track:2")
    assert fetch.written["path"] == "Artist 2/Beta"
    run_to_rest(story, policy=policy)
    assert {row.profile for row in piece_of(story).renditions} == {"original", "aiff", "wav"}


def test_a_choice_counts_where_both_have_files() -> None:
    """Issue 3.8: the chosen sighting's files stay, whosever recording it founded."""
    story = at_rest()
    story.tell(merged(2, 1), UpgradeTaken(recording_id=ONE, ref="soundcloud:track:2", reason=""))
    assert {action.key for action in spare_files(story)} == {ONE}
    assert {row.recording_id for row in piece_of(story).renditions} == {TWO}
