"""Groups: pairwise complete, the same whatever the order, and honest about what was cut."""

from __future__ import annotations

from itertools import combinations, pairwise, product
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from engine.matching.grouping import Contradiction, Grouping, Pair, cliques

NODES = tuple("abcdefgh")
PAIRS = st.sampled_from(list(combinations(NODES, 2)))
ACCEPTED = st.dictionaries(PAIRS, st.sampled_from([0.25, 0.5, 1.0]))
REJECTED = st.frozensets(PAIRS, max_size=6)


def agreed(pair: Pair, accepted: dict[Pair, float], rejected: frozenset[Pair]) -> bool:
    """Say whether two things agree, whichever is named first."""
    a, b = sorted(pair)
    return (a, b) in accepted and (a, b) not in rejected


@given(ACCEPTED, REJECTED)
def test_every_thing_is_in_exactly_one_group(accepted: dict[Pair, float], rejected: frozenset[Pair]) -> None:
    """A grouping is a partition: nothing is lost and nothing is counted twice."""
    grouping = cliques(NODES, accepted, rejected)
    assert sorted(node for group in grouping.groups for node in group) == list(NODES)


@given(ACCEPTED, REJECTED)
def test_every_member_of_a_group_agrees_with_every_other(
    accepted: dict[Pair, float], rejected: frozenset[Pair]
) -> None:
    """F1: a group is pairwise complete, never the closure of a chain."""
    for group in cliques(NODES, accepted, rejected).groups:
        assert all(agreed(pair, accepted, rejected) for pair in combinations(group, 2))


@given(ACCEPTED, REJECTED)
def test_no_two_groups_could_be_one(accepted: dict[Pair, float], rejected: frozenset[Pair]) -> None:
    """Nothing is cut without need: between any two groups some pair does not agree."""
    for one, other in combinations(cliques(NODES, accepted, rejected).groups, 2):
        assert not all(agreed(pair, accepted, rejected) for pair in product(one, other))


@given(ACCEPTED, REJECTED)
def test_every_agreement_is_inside_a_group_or_shown_as_cut(
    accepted: dict[Pair, float], rejected: frozenset[Pair]
) -> None:
    """A contradiction names the two things, and two members of their groups that do not agree."""
    grouping = cliques(NODES, accepted, rejected)
    group_of = {node: group for group in grouping.groups for node in group}
    cut = {(found.a, found.b): found for found in grouping.contradictions}
    assert set(cut) == {pair for pair in accepted if group_of[pair[0]] != group_of[pair[1]]}
    for found in cut.values():
        assert found.via[0] in group_of[found.a]
        assert found.via[1] in group_of[found.b]
        assert not agreed(found.via, accepted, rejected)
        a, b = sorted(found.via)
        assert found.rejected == ((a, b) in rejected)


@given(ACCEPTED, REJECTED, st.randoms(use_true_random=False))
def test_order_does_not_matter(accepted: dict[Pair, float], rejected: frozenset[Pair], chance: Random) -> None:
    """The same facts in any order, with the sides of pairs swapped, give the same groups and contradictions."""
    nodes, entries, apart = list(NODES), list(accepted.items()), list(rejected)
    for each in (nodes, entries, apart):
        chance.shuffle(each)
    swapped = {(b, a): strength for (a, b), strength in entries}
    again = cliques([*nodes, *nodes], swapped, [(b, a) for a, b in apart])
    assert again == cliques(NODES, accepted, rejected)


@given(st.sets(st.sampled_from(NODES[:4]), min_size=1), st.sets(st.sampled_from(NODES[4:]), min_size=1))
def test_complete_components_come_whole(ours: set[str], theirs: set[str]) -> None:
    """Two sets of things that all agree among themselves are two groups, and nothing is cut."""
    accepted = {pair: 1.0 for side in (ours, theirs) for pair in combinations(sorted(side), 2)}
    grouping = cliques(ours | theirs, accepted)
    assert grouping == Grouping(groups=tuple(sorted((tuple(sorted(ours)), tuple(sorted(theirs))))), contradictions=())


def test_a_chain_is_cut_at_its_weakest_link() -> None:
    """F1: a–b–c with a and c judged two recordings is two groups; the cut says which two keep them apart."""
    grouping = cliques("abc", {("a", "b"): 0.8, ("b", "c"): 0.9}, [("a", "c")])
    assert grouping.groups == (("a",), ("b", "c"))
    assert grouping.contradictions == (Contradiction(a="a", b="b", via=("a", "c"), rejected=True),)


def test_a_larger_group_is_kept_before_a_pendant_of_the_same_strength() -> None:
    """Of equal agreements those with most others beside them hold: x, first by name order or not, is what is cut."""
    full = dict.fromkeys(combinations("bcde", 2), 1.0)
    grouping = cliques("abcde", {("a", "b"): 1.0, **full})
    assert grouping.groups == (("a",), ("b", "c", "d", "e"))


def test_a_rejection_outweighs_an_acceptance_of_the_same_pair() -> None:
    """What was judged both ways is apart, and shown."""
    grouping = cliques("ab", {("b", "a"): 1.0}, [("a", "b")])
    assert grouping.groups == (("a",), ("b",))
    assert grouping.contradictions == (Contradiction(a="a", b="b", via=("a", "b"), rejected=True),)


def test_a_pair_given_twice_counts_with_its_greater_strength() -> None:
    """(a, b) and (b, a) are one agreement; a thing agrees with itself without saying so."""
    accepted = {("a", "b"): 0.1, ("b", "a"): 0.9, ("b", "c"): 0.5, ("a", "a"): 1.0}
    assert cliques("abc", accepted).groups == (("a", "b"), ("c",))


def test_fifty_songs_of_one_artist_stay_fifty() -> None:
    """F2: a shared artist joins nothing; one chain of wrong agreements through all of them makes pairs at most."""
    songs = [f"song {number:02}" for number in range(50)]
    chain = dict.fromkeys(pairwise(songs), 0.75)
    assert max(len(group) for group in cliques(songs, chain).groups) == 2


def test_five_hundred_copies_are_one_group() -> None:
    """A full clique comes whole however large it is."""
    copies = [f"copy {number:03}" for number in range(500)]
    assert len(cliques(copies, dict.fromkeys(combinations(copies, 2), 1.0)).groups) == 1
