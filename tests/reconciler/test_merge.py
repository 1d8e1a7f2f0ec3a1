"""The merge table (I47), for every owner and every base, wanted and found, empty and unknown ones included."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.action_events import Change
from engine.domain.plan import Owner
from engine.domain.value import Fields, FieldValue
from engine.reconciler.merge import (
    KEEP,
    NO_BASE,
    Base,
    Disagree,
    Keep,
    NoBase,
    Verdict,
    Write,
    merge,
    merged_set,
    same,
    to_remember,
)
from engine.reconciler.status_tags import VOCABULARY

TAGS = st.sampled_from(["house", "techno", "mine", "SC_404", "Private", "x"])
SETS = st.lists(TAGS, unique=True, max_size=5).map(lambda tags: tuple(sorted(tags)))
SCALARS = st.sampled_from([None, "", "a", "b", 0, 1, 128, 128.0, 0.0, -9.5, True, False])
VALUES = SCALARS | SETS
BASES = st.just(NO_BASE) | VALUES
FROZEN_SETS = st.frozensets(TAGS, max_size=5)


def after(verdict: Verdict, found: FieldValue) -> FieldValue:
    """Give what the field holds once the verdict was carried out."""
    return verdict.value if isinstance(verdict, Write) else found


def members(value: Base) -> set[str]:
    """Give the elements of a set value, none for every other value."""
    return set(value) if isinstance(value, tuple) else set()


def remembered(owner: Owner, base: Base, found: FieldValue, verdict: Write) -> Base:
    """Give the base that carrying a verdict out leaves behind."""
    before: Fields = {} if isinstance(base, NoBase) else {"field": base}
    change = Change(field="field", before=found, after=verdict.value, owner=owner)
    return to_remember(before, (change,), {"field": verdict.value})["field"]


def by_the_table(base: Base, wanted: FieldValue, found: FieldValue) -> Verdict:
    """Give what the table of design §8 says of a shared scalar, written down once more."""
    if same(wanted, found):
        return KEEP
    if isinstance(base, NoBase):
        if same(wanted, None):
            return KEEP
        return Write(value=wanted) if same(found, None) else Disagree(reason="both filled it before we met")
    if same(found, base):
        return Write(value=wanted)
    return KEEP if same(wanted, base) else Disagree(reason="both changed it")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (128, 128.0, True),
        (True, 1, False),
        (False, 0, False),
        (True, True, True),
        (True, False, False),
        (False, None, True),
        (True, None, False),
        ("", None, True),
        ((), None, True),
        ((), "", True),
        (0, None, False),
        (0.0, None, False),
        (0, "", False),
        (0, (), False),
        ("1", 1, False),
        (("a", "b"), ("b", "a"), False),
        ("é", "e\u0301", False),
    ],
)
def test_which_values_are_one(one: FieldValue, other: FieldValue, *, expected: bool) -> None:
    """F28: an empty field and an unknown one are one; a measured zero and an unknown one are not."""
    assert same(one, other) is expected
    assert same(other, one) is expected


@settings(max_examples=80, deadline=None)
@given(one=VALUES, other=VALUES)
def test_being_one_is_mutual_and_reflexive(one: FieldValue, other: FieldValue) -> None:
    """I47: no answer depends on which side a value stands."""
    assert same(one, one)
    assert same(one, other) is same(other, one)


@settings(max_examples=80, deadline=None)
@given(owner=st.sampled_from([Owner.PERSON, Owner.SEED]), base=BASES, wanted=VALUES, found=VALUES)
def test_what_is_a_persons_is_never_written(owner: Owner, base: Base, wanted: FieldValue, found: FieldValue) -> None:
    """I24, I47: person fields never, and seed fields never after creation."""
    assert merge(owner, base, wanted, found) == Keep()


@settings(max_examples=100, deadline=None)
@given(base=BASES, wanted=VALUES, found=VALUES)
def test_what_providers_tell_fills_only_what_is_empty_and_only_once(
    base: Base, wanted: FieldValue, found: FieldValue
) -> None:
    """I24, I46, I47: no value of a person's is written over, and what a person emptied stays empty."""
    verdict = merge(Owner.TOLD, base, wanted, found)
    filled_before = not isinstance(base, NoBase) and not same(base, None)
    if filled_before or not same(found, None) or same(wanted, None):
        assert verdict == Keep()
    else:
        assert verdict == Write(value=wanted)


