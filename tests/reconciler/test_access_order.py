"""The order of ways, pure: who goes first, who can help, and when an untried way opens what was withheld."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.domain.failure import Availability, FailureClass
from engine.projections.rows import Sighting
from engine.reconciler.access import (
    DIRECT_REST_S,
    SECOND_US,
    SPENT_FAILURES,
    SPENT_S,
    Standing,
    WayTraits,
    blames_way,
    helps,
    may_open,
    next_way,
    opens,
    ordered,
    says_nothing,
    telling,
)

NOW_US = 10**15
DIRECT = WayTraits(name="direct")
GERMANY = WayTraits(name="germany", proxied=True, country="DE")
BERLIN = WayTraits(name="berlin", proxied=True, country="DE")
FRANCE = WayTraits(name="france", proxied=True, country="FR")
ACCOUNT = WayTraits(name="account", cookies=True)
MEMBER = WayTraits(name="member", proxied=True, cookies=True, country="SE")
WAYS = (DIRECT, GERMANY, BERLIN, FRANCE, ACCOUNT, MEMBER)
F = FailureClass
WITHHELD = (F.GEO_BLOCKED, F.PRIVATE, F.AGE_GATED, F.MEMBERS_ONLY, F.PREVIEW_ONLY)
ways = st.lists(st.sampled_from(WAYS[1:]), unique=True).map(lambda rest: (DIRECT, *rest))
failures = st.sampled_from(FailureClass)


def names(*failed: FailureClass, standings: dict[str, Standing] | None = None, now_us: int = NOW_US) -> list[str]:
    """Give the order of all ways after failures."""
    return [way.name for way in ordered(WAYS, standings or {}, failed, now_us)]


def test_the_direct_way_is_first_then_the_order_of_the_settings() -> None:
    """M11: direct → profiles in the order of the file."""
    assert names() == ["direct", "germany", "berlin", "france", "account", "member"]


def test_the_way_that_last_worked_is_next_after_the_direct_one() -> None:
    """Issue 4.6: sticky; one geo-blocked track does not move everything to a proxy."""
    standings = {"france": Standing(worked=7), "germany": Standing(worked=3)}
    assert names(standings=standings)[:3] == ["direct", "france", "germany"]
    assert names(F.GEO_BLOCKED, standings=standings) == ["france", "germany", "berlin", "member"]


def test_a_way_that_failed_by_itself_is_last_and_the_direct_one_for_an_hour() -> None:
    """A dead proxy is passed over until it worked again; a moment without network does not banish the direct way."""
    dead = Standing(failure=F.NETWORK, last_us=NOW_US, worked=9)
    assert names(standings={"germany": dead})[-1] == "germany"
    assert names(standings={"direct": dead})[-1] == "direct"
    later_us = NOW_US + int(DIRECT_REST_S * SECOND_US)
    assert names(standings={"direct": dead, "germany": dead}, now_us=later_us)[0] == "direct"
    assert names(standings={"direct": dead, "germany": dead}, now_us=later_us)[-1] == "germany"


def test_a_way_that_keeps_failing_is_no_second_choice_for_a_while() -> None:
    """Issue 4.6, F36: a proxy that hangs would cost its wait for every blocked track; alone, it is still asked."""
    hanging = Standing(failure=F.TIMEOUT, last_us=NOW_US, failures=SPENT_FAILURES)
    assert "germany" not in names(F.GEO_BLOCKED, standings={"germany": hanging})
    assert names(standings={"germany": hanging})[-1] == "germany"
    once = replace(hanging, failures=SPENT_FAILURES - 1)
    assert "germany" in names(F.GEO_BLOCKED, standings={"germany": once})
    later_us = NOW_US + int(SPENT_S * SECOND_US)
    assert "germany" in names(F.GEO_BLOCKED, standings={"germany": hanging}, now_us=later_us)


@pytest.mark.parametrize(
    ("failure", "left"),
    [
        (F.GEO_BLOCKED, {"germany", "berlin", "france", "member"}),
        (F.PRIVATE, {"account", "member"}),
        (F.AGE_GATED, {"account", "member"}),
        (F.MEMBERS_ONLY, {"account", "member"}),
        (F.PREVIEW_ONLY, {"account", "member"}),
        (F.BOT_CHALLENGE, {"germany", "berlin", "france", "account", "member"}),
        (F.NETWORK, {way.name for way in WAYS}),
        (F.TIMEOUT, {way.name for way in WAYS}),
        (F.AUTH_EXPIRED, {way.name for way in WAYS}),
        (F.RATE_LIMITED, set()),
        (F.GONE, set()),
        (F.DRM_PROTECTED, set()),
        (F.MEDIA_MISSING, set()),
        (F.NOT_YET, set()),
        (F.REMOTE_ERROR, set()),
    ],
)
def test_only_ways_that_can_help_remain(failure: FailureClass, left: set[str]) -> None:
    """Issue 4.6: each class of failure has its own remedy; a limit is respected, never evaded (P8)."""
    assert set(names(failure)) == left


def test_the_most_telling_failure_decides() -> None:
    """P12: a geo-block says more than a dead proxy, an account's matter more than a geo-block, a limit ends it all."""
    assert telling([]) is None
    assert telling([F.NETWORK, F.GEO_BLOCKED, F.TIMEOUT]) is F.GEO_BLOCKED
    assert telling([F.GEO_BLOCKED, F.MEMBERS_ONLY]) is F.MEMBERS_ONLY
    assert telling([F.GEO_BLOCKED, F.GONE]) is F.GEO_BLOCKED
    assert telling([F.GEO_BLOCKED, F.DRM_PROTECTED]) is F.DRM_PROTECTED
    assert telling([F.GEO_BLOCKED, F.RATE_LIMITED]) is F.RATE_LIMITED
    assert telling([F.NETWORK, F.REMOTE_ERROR]) is F.REMOTE_ERROR
    assert telling([F.AUTH_EXPIRED, F.NETWORK]) is F.NETWORK
    assert names(F.NETWORK, F.GEO_BLOCKED) == ["germany", "berlin", "france", "member"]


