"""Every event has its sentence."""

from __future__ import annotations

import pytest

from engine.domain import events as e
from engine.domain.failure import Availability, FailureClass, Problem
from engine.workflows.narrate import details, sentence, short
from tests.fakes.crate import crate

EVIDENCE = (e.Evidence(feature="title", weight=2.0, detail="“stay”"),)
P = Problem(failure=FailureClass.TIMEOUT, detail="30 s", hint="")
SEARCHED = (e.Searched(source="soundcloud", query="q", found=2),)
ALBUM = e.Fact(field="album", value="Nordic", confidence=0.9)

REST: tuple[e.Event, ...] = (
    e.RunCheckpointed(run_id="r", scope="act", window="round 1", count=2),
    e.ScanCompleted(scope="x", complete=False, count=0, set_hash="", problem=P),
    e.ScanCompleted(scope="x", complete=False, count=0, set_hash=""),
    e.PlaylistHeld(ref="p", entries_before=9, entries_seen=1, set_hash=""),
    e.PlaylistConfigured(ref="p", url="u", active=False),
    e.RemoteSeen(target="eagle", kind="item", remote_id="i", key=None, fields={}, live=False),
    e.RemoteMissed(target="eagle", remote_id="i"),
    e.RecordingLinked(recording_id="r", ref="s", rule="person", evidence=(), beaten=("a", "b"), policy_version="1"),
    e.RecordingDismissed(recording_id="r", reason="no"),
    e.RecordingRequested(recording_id="r", reason="yes"),
    e.RenditionMissed(rendition_id="f", path="p"),
    e.RenditionReturned(rendition_id="f", path="p", size_bytes=1, mtime_ns=1, file_sha256=""),
    e.ActionPlanned(
        action_id="a", kind="K", target="t", object_kind="o", key="k", remote_id=None, changes=(), reason="r", causes=()
    ),
    e.ActionProbed(action_id="a", attempt=1, verdict="present", remote_ids=("i",)),
    e.ActionProbed(action_id="a", attempt=1, verdict="absent", remote_ids=()),
    e.ActionDeferred(action_id="a", attempt=1, not_before_us=1, problem=P),
    e.ActionUnknown(action_id="a", attempt=1, problem=P),
    e.ActionSuperseded(action_id="a", attempt=1, reason="stale"),
    e.ConflictResolved(conflict_id="c", choice="ours"),
    e.BreakerTripped(remote="notion", unknowns=5, until_us=1),
    e.TrackSeen(ref="s", title="T", url="u"),
    e.RecordingUnlinked(recording_id="r", ref="s", reason="two tracks share an ISRC"),
    e.RecordingMerged(
        recording_id="r", into="q", rule="same_audio", evidence=EVIDENCE, beaten=("a",), policy_version="1"
    ),
    e.RecordingSeparated(recording_id="r", reason="undone"),
    e.UpgradeTaken(recording_id="r", ref="s", reason="lossless"),
    e.MatchAsked(
        question_id="q", newer="r", older="o", names="unclear", score=2.0, evidence=EVIDENCE, policy_version="1"
    ),
    e.MatchAnswered(question_id="q", newer="r", older="o", answer=e.Answer.SAME, reason=""),
    e.MatchSettled(question_id="q", decision="vanished", evidence=(), policy_version="1"),
    e.ObjectWithheld(
        object_id="notion/track/r", target="notion", object_kind="track", key="r", fields=("title",), reason="undone"
    ),
    e.ObjectWithheld(object_id="notion/track/r", target="notion", object_kind="track", key="r", fields=(), reason="-"),
    e.ObjectReleased(object_id="notion/track/r", target="notion", object_kind="track", key="r", reason="asked for"),
    e.ScanCompleted(scope="x", complete=True, count=3, set_hash="", unchanged=True),
    *(
        e.ResolutionDecided(
            recording_id="r",
            sought_ref="s",
            found=found,
            chosen=None,
            searched=SEARCHED,
            candidates=(),
            policy_version="1",
        )
        for found in e.Found
    ),
    e.RecordingEnriched(recording_id="r", provider="acoustid", matched_by="fingerprint", provider_ref=None, facts=()),
    e.RecordingEnriched(recording_id="r", provider="musicbrainz", matched_by="isrc", provider_ref="m", facts=(ALBUM,)),
    e.AccessChanged(source="soundcloud", way="germany", host="soundcloud.com", works=True),
    e.AccessChanged(source="soundcloud", way="direct", host="soundcloud.com", works=False, detail="no way there"),
    e.CapabilityLearned(source="spotify", capability="entries:p", allowed=False, detail="not yours"),
    e.CapabilityLearned(source="spotify", capability="entries:p", allowed=True),
    e.CredentialChanged(source="spotify", valid=True, account="ana"),
    e.CredentialChanged(source="spotify", valid=False, detail="the login has ended"),
    e.ChainLinkEnded(run_id="r", link="playing", result=e.LinkResult.NOTHING_NEW),
)


@pytest.mark.parametrize("event", [*crate(), *REST], ids=lambda event: event.TYPE)
def test_an_event_is_one_line(event: e.Event) -> None:
    """A timeline has one line an event."""
    assert sentence(event)
    assert "\n" not in sentence(event)
    assert all("\n" not in line and len(line) < 200 for line in details(event))


def test_words_are_a_persons_own() -> None:
    """No name of the program stands where a word would do, and what was never compared is not said to be."""
    seen = e.TrackSeen(ref="s", title="T", url="u", availability=Availability.GEO_BLOCKED)
    assert sentence(seen) == "seen: T (geo blocked)"
    first = e.RecordingLinked(
        recording_id="r", ref="s", rule="founding", evidence=EVIDENCE, beaten=(), policy_version="1"
    )
    assert sentence(first) == "s is this recording, the first of it that was seen"
    asked = e.MatchAsked(question_id="q", newer="r", older="o", names="", score=0.0, evidence=(), policy_version="1")
    assert sentence(asked) == "asked: is r the same as o?"


def test_every_event_class_is_covered_here() -> None:
    """A new event cannot be added without its sentence being tested."""
    assert {type(event) for event in (*crate(), *REST)} == set(e.EVENT_CLASSES)


def test_values_are_said_shortly() -> None:
    """Long values are cut; nothing, yes and no are words."""
    assert [short(value) for value in (None, True, False, 3, "x", ("a", "b"), ())] == [
        "nothing", "yes", "no", "3", "“x”", "a, b", "nothing",
    ]  # fmt: skip
    assert len(short("y" * 5000)) == 60


def test_the_changes_of_a_plan_are_told_one_by_one() -> None:
    """F28: a fingerprint has thousands of characters; a value is cut, and each field has a line of its own."""
    changes = (
        e.Change(field="title", before="Old", after="New", owner="seed"),
        e.Change(field="aiff_fingerprint", before=None, after="A" * 9000, owner="engine"),
    )
    event = e.ActionPlanned(
        action_id="a", kind="UpdatePage", target="notion", object_kind="track", key="r", remote_id="p",
        changes=changes, reason="differs", causes=(),
    )  # fmt: skip
    assert sentence(event) == "planned UpdatePage: differs"
    first, second = details(event)
    assert first == "title: “Old” → “New”"
    assert second.startswith("aiff_fingerprint: “AAA")
    assert len(second) < 100
