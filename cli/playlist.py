"""`sync playlist`: one playlist in its order."""

from __future__ import annotations

import click

from cli.command import at_option, declare_command, emit_json, read_state, thing_argument
from cli.invocation import Invocation


@declare_command("playlist", "sync playlist crate")
@thing_argument
@at_option
def command(invocation: Invocation, thing: tuple[str, ...], at: str | None, *, as_json: bool) -> None:
    """Show one playlist entry by entry, repeats included."""
    from engine.workflows.playlists import READS, playlist

    found = playlist(read_state(invocation.app(), at, READS), " ".join(thing))
    if as_json:
        emit_json(found)
        return
    from cli.render.music import playlist_text

    click.echo(playlist_text(found))
