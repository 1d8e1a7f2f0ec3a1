"""What reports and stories say of listings: the chain, and what came, went and moved in each playlist."""

from __future__ import annotations

from msgspec.structs import replace as changed

from engine.workflows.chain import ChainRequest
from engine.workflows.playlists import playlist, playlists
from engine.workflows.reconcile import ReconcileRequest, reconcile
from engine.workflows.report import report
from engine.workflows.report_seen import ListChange
from engine.workflows.why import why
from tests.fakes.place import Place

REF = "soundcloud:set:9"


def looked(place: Place, name: str, *entries: int) -> str:
    """List a playlist and give the run."""
    place.targets = {}
    place.policy = changed(place.policy, targets=())
    place.follow(name, entries)
    return place.reconcile().run_id


def test_a_report_says_what_each_playlist_gained_lost_and_moved(place: Place) -> None:
    """P14, M28: of the run that is reported, against what was seen before it; a move is no loss."""
    first = looked(place, "Crate", 1, 2, 3, 4)
    second = looked(place, "Crate", 4, 1, 2, 5, 6)
    third = looked(place, "Box", 4, 1, 2, 5, 6)
    fourth = looked(place, "Box", 4, 1, 2, 5, 6)
    whole = ListChange(ref=REF, name="Crate", entries=4, added=4, removed=0, moved=0)
    assert report(place.journal, first).playlists == (whole,)
    (change,) = report(place.journal, second).playlists
    assert (change.added, change.removed, change.moved, change.renamed) == (2, 1, 1, None)
    (named,) = report(place.journal, third).playlists
    assert (named.name, named.renamed, named.added, named.moved) == ("Box", "Crate", 0, 0)
    assert report(place.journal, fourth).playlists == ()


def test_a_playlist_s_story_says_what_each_sight_changed(place: Place) -> None:
    """P16: new, gone and moved, and a new name with the same entries."""
    looked(place, "Crate", 1, 2, 3)
    looked(place, "Crate", 3, 1, 2, 4)
    looked(place, "Box", 3, 1, 2, 4)
    told = [step.text for step in why(place.journal, place.state(), "Box").steps if step.type == "playlist.seen"]
    assert told == [
        "playlist seen: Crate, 3 entries",
        "playlist seen: Crate, 4 entries: 1 new, 1 moved",
        "playlist seen: Box, 4 entries: the same entries",
    ]


def test_a_report_holds_the_chain_in_its_order(place: Place) -> None:
    """M9: from the journal alone."""
    place.follow("Crate", (1,))
    place.targets = {}
    chain = ChainRequest(links=("youtube", "soundcloud", "batch"))
    made = reconcile(place.world(), ReconcileRequest(chain=chain))
    found = report(place.journal, made.run_id).chain
    assert [(link.link, link.result, link.new) for link in found] == [
        ("youtube", "skipped", 0), ("soundcloud", "found", 1), ("batch", "skipped", 0),
    ]  # fmt: skip


def test_the_evidence_of_a_listing_is_shown(place: Place) -> None:
    """P1: complete, held, partial and not read, each with its count; nothing for what nobody looked at."""
    looked(place, "Crate", *range(1, 11))
    assert _result(place) == ("complete", 10)
    looked(place, "Crate", 1)
    held = playlist(place.state(), "Crate").playlist.evidence
    assert held is not None
    assert (held.result, held.count) == ("held", 1)
    assert "shrank" in held.problem
    assert "--accept-shrink" in held.hint
    place.follow("Crate", tuple(range(1, 11)))
    place.reconcile()
    place.follow("Crate", (1, 2), complete=False)
    place.reconcile()
    assert _result(place) == ("partial", 2)
    place.follow("Crate", (), complete=False)
    place.reconcile()
    assert _result(place) == ("not read", 0)


def _result(place: Place) -> tuple[str, int]:
    (row,) = playlists(place.state())
    assert row.evidence is not None
    return row.evidence.result, row.evidence.count
