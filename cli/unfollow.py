"""`sync unfollow`: stop keeping a playlist in step."""

from __future__ import annotations

from cli.command import declare_command, emit_decided, thing_argument
from cli.invocation import Invocation


@declare_command("unfollow", "sync unfollow crate")
@thing_argument
def command(invocation: Invocation, thing: tuple[str, ...], *, as_json: bool) -> None:
    """Stop keeping a playlist in step. No file, page or item is removed by this."""
    from engine.workflows.decide import unfollow

    emit_decided(unfollow(invocation.app().journal, " ".join(thing)), as_json=as_json)
