"""Status tags: computed whole from what is known now, so that they are cleared as surely as they are set (F29)."""

from __future__ import annotations

import itertools

import pytest

from engine.domain.failure import Availability, FailureClass
from engine.domain.resolution_events import Found
from engine.projections.rows import ActionState
from engine.reconciler.catalogue import Piece
from engine.reconciler.status_tags import (
    ANALYSED,
    CONVERTED,
    IMPORTED,
    LOUDNESS,
    MIX,
    NOT_FOUND,
    PROCESSED,
    VOCABULARY,
    status_tags,
)
from tests.reconciler.pieces import attempt, piece, rendition, sighting

STAGES = {ANALYSED, LOUDNESS, CONVERTED, IMPORTED, PROCESSED}
FILES = (rendition("aiff", fingerprint="AQ", loudness_lufs=-9.5), rendition("original"))


def tags(
    subject: Piece, *, wanted_profiles: int = 2, eagle_used: bool = True, searched: Found | None = None
) -> set[str]:
    """Give a piece's tags as a set."""
    return set(status_tags(subject, wanted_profiles=wanted_profiles, eagle_used=eagle_used, searched=searched))


def test_every_tag_is_in_the_closed_vocabulary_and_sorted() -> None:
    """F29, F54: no tag outside the vocabulary is ever computed; else nothing would clear it."""
    rows = [None, *(attempt(state, failure) for state in ActionState for failure in FailureClass)]
    for availability, row, files, in_eagle in itertools.product(Availability, rows, [(), FILES], [True, False]):
        subject = piece(sighting(availability=availability), renditions=files, fetch=row, eagle=row, in_eagle=in_eagle)
        computed = status_tags(subject, wanted_profiles=2, eagle_used=True)
        assert set(computed) <= VOCABULARY
        assert list(computed) == sorted(set(computed))


def test_a_piece_without_files_has_no_stage_behind_it() -> None:
    """F23, F35: complete is derived from verified files, never from an attempt."""
    for state in ActionState:
        assert not tags(piece(fetch=attempt(state), in_eagle=True)) & STAGES


@pytest.mark.parametrize(
    ("availability", "tag"),
    [
        (Availability.GONE, "SC_404"),
        (Availability.GEO_BLOCKED, "SC_Geo_Blocked"),
        (Availability.DRM_PROTECTED, "DRM_Protected"),
        (Availability.PREVIEW_ONLY, "Preview_Only"),
        (Availability.PRIVATE, "Private"),
    ],
)
def test_each_unavailability_has_its_own_tag_until_a_file_is_there(availability: Availability, tag: str) -> None:
    """F29, P12: told apart while there is no file, gone once there is one."""
    failed = attempt(ActionState.REFUSED, FailureClass.VERIFY_FAILED)
    assert tags(piece(sighting(availability=availability), fetch=failed)) == {tag}
    assert tag not in tags(piece(sighting(availability=availability), renditions=FILES))


def test_a_search_in_vain_is_told_and_nothing_before_it() -> None:
    """F41: what names a song and gives no audio has not failed; nowhere is known only once all were asked."""
    nameless = piece(sighting(availability=Availability.METADATA_ONLY), fetch=attempt(ActionState.REFUSED))
    assert tags(nameless) == set()
    assert tags(nameless, searched=Found.ASKED) == set()
    assert tags(nameless, searched=Found.NONE) == {NOT_FOUND}
    assert tags(piece(sighting(availability=Availability.AVAILABLE)), searched=Found.NONE) == set()


def test_a_mix_without_audio_waits_for_a_person() -> None:
    """F75: by length and phrase; a song of such a length is none, and a mix that can be fetched is fetched."""

    def hour(availability: Availability) -> Piece:
        return piece(sighting(availability=availability, duration_ms=3_600_000, title="Guest Mix 2024"))

    assert tags(hour(Availability.METADATA_ONLY)) == {MIX}
    assert tags(hour(Availability.GONE)) == {MIX, "SC_404"}
    assert tags(hour(Availability.AVAILABLE)) == set()
    short = piece(sighting(availability=Availability.METADATA_ONLY, duration_ms=200_000, title="Guest Mix 2024"))
    assert tags(short) == set()


@pytest.mark.parametrize("availability", [Availability.AVAILABLE, Availability.UNKNOWN])
def test_what_nobody_tried_has_no_tag(availability: Availability) -> None:
    """F28: unknown is not a failure."""
    assert tags(piece(sighting(availability=availability))) == set()


@pytest.mark.parametrize(
    ("failure", "tag"),
    [
        (FailureClass.CONVERT_FAILED, "Conversion_Failed"),
        (FailureClass.UNEXPECTED, "Unknown_Error"),
        (FailureClass.VERIFY_FAILED, "Download_Failed"),
        (FailureClass.TIMEOUT, "Download_Failed"),
    ],
)
@pytest.mark.parametrize("state", [ActionState.REFUSED, ActionState.DEFERRED, ActionState.UNKNOWN])
def test_a_failed_fetch_says_what_failed(state: ActionState, failure: FailureClass, tag: str) -> None:
    """F8: outcomes are typed, and the row says which."""
    assert tags(piece(fetch=attempt(state, failure))) == {tag}
    assert tag not in tags(piece(fetch=attempt(state, failure), renditions=FILES))


@pytest.mark.parametrize("state", [ActionState.PLANNED, ActionState.CLAIMED, ActionState.INTENDED, ActionState.ABSENT])
def test_a_fetch_under_way_has_failed_nothing(state: ActionState) -> None:
    """F29: a tag of an earlier failure goes when the next attempt begins."""
    assert tags(piece(fetch=attempt(state))) == set()


def test_stages_are_told_from_what_was_measured() -> None:
    """F28, F35: no fingerprint, no analysis; no loudness, no measurement; one format short, no conversion."""
    assert tags(piece(renditions=(rendition("original"),))) == set()
    assert tags(piece(renditions=(rendition("original", fingerprint="AQ"),))) == {ANALYSED}
    assert tags(piece(renditions=(rendition("original", loudness_lufs=0.0),))) == {LOUDNESS}
    assert tags(piece(renditions=(rendition("original"), rendition("aiff")))) == {CONVERTED}
    assert tags(piece(renditions=FILES, in_eagle=True)) == STAGES


def test_complete_waits_for_eagle_only_where_eagle_is_used() -> None:
    """F24: complete means every target in use shows it."""
    assert PROCESSED not in tags(piece(renditions=FILES))
    assert PROCESSED in tags(piece(renditions=FILES), eagle_used=False)
    assert PROCESSED in tags(piece(renditions=FILES, in_eagle=True))
    assert PROCESSED not in tags(piece(renditions=FILES[:1], in_eagle=True))


def test_a_failed_import_is_told_until_the_item_is_there() -> None:
    """F29, F50: set while it failed, cleared when Eagle holds it."""
    failed = attempt(ActionState.REFUSED)
    assert "Eagle_Import_Failed" in tags(piece(renditions=FILES, eagle=failed))
    assert "Eagle_Import_Failed" not in tags(piece(renditions=FILES, eagle=failed, in_eagle=True))
    assert "Eagle_Import_Failed" not in tags(piece(renditions=FILES, eagle=attempt(ActionState.DONE)))
