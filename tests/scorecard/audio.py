"""`python -m tests.scorecard.audio`: what the sound alone tells, on real music and everything done to it.

The music and all fingerprints stay in the workspace, so that a second run only compares. Nothing here fails on a
number: the bars are held by who reads the table, and by the tests of the thresholds.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import combinations
from pathlib import Path

from engine.matching.audio import audio_verdict
from engine.matching.fingerprint import WORD_S
from engine.matching.overlap import compare
from tests.scorecard.audio_music import MusicMissingError, fetch
from tests.scorecard.audio_prints import LENGTH_S_MIN, ORIGINAL, WITHOUT, Prints, ffmpeg_program, prints_of
from tests.scorecard.audio_table import AudioScore, Heard, Row, row_of, table
from tests.scorecard.audio_transformations import TRANSFORMATIONS, Truth

ROOT = Path(__file__).parents[2]
WORKSPACE = ROOT / "var" / "scorecard"
DOCUMENT = ROOT / "docs" / "scorecard-audio.md"

PIECES_CHANGED = 24
OTHER_PIECES = "another piece of music"
TWO_COPIES = "two of the encodings above, each against the other"

_PROCESSES = 2
_LAST_WORD_S = 2.6
_ENCODED = tuple(each.name for each in TRANSFORMATIONS if each.encoding)
_TRUTHS = {
    **dict.fromkeys(_ENCODED, Truth.SAME),
    TWO_COPIES: Truth.SAME,
    **{each.name: each.truth for each in TRANSFORMATIONS if not each.encoding},
    WITHOUT: Truth.OTHER,
}


def measure_audio(workspace: Path, *, pieces: int = PIECES_CHANGED) -> AudioScore:
    """Give the scorecard of the sound, fetching the music when it is not in the workspace yet.

    Raises:
        MusicMissingError: the music or an ffmpeg cannot be had here.
    """
    prints = sorted(_prints(workspace, pieces), key=lambda each: each.name)
    with ProcessPoolExecutor(_PROCESSES) as processes:
        changed = [heard for found in processes.map(_changed, prints) for heard in found]
        originals = [(each.name, each.words[ORIGINAL]) for each in prints]
        others = list(processes.map(_unrelated, combinations(originals, 2), chunksize=64))
    rows = tuple(_rows([*changed, *others]))
    return AudioScore(pieces=len(prints), changed=sum(len(each.words) > 2 for each in prints), rows=rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table, and write it down where asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.scorecard.audio", description=main.__doc__)
    parser.add_argument("--workspace", type=Path, default=WORKSPACE, help="where music and fingerprints are kept")
    parser.add_argument("--pieces", type=int, default=PIECES_CHANGED, help="how many pieces are transformed")
    parser.add_argument("--docs", action="store_true", help=f"write {DOCUMENT.relative_to(ROOT)}")
    options = parser.parse_args(arguments)
    try:
        score = measure_audio(options.workspace, pieces=options.pieces)
    except MusicMissingError as missing:
        sys.stderr.write(f"audio not measured: {missing}\n")
        return
    text = table(score)
    sys.stdout.write(text)
    if options.docs:
        DOCUMENT.write_text(text, encoding="utf-8")


def _prints(workspace: Path, pieces: int) -> Iterator[Prints]:
    """Fingerprint every piece, and so many of them, spread over all, in every transformation too."""
    ffmpeg = ffmpeg_program()
    found = fetch(workspace / "music")
    chosen = {place * len(found) // pieces for place in range(pieces)}
    kept = workspace / "prints"

    def made(place: int) -> Prints | None:
        sys.stderr.write(f"\r{place + 1} of {len(found)} pieces")
        return prints_of(ffmpeg, found[place], found[place - 1] if place in chosen else None, kept)

    with ThreadPoolExecutor(_PROCESSES) as threads:
        for prints in threads.map(made, range(len(found))):
            if prints is not None and _lasts(prints.words[ORIGINAL]) >= LENGTH_S_MIN * 1000:
                yield prints
    sys.stderr.write("\n")


def _changed(prints: Prints) -> list[Heard]:
    """Compare a piece with what was made of it, and what was made of it with each other, as two sources have it."""
    original, made = prints.words[ORIGINAL], prints.words
    found = [_heard(what, prints.name, original, words) for what, words in made.items() if what != ORIGINAL]
    for one, other in combinations([name for name in _ENCODED if name in made], 2):
        found.append(_heard(TWO_COPIES, f"{prints.name}, {one} and {other}", made[one], made[other]))
    return found


def _unrelated(pair: tuple[tuple[str, tuple[int, ...]], tuple[str, tuple[int, ...]]]) -> Heard:
    (name, words), (other, other_words) = pair
    return _heard(OTHER_PIECES, f"{name} and {other}", words, other_words)


def _heard(what: str, piece: str, a: tuple[int, ...], b: tuple[int, ...]) -> Heard:
    overlap = compare(a, b)
    return Heard(what=what, piece=piece, overlap=overlap, verdict=audio_verdict(overlap, _lasts(a), _lasts(b)))


def _lasts(words: tuple[int, ...]) -> int:
    return round((len(words) * WORD_S + _LAST_WORD_S) * 1000)


def _rows(found: list[Heard]) -> Iterator[Row]:
    for what in dict.fromkeys([*_TRUTHS, OTHER_PIECES]):
        heard = [each for each in found if each.what == what]
        if heard:
            yield row_of(what, _TRUTHS.get(what, Truth.OTHER), heard)


if __name__ == "__main__":
    main()
