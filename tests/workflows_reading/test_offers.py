"""What `sync why` says of a search: every offer with what became of it, and why, as a DJ would say it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from engine.domain.events import Candidate, Found, ResolutionDecided, Searched
from engine.domain.failure import Availability
from engine.domain.recording_events import Evidence
from engine.matching.resolution import judge_candidates
from engine.matching.things import Thing
from engine.reconciler.resolving import candidate_of
from engine.workflows.offers import offers_told, why_of
from tests.fakes.finder import candidate

SONG = Thing(key="r", title="First Light", artist="Ada", duration_ms=200_000)


def offer(title: str, **more: object) -> Candidate:
    """Give an offer as it is recorded."""
    return candidate_of(judge_candidates((SONG,), (candidate("1", title, **more),))[0])  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (offer("First Light"), "its name, who plays, its length agree"),
        (offer("First Light (Cy Remix)"), "only one is a version: “cy remix”"),
        (offer("First Light (slowed + reverb)"), "only one is a version: “slowed reverb”"),
        (offer("First Light (Ao Vivo)"), "played live: ao vivo"),
        (offer("First Light", duration_ms=204_000), "another length: 200.0 s against 204.0 s"),
        (offer("First Light", availability=Availability.PREVIEW_ONLY), "only a preview of it can be had"),
        (offer("First Light", availability=Availability.GONE), "cannot be had: gone"),
        (offer("First Light", artist=None, uploader="Some Channel"), "only one of them says who plays"),
    ],
)
def test_why_an_offer_is_taken_or_left_is_said_in_a_few_words(given: Candidate, said: str) -> None:
    """M11, F18: no scores, no features, no signs for what is missing."""
    assert why_of(given) == said


def test_little_evidence_is_said_as_that() -> None:
    """Total: also of events that an earlier program wrote."""
    unheard = Candidate(ref="r", url="u", title="t", decision="reject", score=0.0, evidence=())
    assert why_of(unheard) == "nobody says whether it can be had"
    bare = replace(unheard, availability=Availability.AVAILABLE)
    assert why_of(bare) == "too little is known of it"
    assert why_of(replace(bare, evidence=(Evidence(feature="names", weight=-1.0, detail="others"),))) == "others"
    accepted = replace(bare, decision="accept")
    assert why_of(accepted) == "everything known agrees"
    by_address = replace(accepted, evidence=(Evidence(feature="id", weight=1.0, detail="x"),))
    assert why_of(by_address) == "its address agrees"


def test_every_offer_is_told_with_its_address() -> None:
    """M11: what was taken first, and how to hear the others."""
    taken = offer("First Light")
    nameless = Candidate(
        ref="r2",
        url="https://x/2",
        title="t" * 90,
        decision="ask",
        score=0.0,
        evidence=(),
        availability=Availability.AVAILABLE,
    )
    decided = ResolutionDecided(
        recording_id="r",
        sought_ref="s",
        found=Found.ACCEPTED,
        chosen=taken.ref,
        searched=(Searched(source="soundcloud", query="Ada First Light", found=2),),
        candidates=(taken, nameless),
        policy_version="1",
    )
    assert offers_told(decided) == (
        "asked soundcloud: Ada First Light",
        "taken: Ada – First Light, 3:20: its name, who plays, its length agree",
        "    https://soundcloud.com/found/1 (uploaded by Ada)",
        f"asked: {'t' * 69}…: too little is known of it",
        "    https://x/2",
    )