@settings(max_examples=80, deadline=None)
@given(base=BASES, wanted=VALUES, found=VALUES)
def test_what_is_ours_is_corrected_whoever_changed_it(base: Base, wanted: FieldValue, found: FieldValue) -> None:
    """I47: an engine field ends as wanted, is written only when it differs, and never asks a person."""
    verdict = merge(Owner.ENGINE, base, wanted, found)
    assert not isinstance(verdict, Disagree)
    ignorant = isinstance(base, NoBase) and wanted in (None, False, ())
    assert isinstance(verdict, Keep) is (ignorant or same(wanted, found))
    assert ignorant or same(after(verdict, found), wanted)


@given(found=VALUES, wanted=st.sampled_from([None, False, ()]))
def test_what_we_do_not_know_never_overwrites_what_was_there(found: FieldValue, wanted: FieldValue) -> None:
    """F10, F11: a field we never wrote keeps its value until we know one; once ours, it is cleared."""
    assert merge(Owner.ENGINE, NO_BASE, wanted, found) == Keep()
    assert merge(Owner.ENGINE, "x", None, "x") == Write(value=None)


@settings(max_examples=100, deadline=None)
@given(base=st.just(NO_BASE) | SCALARS, wanted=SCALARS, found=SCALARS)
def test_shared_scalars_follow_the_table(base: Base, wanted: FieldValue, found: FieldValue) -> None:
    """I47, design §8: W=F nothing, F=B write W, W=B keep F, all differ a person decides."""
    assert merge(Owner.SHARED, base, wanted, found) == by_the_table(base, wanted, found)


@pytest.mark.parametrize(
    ("base", "wanted", "found", "verdict"),
    [
        ("B", "X", "X", KEEP),
        ("B", "W", "B", Write(value="W")),
        ("B", "B", "F", KEEP),
        ("B", "W", "F", Disagree(reason="both changed it")),
        ("B", None, "B", Write(value=None)),
        ("B", "B", None, KEEP),
        ("B", "W", None, Disagree(reason="both changed it")),
        ("B", None, "F", Disagree(reason="both changed it")),
        (None, "W", None, Write(value="W")),
        (None, None, "F", KEEP),
        (None, "W", "F", Disagree(reason="both changed it")),
        (NO_BASE, "X", "X", KEEP),
        (NO_BASE, "W", None, Write(value="W")),
        (NO_BASE, "W", "", Write(value="W")),
        (NO_BASE, None, "F", KEEP),
        (NO_BASE, "W", "F", Disagree(reason="both filled it before we met")),
        (NO_BASE, 120, 0, Disagree(reason="both filled it before we met")),
    ],
)
def test_each_row_of_the_table(base: Base, wanted: FieldValue, found: FieldValue, verdict: Verdict) -> None:
    """F10, F11, I47: the table by example; what we do not know contradicts nobody."""
    assert merge(Owner.SHARED, base, wanted, found) == verdict


@settings(max_examples=100, deadline=None)
@given(owner=st.sampled_from(Owner), base=BASES, wanted=VALUES, found=VALUES)
def test_merging_again_over_its_own_result_keeps(
    owner: Owner, base: Base, wanted: FieldValue, found: FieldValue
) -> None:
    """I35, I47: the merge is idempotent, with the base it leaves and with the base it had."""
    verdict = merge(owner, base, wanted, found, vocabulary=VOCABULARY)
    if isinstance(verdict, Write):
        for held in (remembered(owner, base, found, verdict), base):
            assert merge(owner, held, wanted, verdict.value, vocabulary=VOCABULARY) == KEEP


@settings(max_examples=100, deadline=None)
@given(base=SETS, wanted=SETS, found=SETS, later=SETS)
def test_a_persons_elements_outlive_every_later_plan(
    base: tuple[str, ...], wanted: tuple[str, ...], found: tuple[str, ...], later: tuple[str, ...]
) -> None:
    """F11, I46: what stood there beside ours is not taken for ours by the base that a write leaves."""
    verdict = merge(Owner.SHARED, base, wanted, found)
    held = after(verdict, found)
    ours = remembered(Owner.SHARED, base, found, verdict) if isinstance(verdict, Write) else base
    end = after(merge(Owner.SHARED, ours, later, held), held)
    assert members(found) - members(base) <= members(end)
    assert members(later) - members(wanted) - members(base) <= members(end)
    assert not (members(wanted) - members(found) - members(base) - members(later)) & members(end)


