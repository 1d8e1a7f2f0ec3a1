"""`sync refetch`: ask for a recording or a playlist again."""

from __future__ import annotations

from cli.command import declare_command, emit_decided, thing_argument
from cli.invocation import Invocation


@declare_command("refetch", 'sync refetch "Roygbiv"')
@thing_argument
def command(invocation: Invocation, thing: tuple[str, ...], *, as_json: bool) -> None:
    """Ask for a recording or a playlist again, whatever was refused, removed or dismissed before.

    For a playlist: its file, its row and its folder come back where somebody removed them.
    """
    from engine.workflows.decide import refetch

    emit_decided(refetch(invocation.app().journal, " ".join(thing)), as_json=as_json)
