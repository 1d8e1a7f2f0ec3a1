"""`sync dismiss`: throw a recording away for good."""

from __future__ import annotations

import click

from cli.command import declare_command, emit_decided, thing_argument
from cli.invocation import Invocation


@declare_command("dismiss", 'sync dismiss "Roygbiv" --reason "wrong take"')
@thing_argument
@click.option("--reason", default="not wanted", show_default=True, help="For whoever asks later.")
def command(invocation: Invocation, thing: tuple[str, ...], reason: str, *, as_json: bool) -> None:
    """Throw a recording away: it is not fetched again until `sync refetch`."""
    from engine.workflows.decide import dismiss

    emit_decided(dismiss(invocation.app().journal, " ".join(thing), reason), as_json=as_json)
