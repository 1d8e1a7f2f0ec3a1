"""`sync resolve`: a person decides a conflict."""

from __future__ import annotations

import click

from cli.command import declare_command, emit_decided
from cli.invocation import Invocation


@declare_command("resolve", "sync resolve 4fz7q theirs")
@click.argument("conflict")
@click.argument("choice", type=click.Choice(("ours", "theirs")))
def command(invocation: Invocation, conflict: str, choice: str, *, as_json: bool) -> None:
    """Decide CONFLICT: `ours` writes Cratelog's value, `theirs` takes what is there. The next run acts on it."""
    from engine.workflows.conflicts import resolve

    emit_decided(resolve(invocation.app().journal, conflict, choice), as_json=as_json)
