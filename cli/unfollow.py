"""`sync unfollow`: stop keeping a playlist in step."""

from __future__ import annotations

from cli.command import declare_command, emit_decided, thing_argument
from cli.follow import whole_address
from cli.invocation import Invocation


@declare_command("unfollow", "sync unfollow crate")
@thing_argument
def command(invocation: Invocation, thing: tuple[str, ...], *, as_json: bool) -> None:
    """Stop keeping a playlist in step. No file, page or item is removed by this.

    With an address that stands for several playlists goes what it alone brought; what you followed by itself stays.
    """
    from engine.workflows.decide import known_playlist, unfollow

    app, typed = invocation.app(), " ".join(thing)
    journal = app.journal
    settings = tuple(playlist.url for playlist in app.settings.playlists)
    written = whole_address(typed)  # a path is followed in full, from whichever folder it was typed
    meant = written if written in settings or known_playlist(journal, written) else typed
    emit_decided(unfollow(journal, meant, app.sources, settings), as_json=as_json)
