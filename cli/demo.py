"""`sync demo`: the main job for real, offline, on stand-ins; then a workspace to explore."""

from __future__ import annotations

import shlex
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.called import program
from cli.command import declare_command, emit_json
from cli.invocation import Invocation
from cli.render.words import many

if TYPE_CHECKING:
    from engine.demo.stage import Stage

WAIT_S = 0.5


@declare_command("demo", "sync demo ~/cratelog-demo")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option("--serve", is_flag=True, help="Serve the stand-ins of a demo made before, until Ctrl-C.")
def command(invocation: Invocation, folder: Path | None, *, serve: bool, as_json: bool) -> None:
    """Run the main job for real, offline.

    Stand-ins for SoundCloud, Spotify, Notion and Eagle listen on loopback; real yt-dlp downloads a set through them,
    what a Spotify playlist names is looked for, files are verified, converted, tagged and placed, rows and items are
    made. Then everything is run again (nothing to do) and replayed from the journal. Nothing outside FOLDER is
    touched, no setting of yours is read.
    """
    from engine.demo.stage import opened, prepare

    settings = invocation.settings()
    place = (folder or settings.home / "demo").expanduser().absolute()
    if serve:
        _serve(place)
        return
    begun_s = time.monotonic()
    prepare(place)
    with opened(place) as stage:
        shown = Show(stage, quiet=as_json)
        shown.play()
        if as_json:
            emit_json({"folder": str(place), "seconds": round(time.monotonic() - begun_s, 1), "steps": shown.steps})
        else:
            _explain(place, time.monotonic() - begun_s)
    if shown.failed:
        raise SystemExit(1)


class Show:
    """The demo as it is told: the program is run as a person would run it, in processes of its own."""

    def __init__(self, stage: Stage, *, quiet: bool) -> None:
        self._stage = stage
        self._quiet = quiet
        self.steps: list[dict[str, object]] = []
        self.failed = False

    def play(self) -> None:
        """Run the whole demo."""
        from engine.demo.stage import SET_URL, SPOTIFY_URL

        self._say("On SoundCloud: the set “Night Drive”, 10 entries – one listed twice, one blocked here, one gone,")
        self._say("one under DRM, one only a preview. In Notion: a row of yours for one of its tracks, tagged SC_404.")
        self._say(
            "On Spotify: “Late Ferry”, 4 tracks, which is names and lengths only – two of them are in the set, one"
        )
        self._say("is elsewhere on SoundCloud beside a slowed copy, of one there is only a VIP mix.")
        self._run("init", "--playlist", SET_URL, "--playlist", SPOTIFY_URL)
        self._run("reconcile")
        self._say("Once more: nothing has changed, so nothing may be written.")
        writes = self._run("reconcile")
        self._check("the second run wrote nothing", not writes)
        self._say("And the journal alone, folded again from its first event, must come to the same state.")
        self._run("replay")
        self._run("verify")

    def _run(self, *words: str) -> int:
        """Run one command and give how many writes the stand-ins saw."""
        self._say(click.style(f"$ sync {' '.join(words)}", bold=True), gap=True)
        mark = self._stage.mark()
        call = [sys.executable, "-m", "cli", "--home", str(self._stage.home), *words]
        sys.stdout.flush()
        ended = subprocess.run(  # noqa: S603 - our own program
            call, check=False, env=_environment(self._stage), capture_output=self._quiet
        )
        seen = {name: counts for name, counts in self._stage.since(mark).items() if counts[0]}
        if seen:
            told = ", ".join(
                f"{name} saw {many(total, 'request')}, {many(writes, 'write')}"
                for name, (total, writes) in seen.items()
            )
            self._say(f"[the stand-ins' own books: {told}]")
        self._check(f"`sync {words[0]}` ended with 0", ended.returncode == 0)
        step = {"command": list(words), "exit_code": ended.returncode, "seen": seen}
        self.steps.append(step)
        return sum(writes for _, writes in seen.values())

    def _check(self, what: str, held: bool) -> None:  # noqa: FBT001 - a verdict
        if not held:
            self.failed = True
            click.secho(f"NOT SO: {what}", fg="red", err=True)

    def _say(self, text: str, *, gap: bool = False) -> None:
        if not self._quiet:
            click.echo(f"\n{text}" if gap else text)


def _environment(stage: Stage) -> Mapping[str, str]:
    """Give this process's environment without anything that could point the program at the real world."""
    from engine.demo.stage import environment
    from engine.settings.load import surroundings

    return {**surroundings(), **environment(stage)}


def _explain(place: Path, took_s: float) -> None:
    called, home = program(), place / "home"
    click.echo(f"\nDone in {took_s:.0f} s. The workspace stays at {place}. Explore it:")
    for words, text in (
        ("status", "where everything stands"),
        ("why 'Gravel Road'", "the whole story of one track"),
        ("tracks", "the recordings and what became of them"),
        ("sql failures_by_class", "ask the journal; --list shows the questions"),
    ):
        click.echo(f"  {called} --home {shlex.quote(str(home))} {words:<24} {text}")
    click.echo(f"  ls -R {shlex.quote(str(home / 'library'))}")
    again = f"{called} demo --serve {shlex.quote(str(place))}"
    click.echo(f"  {again}   serves the stand-ins again, so that `reconcile` can be run again")


def _serve(place: Path) -> None:
    from engine.demo.stage import opened

    with opened(place) as stage:
        click.echo(f"SoundCloud (proxy) {stage.soundcloud.url}, Spotify {stage.spotify.url}")
        click.echo(f"Notion {stage.notion.url}, Eagle {stage.eagle.url}")
        home = shlex.quote(str(stage.home))
        click.echo(f"now, elsewhere: {program()} --home {home} reconcile      Ctrl-C ends this")
        while True:
            time.sleep(WAIT_S)
