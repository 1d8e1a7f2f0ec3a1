"""`sync choose`: say where a recording's audio is."""

from __future__ import annotations

import click

from cli.command import declare_command, emit_decided
from cli.follow import whole_address
from cli.invocation import Invocation


@declare_command("choose", 'sync choose "Ada - First Light" https://soundcloud.com/ada/first-light')
@click.argument("track", metavar="TRACK")
@click.argument("url")
def command(invocation: Invocation, track: str, url: str, *, as_json: bool) -> None:
    """Take the audio of TRACK from URL, the address of one track or a file; no search and no rule decides it again.

    The next run fetches it. `sync undo` with the number that is shown takes it back.
    """
    from engine.workflows.choose import choose

    emit_decided(choose(invocation.app().world(), track, whole_address(url)), as_json=as_json)
