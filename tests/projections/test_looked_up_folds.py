"""Folds of what was looked up elsewhere, and of how sources are reached."""

from __future__ import annotations

from engine.domain import events as e
from engine.domain.failure import FailureClass
from engine.projections.looked_up import enrichment_key, source_key
from engine.projections.registry import as_state, empty_rows, fold
from engine.projections.state import State
from tests.projections.every_event import recorded


def after(*events: e.Event) -> State:
    """Give the state that events leave."""
    return as_state(fold(empty_rows(), recorded(list(events))), journal_id="j", head_seq=len(events), head_hash="")


def searched(found: e.Found, chosen: str | None = None) -> e.ResolutionDecided:
    """Give what a search came to."""
    return e.ResolutionDecided(
        recording_id="r",
        sought_ref="spotify:track:1",
        found=found,
        chosen=chosen,
        searched=(),
        candidates=(),
        policy_version="1",
    )


def asked(*facts: e.Fact) -> e.RecordingEnriched:
    """Give what a provider said."""
    return e.RecordingEnriched(
        recording_id="r", provider="musicbrainz", matched_by="isrc", provider_ref=None, facts=facts
    )


def way(*, works: bool, failure: FailureClass | None = None) -> e.AccessChanged:
    """Give how a way did."""
    return e.AccessChanged(source="soundcloud", way="direct", host="soundcloud.com", works=works, failure=failure)


def test_searches_without_result_are_counted_until_one_has_one() -> None:
    """M9: each search that finds nothing makes the next one later; anything found begins anew."""
    none, some = searched(e.Found.NONE), searched(e.Found.ACCEPTED, "soundcloud:track:9")
    assert after(none).resolutions["r"].misses == 1
    assert after(none, none).resolutions["r"].misses == 2
    row = after(none, none, some).resolutions["r"]
    assert (row.misses, row.chosen, row.found) == (0, "soundcloud:track:9", e.Found.ACCEPTED)
    assert after(none, searched(e.Found.ASKED)).resolutions["r"].misses == 0


def test_what_a_provider_knows_is_kept_and_its_silence_counted() -> None:
    """P21: an answer is remembered, so that nobody is asked twice; so is that there was none."""
    fact = e.Fact(field="album", value="Nordic", confidence=0.9)
    key = enrichment_key("r", "musicbrainz")
    assert after(asked(fact)).enrichments[key].facts == (fact,)
    assert [after(*[asked()] * times).enrichments[key].misses for times in (1, 2, 3)] == [1, 2, 3]
    assert after(asked(), asked(fact)).enrichments[key].misses == 0


def test_a_way_is_known_by_how_it_last_did() -> None:
    """M11: failures in a row are counted, and one success forgets them."""
    key = source_key("soundcloud", "direct")
    bad = way(works=False, failure=FailureClass.GEO_BLOCKED)
    assert after(bad, bad).access[key].failures == 2
    row = after(bad, way(works=True)).access[key]
    assert (row.works, row.failures, row.failure) == (True, 0, None)


def test_what_is_withheld_is_kept_with_the_time_it_was_last_said() -> None:
    """F44: probed once, and again later; the first time is kept."""
    said = e.CapabilityLearned(source="spotify", capability="entries:p", allowed=False, detail="no", hint="csv")
    row = after(said, said).capabilities[source_key("spotify", "entries:p")]
    assert (row.allowed, row.detail, row.hint) == (False, "no", "csv")
    assert row.first_us < row.last_us


def test_a_login_that_ended_still_says_whose_it_was() -> None:
    """F45: the account and the end of a login outlive its refusal; a new login replaces them."""
    good = e.CredentialChanged(source="spotify", valid=True, account="ana", expires_us=7)
    ended = e.CredentialChanged(source="spotify", valid=False, detail="the login has ended")
    row = after(good, ended).credentials["spotify"]
    assert (row.valid, row.account, row.expires_us, row.detail) == (False, "ana", 7, "the login has ended")
    anew = after(good, ended, e.CredentialChanged(source="spotify", valid=True)).credentials["spotify"]
    assert (anew.valid, anew.account, anew.expires_us) == (True, None, None)
    assert after(ended).credentials["spotify"].account is None
