"""`sync unfollow`: stop keeping a playlist in step."""

from __future__ import annotations

from cli.command import declare_command, emit_decided, thing_argument
from cli.follow import whole_address
from cli.invocation import Invocation


@declare_command("unfollow", "sync unfollow crate")
@thing_argument
def command(invocation: Invocation, thing: tuple[str, ...], *, as_json: bool) -> None:
    """Stop keeping a playlist in step. No file, page or item is removed by this."""
    from engine.workflows.decide import known_playlist, unfollow

    journal, typed = invocation.app().journal, " ".join(thing)
    written = whole_address(typed)  # a path is followed in full, from whichever folder it was typed
    meant = written if known_playlist(journal, written) else typed
    emit_decided(unfollow(journal, meant), as_json=as_json)
