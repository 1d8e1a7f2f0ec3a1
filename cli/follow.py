"""`sync follow`: keep a playlist in step."""

from __future__ import annotations

import click

from cli.command import declare_command, emit_decided
from cli.invocation import Invocation


@declare_command("follow", "sync follow https://soundcloud.com/you/sets/crate")
@click.argument("url")
def command(invocation: Invocation, url: str, *, as_json: bool) -> None:
    """Keep the playlist at URL in step; a folder or an M3U8 file will do as well."""
    from engine.workflows.decide import follow

    emit_decided(follow(invocation.app().journal, url), as_json=as_json)