def test_only_shared_sets_are_remembered_in_part() -> None:
    """I33: every other field is remembered as it was shown, and none that was not shown."""
    changes = (
        Change(field="tags", before=("mine",), after=("mine", "ours"), owner="shared"),
        Change(field="folders", before=None, after=("folder",), owner="shared"),
        Change(field="isrc", before="A", after="B", owner="shared"),
        Change(field="status", before=("mine",), after=("Private", "mine"), owner="status"),
    )
    held: Fields = {"tags": ("mine", "ours"), "isrc": "B", "status": ("Private", "mine")}
    assert to_remember({}, changes, held) == {**held, "tags": ("ours",)}


@settings(max_examples=100, deadline=None)
@given(owner=st.sampled_from(Owner), base=BASES, wanted=VALUES, found=VALUES)
def test_only_shared_scalars_are_ever_asked_about(
    owner: Owner, base: Base, wanted: FieldValue, found: FieldValue
) -> None:
    """I47: the merge is total, and a person is asked only when two scalars contradict each other."""
    verdict = merge(owner, base, wanted, found, vocabulary=VOCABULARY)
    if isinstance(verdict, Disagree):
        assert owner is Owner.SHARED
        assert not any(isinstance(value, tuple) for value in (base, wanted, found))
        assert not same(wanted, found)


@settings(max_examples=80, deadline=None)
@given(base=FROZEN_SETS, wanted=FROZEN_SETS, found=FROZEN_SETS)
def test_the_set_merge_is_the_same_from_both_sides(
    base: frozenset[str], wanted: frozenset[str], found: frozenset[str]
) -> None:
    """I47: whoever merges first, both sides come to the same set."""
    assert merged_set(base, wanted, found) == merged_set(base, found, wanted)


@settings(max_examples=80, deadline=None)
@given(base=FROZEN_SETS, wanted=FROZEN_SETS, found=FROZEN_SETS)
def test_a_set_merge_takes_every_change_and_makes_none_up(
    base: frozenset[str], wanted: frozenset[str], found: frozenset[str]
) -> None:
    """I46, I47: what either side added stays, what either side took away goes, the rest stays as it was."""
    result = merged_set(base, wanted, found)
    assert (wanted - base) | (found - base) <= result
    assert not (base - wanted) & result
    assert not (base - found) & result
    assert result <= wanted | found | base
    assert base & wanted & found <= result


@settings(max_examples=80, deadline=None)
@given(base=st.just(NO_BASE) | SETS, wanted=SETS, found=SETS)
def test_a_persons_element_is_never_lost(base: Base, wanted: FieldValue, found: FieldValue) -> None:
    """F11, I46: only what we once wrote and no longer want is taken out of a shared set."""
    held = members(after(merge(Owner.SHARED, base, wanted, found), found))
    assert members(found) - members(base) <= held
    assert members(wanted) - members(base) <= held
    assert members(found) - held == members(found) & members(base) - members(wanted)


@settings(max_examples=80, deadline=None)
@given(base=st.just(NO_BASE) | SETS, wanted=SETS | st.none(), found=SETS | st.none())
def test_written_sets_are_sorted_and_differ(base: Base, wanted: FieldValue, found: FieldValue) -> None:
    """I19, I22: an order alone is no change, and what is written has one order."""
    verdict = merge(Owner.SHARED, base, wanted, found)
    if isinstance(verdict, Write):
        assert isinstance(verdict.value, tuple)
        assert list(verdict.value) == sorted(verdict.value)
        assert members(verdict.value) != members(found)


@settings(max_examples=80, deadline=None)
@given(base=BASES, wanted=SETS, found=SETS | st.none())
def test_status_tags_never_touch_foreign_tags(base: Base, wanted: tuple[str, ...], found: FieldValue) -> None:
    """F11, F29: ours end exactly as wanted, a person's stay exactly as found."""
    ours = tuple(tag for tag in wanted if tag in VOCABULARY)
    held = members(after(merge(Owner.STATUS, base, ours, found, vocabulary=VOCABULARY), found))
    assert held & VOCABULARY == set(ours)
    assert held - VOCABULARY == members(found) - VOCABULARY
