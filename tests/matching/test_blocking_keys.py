"""Keys of things: what real and generated pairs of one recording are found by."""

from __future__ import annotations

from engine.matching.blocking import Keys, pairs_between, pairs_within
from engine.matching.keys import keys_of
from engine.matching.things import Thing
from tests.scorecard.crates import crate, true_pairs
from tests.scorecard.names import judged_pairs
from tests.scorecard.traps import TRAPS, traps
from tests.scorecard.traps_pair import TWO_RECORDINGS, LabelledPair

RECALL_MIN = 0.995


def keys(title: str, artist: str | None = None) -> Keys:
    """Give what a name is found by."""
    return keys_of(Thing(key="", title=title, artist=artist))


def meets(pair: LabelledPair) -> bool:
    """Say whether a pair is worth comparing when nothing else is there."""
    return bool(list(pairs_between([keys(pair.a, pair.artist_a)], [keys(pair.b, pair.artist_b)])))


def test_every_judged_pair_of_one_recording_meets() -> None:
    """F20: nothing that people judged to be one recording, or could not judge, is lost before it is compared."""
    assert [pair for pair in judged_pairs() if pair.verdict not in TWO_RECORDINGS and not meets(pair)] == []


def test_nearly_every_generated_pair_of_one_recording_meets() -> None:
    """The blocks' recall over every trap but transliterations, of which there are several schools."""
    traps_of_one = (pair for pair in traps(3, 12 * len(TRAPS)) if pair.verdict not in TWO_RECORDINGS)
    pairs = [pair for pair in traps_of_one if pair.trap != "transliterated"]
    missed = [pair for pair in pairs if not meets(pair)]
    assert len(missed) <= (1 - RECALL_MIN) * len(pairs), missed


def test_nearly_every_true_duplicate_of_a_crate_meets() -> None:
    """The blocks' recall where names stand among others that are like them."""
    items = crate(4, 3_000)
    places = {item.key: place for place, item in enumerate(items)}
    met = set(pairs_within([keys(item.title, item.artist) for item in items]))
    true = {(min(places[a], places[b]), max(places[a], places[b])) for a, b in true_pairs(items)}
    assert len(true & met) >= RECALL_MIN * len(true)


def test_a_name_meets_its_transliteration() -> None:
    """Words are found by their Latin letters, whatever script they are in."""
    assert keys("Кино - Группа крови") == keys("Kino - Gruppa krovi")


def test_every_id_is_a_key() -> None:
    """Things of one source id, ISRC or hash meet whatever their names say; signs in words do not count."""
    thing = Thing(key="", title="A$AP Rocky - !!!", ids=("youtube:1",), isrcs=("US1",), content_hashes=("pcm:2",))
    found = keys_of(thing)
    assert found.exact == {"youtube:1", "US1", "pcm:2"}
    assert {"aap", "rocky"} <= found.words
    assert "" not in found.words
