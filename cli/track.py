"""`sync track`: one recording."""

from __future__ import annotations

import click

from cli.command import at_option, declare_command, emit_json, read_state, thing_argument
from cli.invocation import Invocation


@declare_command("track", 'sync track "Roygbiv"')
@thing_argument
@at_option
def command(invocation: Invocation, thing: tuple[str, ...], at: str | None, *, as_json: bool) -> None:
    """Show one recording: its sightings, files, playlists, places and actions."""
    from engine.workflows.tracks import track

    found = track(read_state(invocation.app(), at), " ".join(thing))
    if as_json:
        emit_json(found)
        return
    from cli.render.music import track_text

    click.echo(track_text(found))
