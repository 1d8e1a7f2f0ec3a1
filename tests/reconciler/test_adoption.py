"""What was there before us is adopted on evidence, asked about where that is not enough, and never doubled (§8)."""

from __future__ import annotations

from engine.domain.events import MatchAnswered, MatchAsked, MatchSettled, PlaylistSeen, RemoteSeen, TrackSeen
from engine.domain.matching_events import Answer
from engine.domain.plan import ActionKind
from engine.domain.references import question_id, recording_id
from engine.domain.value import Fields
from engine.reconciler.adoption import Adoption, adoptions
from tests.reconciler.pure_world import POLICY, Story

NOTION = (("notion", "track"),)


def crate(*tracks: TrackSeen) -> Story:
    """Give a story of tracks in one playlist, decided, with every target scanned."""
    story = Story()
    story.tell(*tracks, PlaylistSeen(ref="soundcloud:set:1", name="M", url="", entries=tuple(t.ref for t in tracks)))
    story.link()
    story.scanned()
    return story


def seen(number: int, title: str = "First Light", length: int | None = 180_000, isrc: str | None = None) -> TrackSeen:
    """Give what a source shows of a track."""
    url = f"https://soundcloud.com/ada/{number}"
    return TrackSeen(
        ref=f"soundcloud:track:{number}", title=title, artist="Ada", url=url, duration_ms=length, isrc=isrc
    )


def row(remote_id: str, **fields: str | float | None) -> RemoteSeen:
    """Give a row that nobody keyed."""
    known: Fields = {"title": "First Light", "artist": "Ada", **fields}
    return RemoteSeen(target="notion", kind="track", remote_id=remote_id, key=None, fields=known)


def told(found: tuple[Adoption, ...]) -> list[tuple[str, str, bool]]:
    """Give rows, recordings and whether evidence decides."""
    return [(each.thing, each.verdict.recording_id, each.accepted) for each in found]


def test_a_row_that_agrees_is_recognised_and_the_planner_adopts_it() -> None:
    """Design §8: adopted, never duplicated; the evidence is recorded as a question and its answer."""
    story = crate(seen(1))
    story.tell(row("p1", duration_ms=180_300))
    (found,) = adoptions(story.state(), NOTION)
    asked, settled = found.events
    assert isinstance(asked, MatchAsked)
    assert isinstance(settled, MatchSettled)
    assert (asked.newer, asked.older) == ("notion/track/p1", recording_id("soundcloud:track:1"))
    story.tell(*found.events)
    kinds = [action.kind for action in story.plan(POLICY).actions if action.target == "notion" and action.key != "M"]
    assert ActionKind.CREATE_PAGE not in kinds or kinds.count(ActionKind.CREATE_PAGE) == 1  # the playlist's own
    assert adoptions(story.state(), NOTION) == ()


def test_a_name_alone_is_asked_and_nothing_is_made_meanwhile() -> None:
    """F1, P2: the creation waits for a person."""
    story = crate(seen(1))
    story.tell(row("p1"))
    found = adoptions(story.state(), NOTION)
    assert told(found) == [("notion/track/p1", recording_id("soundcloud:track:1"), False)]
    assert found[0].events == (found[0].question,)
    story.tell(*found[0].events)
    assert adoptions(story.state(), NOTION) == ()
    waiting = {(wait.object_kind, wait.why) for wait in story.plan().waiting if wait.target == "notion"}
    assert ("track", "asked") in waiting or ("track", "follows") in waiting
    story.tell(
        MatchAnswered(
            question_id=found[0].question.question_id, newer="notion/track/p1",
            older=recording_id("soundcloud:track:1"), answer=Answer.DIFFERENT, reason="",
        )
    )  # fmt: skip
    assert adoptions(story.state(), NOTION) == ()


def test_one_to_one_or_a_person_is_asked() -> None:
    """Design §8: two rows that may be one recording, or two recordings that may be one row, are nobody's guess."""
    doubled = crate(seen(1))
    doubled.tell(row("p1", duration_ms=180_000), row("p2", duration_ms=180_100))
    assert [each.accepted for each in adoptions(doubled.state(), NOTION)] == [False, False]
    twins = crate(seen(1), seen(2, "First Light", None))
    for question in twins.state().questions.values():
        twins.tell(
            MatchAnswered(
                question_id=question.question_id, newer=question.newer, older=question.older, answer=Answer.DIFFERENT,
                reason="",
            )
        )  # fmt: skip
    twins.tell(seen(2, "First Light", 180_400), row("p1", duration_ms=180_200))
    assert [each.accepted for each in adoptions(twins.state(), NOTION)] == [False, False]


def test_what_shares_an_address_or_a_code_is_left_to_the_planner() -> None:
    """Design §8: by source id, address and ISRC first; no question beside them."""
    story = crate(seen(1, isrc="USA110000001"))
    story.tell(row("p1", soundcloud_url="https://soundcloud.com/ada/1"), row("p2", duration_ms=180_000))
    assert adoptions(story.state(), NOTION) == ()
    coded = crate(seen(1, isrc="USA110000001"))
    coded.tell(row("p1", isrc="USA110000001", title="Something"))
    assert adoptions(coded.state(), NOTION) == ()


def test_other_songs_and_other_versions_are_neither_adopted_nor_asked() -> None:
    """F9: version and artist are identity."""
    story = crate(seen(1))
    story.tell(row("p1", title="First Light (Bob Remix)", duration_ms=180_000), row("p2", title="Second Wind"))
    assert adoptions(story.state(), NOTION) == ()


def test_what_has_a_row_or_was_thrown_away_needs_none() -> None:
    """Only what would be made is looked for."""
    story = crate(seen(1))
    while actions := story.plan().actions:
        story.perform(actions[0])
    story.tell(row("p1", duration_ms=180_000))
    assert adoptions(story.state(), NOTION) == ()
    assert adoptions(Story().state()) == ()


def test_only_what_changed_since_is_compared() -> None:
    """I23: what was looked at stays looked at, until either side changes."""
    story = crate(seen(1))
    story.tell(row("p1"))
    state = story.state()
    assert adoptions(state, NOTION, after_seq=state.head_seq) == ()
    assert len(adoptions(state, NOTION, after_seq=state.head_seq - 1)) == 1
    story.tell(seen(1, "First Light", 180_001))
    assert len(adoptions(story.state(), NOTION, after_seq=state.head_seq)) == 1


def test_a_question_that_was_settled_no_is_asked_again_on_other_facts_only() -> None:
    """P2: a rejection by facts stands while the facts do."""
    story = crate(seen(1))
    story.tell(row("p1"))
    (found,) = adoptions(story.state(), NOTION)
    key = question_id("notion/track/p1", recording_id("soundcloud:track:1"))
    assert found.question.question_id == key
    story.tell(*found.events)
    story.tell(MatchSettled(question_id=key, decision="reject", evidence=(), policy_version=""))
    state = story.state()
    assert adoptions(state, NOTION, after_seq=state.head_seq) == ()
    assert len(adoptions(state, NOTION)) == 1