def test_other_countries_come_before_one_that_was_blocked() -> None:
    """M11: a second proxy in the same country is the last hope, not the next."""
    able = ordered(WAYS, {}, (F.GEO_BLOCKED,), NOW_US)
    ended = {"direct": F.GEO_BLOCKED, "germany": F.GEO_BLOCKED}
    order = []
    while way := next_way(able, ended):
        order.append(way.name)
        ended[way.name] = F.GEO_BLOCKED
    assert order == ["france", "member", "berlin"]


def test_a_way_of_no_known_country_stands_for_no_country() -> None:
    """M11: that one such way was blocked says nothing of the next, which keeps its place in the settings."""
    somewhere, elsewhere = WayTraits(name="somewhere", proxied=True), WayTraits(name="elsewhere", proxied=True)
    ended = {"somewhere": F.GEO_BLOCKED}
    assert next_way((somewhere, elsewhere, GERMANY), ended) == elsewhere


@given(ways, st.dictionaries(st.sampled_from([way.name for way in WAYS]), failures))
def test_a_question_ends_and_leaves_no_way_that_might_have_answered(
    known: tuple[WayTraits, ...], verdicts: dict[str, FailureClass]
) -> None:
    """Issue 4.6, F38: each way once; afterwards the same settings never open the question again by themselves."""
    ended: dict[str, FailureClass] = {}
    while way := next_way(ordered(known, {}, tuple(ended.values()), NOW_US), ended):
        assert way.name not in ended
        ended[way.name] = verdicts.get(way.name, F.GEO_BLOCKED)
    worst = telling(ended.values())
    assert worst is not None
    assert not opens(known, worst, ended.keys())
    assert all(way.name in ended for way in known if helps(worst, way))


@given(ways, failures, st.sets(st.sampled_from([way.name for way in WAYS])))
def test_only_what_is_withheld_is_opened_and_only_by_a_way_that_can_help(
    known: tuple[WayTraits, ...], failure: FailureClass, tried: set[str]
) -> None:
    """Issue 4.6: a new profile re-opens geo and account matters; what passes by itself keeps its own time."""
    opened = opens(known, failure, tried)
    assert opened is any(way.name not in tried and failure in WITHHELD and helps(failure, way) for way in known)


@given(failures)
def test_every_failure_is_the_ways_the_tracks_or_nobodys(failure: FailureClass) -> None:
    """No failure is both the way's own and one that says nothing about it."""
    assert not (blames_way(failure) and says_nothing(failure))


def test_a_sighting_is_opened_by_what_was_not_tried_for_it() -> None:
    """M11: the names of the ways that were tried stand in the sighting; an available track needs no opening."""
    row = Sighting(ref="soundcloud:track:1", title="T", url="u", availability=Availability.GEO_BLOCKED)
    known = {"soundcloud": (DIRECT, GERMANY)}
    assert may_open(row, known)
    assert not may_open(replace(row, ways=("direct", "germany")), known)
    assert not may_open(replace(row, availability=Availability.PRIVATE), known)
    assert not may_open(replace(row, availability=Availability.AVAILABLE), known)
    assert not may_open(replace(row, ref="youtube:track:1"), known)
    assert not may_open(None, known)
