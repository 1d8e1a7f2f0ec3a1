"""A better file takes a worse one's place (I56, F21, P20): verified first, under the same stem, the old one trashed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from engine.domain.crash import CrashPoint
from engine.domain.events import RenditionVerified
from engine.domain.failure import FailureClass, Problem
from engine.domain.outcomes import Absent, Deferred, Done, Outcome, Present, Refused, Unclear
from engine.domain.plan import Action
from engine.domain.recording_events import Audio
from engine.domain.value import FieldValue
from engine.ports import AudioOrder, StagedFile
from engine.targets.library.target import LibraryTarget
from tests.library.library_world import OTHER, RECORDING, SUFFIX_OF, JsonMedia, clip, fetch, new_library

OLD = "Artist/Title.mp3"


class _CrashError(Exception):
    """The process died here."""


def _audio(tone: str) -> Audio:
    """What a tone such as "mp3 128" or "flac" is."""
    codec, _, kbps = tone.partition(" ")
    lossless = not kbps
    rate_bps = None if lossless else int(kbps) * 1000
    return Audio(
        format=codec, codec=codec, duration_ms=2000, sample_rate_hz=44_100, bit_depth=16 if lossless else None,
        channels=2, bitrate_bps=rate_bps, lossless=lossless, lossy_origin=not lossless,
    )  # fmt: skip


@dataclass
class GradedMedia(JsonMedia):
    """Media tools whose files differ in quality: their sound names it."""

    tone: str = "mp3 320"

    @override
    def inspect(self, path: Path) -> Audio | Problem:
        heard = super().inspect(path)
        if isinstance(heard, Problem):
            return heard
        return _audio(path.read_text().split('"sound": "')[1].split('"')[0])

    @override
    def _staged(self, order: AudioOrder, profile: str, workspace: Path) -> StagedFile:
        suffix = self.original_suffix if profile == "original" else SUFFIX_OF[profile]
        path = workspace / f"{profile}{suffix}"
        path.write_bytes(clip(order.recording_id, profile, self.tone))
        return StagedFile(
            profile=profile,
            path=path,
            size_bytes=path.stat().st_size,
            file_sha256=_sha(path),
            audio=_audio(self.tone),
        )


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _standing(folder: Path, tone: str = "mp3 128", path: str = OLD, profile: str = "original") -> bytes:
    """Let a file of ours stand; gives its bytes."""
    real = folder / "Music" / path
    real.parent.mkdir(parents=True, exist_ok=True)
    real.write_bytes(clip(RECORDING, profile, tone))
    return real.read_bytes()


def _upgrade(folder: Path, path: str = OLD, **fields: FieldValue) -> Action:
    """Build the fetch that replaces what stands at a path now."""
    said = {"profiles": ("original",), "replaces": path, "replaced_sha256": _sha(folder / "Music" / path), **fields}
    return fetch("Artist/Title", recording=RECORDING, **said)


def _files(folder: Path) -> dict[str, bytes]:
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {path: real.read_bytes() for path, real in found.items() if "/." not in f"/{path}"}


def _in_trash(folder: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "manifest.jsonl")


def _done(outcome: Outcome) -> RenditionVerified:
    assert isinstance(outcome, Done), outcome
    (fact,) = outcome.facts
    assert isinstance(fact, RenditionVerified)
    return fact


@pytest.mark.parametrize("suffix", [".mp3", ".m4a"])
def test_a_better_file_takes_the_place_under_the_same_stem(tmp_path: Path, suffix: str) -> None:
    """P20, I45: cue points and playlists keep their name, the old file is in the trash, the fact is of the new."""
    target = new_library(tmp_path, GradedMedia(original_suffix=suffix))
    old = _standing(tmp_path)
    order = _upgrade(tmp_path)
    assert target.probe(order) == Absent()
    outcome = target.send(order)
    fact = _done(outcome)
    assert (fact.path, fact.audio.bitrate_bps) == (f"Artist/Title{suffix}", 320_000)
    new = clip(RECORDING, "original", "mp3 320")
    assert _files(tmp_path / "Music") == {f"Artist/Title{suffix}": new}
    assert (_in_trash(tmp_path / "trash"), fact.file_sha256) == ([old], hashlib.sha256(new).hexdigest())
    assert isinstance(outcome, Done)
    assert not {"replaces", "replaced_sha256"} & set(outcome.held)
    probe = target.probe(order)
    assert isinstance(probe, Present)
    assert probe.facts == outcome.facts
    assert target.send(order) == outcome
    assert target.requests() == {"soundcloud": 1}


@pytest.mark.parametrize(("there", "fetched"), [("mp3 320", "mp3 128"), ("flac", "mp3 320"), ("mp3 320", "mp3 319")])
def test_a_worse_file_changes_nothing_and_an_equal_one_may(tmp_path: Path, there: str, fetched: str) -> None:
    """I56, F21: refused with the reason in words, the old file untouched, nothing left in staging."""
    target = new_library(tmp_path, GradedMedia(tone=fetched))
    _standing(tmp_path, there)
    before = _files(tmp_path)
    outcome = target.send(_upgrade(tmp_path))
    if fetched == "mp3 319":
        assert isinstance(outcome, Done)
        return
    assert isinstance(outcome, Refused)
    assert outcome.problem.failure is FailureClass.INVALID_REQUEST
    assert "it is better than what was fetched: it is" in outcome.problem.detail
    assert _files(tmp_path) == before
    assert target.probe(_upgrade(tmp_path)) == Absent()


def test_a_converted_file_alone_tells_nothing_of_its_origin(tmp_path: Path) -> None:
    """F21: two AIFFs of lossy origin look alike, whatever each was made from; without the originals none is better."""
    target = new_library(tmp_path, GradedMedia(tone="mp3 128"))
    _standing(tmp_path, "mp3 320", "Artist/Title.aiff", "aiff")
    before = _files(tmp_path)
    outcome = target.send(_upgrade(tmp_path, "Artist/Title.aiff", profiles=("aiff",)))
    assert isinstance(outcome, Refused)
    assert "neither file tells" in outcome.problem.detail
    assert _files(tmp_path) == before
    better = new_library(tmp_path, GradedMedia(tone="flac"))
    _done(better.send(_upgrade(tmp_path, "Artist/Title.aiff", profiles=("aiff",))))


def test_a_damaged_file_is_replaced_by_any_whole_one(tmp_path: Path) -> None:
    """I54: what does not decode to its end has no quality; trouble of this machine decides nothing."""

    @dataclass
    class Picky(GradedMedia):
        failure: FailureClass = FailureClass.VERIFY_FAILED

        @override
        def inspect(self, path: Path) -> Audio | Problem:
            if path.name == "Title.mp3":
                return Problem(failure=self.failure, detail="cannot be decoded", hint="look at it")
            return super().inspect(path)

    old = _standing(tmp_path)
    stopped = new_library(tmp_path, Picky(original_suffix=".m4a", failure=FailureClass.TOOL_MISSING))
    assert isinstance(stopped.send(_upgrade(tmp_path)), Refused)
    assert _in_trash(tmp_path / "trash") == []
    _done(new_library(tmp_path, Picky(original_suffix=".m4a", tone="mp3 64")).send(_upgrade(tmp_path)))
    assert _in_trash(tmp_path / "trash") == [old]


def test_a_source_that_fails_leaves_everything_as_it_is(tmp_path: Path) -> None:
    """I56: the old file goes only for one that is there; a passing failure is tried again."""
    _standing(tmp_path)
    before = _files(tmp_path)
    refusal = Problem(failure=FailureClass.NETWORK, detail="cut off")
    assert isinstance(new_library(tmp_path, GradedMedia(refusal=refusal)).send(_upgrade(tmp_path)), Deferred)
    assert _files(tmp_path) == before


def test_the_very_same_file_replaces_nothing(tmp_path: Path) -> None:
    """I56: fetching what is there already moves no file."""
    _standing(tmp_path, "mp3 320")
    before = _files(tmp_path)
    outcome = new_library(tmp_path, GradedMedia()).send(_upgrade(tmp_path))
    assert isinstance(outcome, Refused)
    assert "very same" in outcome.problem.detail
    assert _files(tmp_path) == before


def test_what_is_not_the_file_that_was_planned_for_is_not_replaced(tmp_path: Path) -> None:
    """I34: gone, changed, another recording's, another profile's: refused before anything is fetched."""
    media = GradedMedia()
    target = new_library(tmp_path, media)
    _standing(tmp_path)
    _standing(tmp_path, path="Artist/Title.aiff", profile="aiff")
    _standing(tmp_path, path="Artist/Twin.mp3")
    foreign = tmp_path / "Music/Artist/Foreign.mp3"
    foreign.write_bytes(clip(OTHER, "original"))
    before = _files(tmp_path)
    for order in (
        _upgrade(tmp_path, replaced_sha256="0" * 64),
        _upgrade(tmp_path, replaces="Artist/Gone.mp3"),
        _upgrade(tmp_path, replaced_sha256=None),
        _upgrade(tmp_path, path="Artist/Foreign.mp3"),
        _upgrade(tmp_path, path="Artist/Title.aiff"),
        _upgrade(tmp_path, replaces=(OLD, "Artist/Twin.mp3")),
    ):
        outcome = target.send(order)
        assert isinstance(outcome, Refused)
        assert target.probe(order) == Absent()
    assert (_files(tmp_path), media.orders) == (before, [])
    assert isinstance(target.probe(fetch(path="../x", replaces=OLD)), Unclear)


def test_every_form_of_a_recording_is_replaced_at_once(tmp_path: Path) -> None:
    """I22: one action, one download; each file is compared with its own predecessor, and one worse stops them all."""
    media = GradedMedia(original_suffix=".m4a", tone="flac")
    target = new_library(tmp_path, media)
    old = _standing(tmp_path)
    made = _standing(tmp_path, path="Artist/Title [aiff].aiff", profile="aiff")
    order = _upgrade(
        tmp_path,
        profiles=("original", "aiff"),
        replaces=("Artist/Title [aiff].aiff", OLD),
        replaced_sha256=tuple(sorted(hashlib.sha256(content).hexdigest() for content in (old, made))),
    )
    outcome = target.send(order)
    assert isinstance(outcome, Done)
    assert [fact.path for fact in outcome.facts if isinstance(fact, RenditionVerified)] == [
        "Artist/Title.m4a", "Artist/Title [aiff].aiff",
    ]  # fmt: skip
    assert _in_trash(tmp_path / "trash") == sorted([old, made])
    assert len(media.orders) == 1


def test_a_form_that_is_missing_is_made_beside_the_replaced_one(tmp_path: Path) -> None:
    """P20: what is not replaced goes where a fetch puts it; a name somebody has is left to him."""
    target = new_library(tmp_path, GradedMedia(original_suffix=".m4a"))
    _standing(tmp_path)
    theirs = tmp_path / "Music/Artist/Title.m4a"
    theirs.write_bytes(b"theirs")
    order = _upgrade(tmp_path, profiles=("original", "aiff"))
    outcome = target.send(order)
    assert isinstance(outcome, Done)
    assert sorted(_files(tmp_path / "Music")) == [
        "Artist/Title [aaaaaa].m4a", "Artist/Title.aiff", "Artist/Title.m4a",
    ]  # fmt: skip
    assert theirs.read_bytes() == b"theirs"
    assert isinstance(target.probe(order), Present)


def test_a_file_that_changes_while_its_replacement_is_made_stays(tmp_path: Path) -> None:
    """I34: a person retags the old file during the download; what he made of it is not moved away."""

    @dataclass
    class Slow(GradedMedia):
        @override
        def _staged(self, order: AudioOrder, profile: str, workspace: Path) -> StagedFile:
            (tmp_path / "Music" / OLD).write_bytes(clip(RECORDING, "original", "mp3 128", note="cues"))
            return super()._staged(order, profile, workspace)

    _standing(tmp_path)
    outcome = new_library(tmp_path, Slow()).send(_upgrade(tmp_path))
    assert isinstance(outcome, Refused)
    assert outcome.problem.failure is FailureClass.NOT_FOUND
    assert _files(tmp_path / "Music") == {OLD: clip(RECORDING, "original", "mp3 128", note="cues")}


def test_a_stray_copy_is_not_taken_for_the_replacement(tmp_path: Path) -> None:
    """F21: another file with our tags beside the old one is not what was fetched."""
    media = GradedMedia()
    target = new_library(tmp_path, media)
    _standing(tmp_path)
    stray = _standing(tmp_path, "mp3 192", "Artist/Title (1).mp3")
    _done(target.send(_upgrade(tmp_path)))
    assert _files(tmp_path / "Music") == {
        OLD: clip(RECORDING, "original", "mp3 320"), "Artist/Title (1).mp3": stray,
    }  # fmt: skip


def _crashing(folder: Path, suffix: str, death: int) -> LibraryTarget:
    left = [death]

    def die(_: CrashPoint) -> None:
        left[0] -= 1
        if not left[0]:
            raise _CrashError

    return new_library(folder, GradedMedia(original_suffix=suffix), reached=die)


@settings(max_examples=40, deadline=None)
@given(suffix=st.sampled_from([".mp3", ".m4a"]), deaths=st.lists(st.integers(1, 5), max_size=3))
def test_a_replacement_that_died_anywhere_ends_the_same(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, deaths: list[int]
) -> None:
    """I36, I45: a whole file stands at every moment, nothing is lost, and the end is that of one try."""
    folder = tmp_path_factory.mktemp("swap")
    old, new = _standing(folder), clip(RECORDING, "original", "mp3 320")
    order = _upgrade(folder)
    for death in deaths:
        try:
            _crashing(folder, suffix, death).send(order)
        except _CrashError:
            standing = set(_files(folder / "Music").values())
            assert standing & {old, new}
            assert old in standing | set(_in_trash(folder / "trash"))
    target = new_library(folder, GradedMedia(original_suffix=suffix))
    _done(target.send(order))
    assert isinstance(target.probe(order), Present)
    assert _files(folder / "Music") == {f"Artist/Title{suffix}": new}
    assert _in_trash(folder / "trash") == [old]


def test_a_replacement_that_was_taken_away_is_made_again(tmp_path: Path) -> None:
    """I36: the old file is in the trash and the new one gone: it is fetched anew into the same place."""
    target = new_library(tmp_path, GradedMedia())
    _standing(tmp_path)
    order = _upgrade(tmp_path)
    _done(target.send(order))
    (tmp_path / "Music" / OLD).unlink()
    assert target.probe(order) == Absent()
    assert _done(target.send(order)).path == OLD
