"""`sync follow`: keep a playlist in step."""

from __future__ import annotations

from pathlib import Path

import click

from cli.command import declare_command, emit_decided
from cli.invocation import Invocation
from engine.domain.errors import UsageError

_PATTERN = "*?["


@declare_command("follow", "sync follow https://soundcloud.com/you/sets/crate")
@click.argument("url")
def command(invocation: Invocation, url: str, *, as_json: bool) -> None:
    """Keep the playlist at URL in step; a folder or a list file will do as well.

    URL is a link to SoundCloud (a set, a user's likes, tracks, reposts or sets, a track), Spotify or YouTube; or
    spotify:playlists, spotify:liked, spotify:playing; or a path: a folder, M3U, CSV, rekordbox or iTunes XML, a list
    of addresses, or a pattern in quotes.
    """
    from engine.workflows.decide import follow

    app = invocation.app()
    address = whole_address(url)
    source = next((each.name for each in app.sources if each.recognises(address)), None)
    if source == "file" and not _may_be_there(address):
        hint = "correct the path, or mount its volume first"
        raise UsageError(f"there is nothing at {Path(address).expanduser().absolute()}", hint=hint)
    settings = tuple(playlist.url for playlist in app.settings.playlists)
    emit_decided(follow(app.journal, app.sources, address, settings), as_json=as_json)


def whole_address(typed: str) -> str:
    """Give a path absolute, so that it means the same from every folder, and any other address as it is."""
    if not typed.strip():
        raise UsageError("an empty address leads nowhere", hint="`sync follow --help` says what can be followed")
    path = Path(typed).expanduser()
    if "://" in typed:
        return typed
    file = Path(typed.partition("#")[0]).expanduser()  # a playlist inside an XML file stands after it
    pattern = "*" in typed or "[" in typed
    return str(path.absolute()) if path.exists() or pattern or file.is_file() else typed


def _may_be_there(address: str) -> bool:
    """Say whether a path names something, or is a pattern or a `file:` address, which the next run looks into."""
    if ":" in address[:6] or any(sign in address for sign in _PATTERN):
        return True
    written = (address, address.partition("#")[0])
    return any(Path(each).expanduser().exists() for each in written)
