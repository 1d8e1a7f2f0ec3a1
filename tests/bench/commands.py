"""G10 and G11: what a person waits for at the prompt."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.settings.home import HOME_VARIABLE, JOURNAL_NAME
from tests.bench.crate import crate_copy
from tests.bench.measured import Bench, Row, Side, best_of, environment, seconds
from tests.bench.peers import NotMeasuredError, program

BEETS_CONFIG = "directory: {folder}/beets-music\nlibrary: {folder}/beets.db\nplugins: []\n"
FILL_BEETS = """
import sys
from beets.library import Item, Library
library = Library(sys.argv[1])
with library.transaction():
    for number in range(int(sys.argv[2])):
        library.add(Item(title=f"Title {number}", artist="Artist", album="Album", path=f"/music/{number}.mp3".encode()))
"""


def run(bench: Bench, wanted: frozenset[str]) -> Iterator[Row]:
    """Give the rows of G10 and G11, those that are wanted."""
    if "G10" in wanted:
        yield from _starts(bench)
    if "G11" in wanted:
        yield _status(bench)


def _starts(bench: Bench) -> Iterator[Row]:
    peer, why = _peer(bench, "yt-dlp", "--version")
    sides = {"--help": _command(_ours(), "--help"), "--version": _command(_ours(), "--version")}
    sides["python"] = _command((sys.executable,), "-c", "import click")
    best = best_of(2 * bench.scale.rounds, {**sides, **peer})
    for option in ("--help", "--version"):
        yield _row("G10", f"`sync {option}`", best, option, "`yt-dlp --version`", 0.5, best["python"], why)


def _status(bench: Bench) -> Row:
    home = bench.folder / "status-home"
    crate_copy(bench.folder, bench.scale.recordings_status, home / JOURNAL_NAME)
    (home / "cratelog.toml").write_text("", encoding="utf-8")
    environ = {HOME_VARIABLE: str(home)}
    beets = bench.folder / "beets"
    beets.mkdir(exist_ok=True)
    (beets / "config.yaml").write_text(BEETS_CONFIG.format(folder=beets), encoding="utf-8")
    peer, why = _peer(bench, "beet", "ls", environ={"BEETSDIR": str(beets)}, prepare=lambda: _fill(bench, beets))
    best = best_of(2 * bench.scale.rounds, {"status": _command(_ours(), "status", environ=environ), **peer})
    tracks = bench.scale.tracks_beets
    what = f"`sync status`, {bench.scale.recordings_status:,} recordings"
    return _row("G11", what, best, "status", f"`beet ls` of {tracks}", 1.0, None, why)


def _row(
    name: str, what: str, best: Mapping[str, float], side: str, against: str, goal: float, limit: float | None, why: str
) -> Row:
    theirs = best.get("peer")
    return Row(
        id=name,
        what=what,
        unit="ms",
        ours=best[side] * 1e3,
        against=against,
        theirs=None if theirs is None else theirs * 1e3,
        ratio=None if theirs is None else best[side] / theirs,
        goal=goal,
        at_most=True,
        limit=None if limit is None else limit * 1e3,
        why=why,
    )


def _ours() -> tuple[str, ...]:
    found = shutil.which("sync", path=str(Path(sys.executable).parent))
    return (found,) if found else (sys.executable, "-m", "cli")


def _command(command: tuple[str, ...], *arguments: str, environ: Mapping[str, str] | None = None) -> Side:
    whole = environment(**(environ or {}))

    def side() -> float:
        return seconds(lambda: subprocess.run([*command, *arguments], env=whole, check=True, stdout=subprocess.DEVNULL))

    return side


def _peer(
    bench: Bench,
    name: str,
    *arguments: str,
    environ: Mapping[str, str] | None = None,
    prepare: Side | None = None,
) -> tuple[dict[str, Side], str]:
    """Give a peer's side, or none and the reason."""
    try:
        found = program(bench, name)
        if prepare is not None:
            prepare()
        side = _command((str(found),), *arguments, environ=environ)
        side()
    except (NotMeasuredError, subprocess.CalledProcessError) as error:
        return {}, f"not measured: {error}"
    return {"peer": side}, ""


def _fill(bench: Bench, folder: Path) -> float:
    command = [str(bench.peers), "-c", FILL_BEETS, str(folder / "beets.db"), str(bench.scale.tracks_beets)]
    environ = environment(BEETSDIR=str(folder))
    return seconds(lambda: subprocess.run(command, check=True, env=environ, stdout=subprocess.DEVNULL))
