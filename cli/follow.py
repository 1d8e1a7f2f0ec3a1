"""`sync follow`: keep a playlist in step."""

from __future__ import annotations

from pathlib import Path

import click

from cli.command import declare_command, emit_decided
from cli.invocation import Invocation


@declare_command("follow", "sync follow https://soundcloud.com/you/sets/crate")
@click.argument("url")
def command(invocation: Invocation, url: str, *, as_json: bool) -> None:
    """Keep the playlist at URL in step; a folder or a list file will do as well."""
    from engine.workflows.decide import follow

    app = invocation.app()
    emit_decided(follow(app.journal, app.sources, whole_address(url)), as_json=as_json)


def whole_address(typed: str) -> str:
    """Give a path absolute, so that it means the same from every folder, and any other address as it is."""
    path = Path(typed).expanduser()
    if "://" in typed:
        return typed
    file = Path(typed.partition("#")[0]).expanduser()  # a playlist inside an XML file stands after it
    pattern = "*" in typed or "[" in typed
    return str(path.absolute()) if path.exists() or pattern or file.is_file() else typed
