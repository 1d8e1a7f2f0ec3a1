"""`sync playlists`: the playlists."""

from __future__ import annotations

import click

from cli.command import at_option, declare_command, emit_json, read_state
from cli.invocation import Invocation


@declare_command("playlists", "sync playlists --all")
@click.option("--all", "everything", is_flag=True, help="Also those that are not kept in step any more.")
@at_option
def command(invocation: Invocation, at: str | None, *, everything: bool, as_json: bool) -> None:
    """List the playlists that are kept in step."""
    from engine.workflows.playlists import READS, playlists

    rows = playlists(read_state(invocation.app(), at, READS), everything=everything)
    if as_json:
        emit_json({"playlists": rows})
        return
    from cli.render.music import playlists_text

    click.echo(playlists_text(rows))
