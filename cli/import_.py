"""`sync import`: a journal from JSON Lines."""

from __future__ import annotations

from pathlib import Path

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation


@declare_command("import", "sync --home ~/second-crate import crate.jsonl")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def command(invocation: Invocation, file: Path, *, as_json: bool) -> None:
    """Fill the empty journal of a home from FILE; every event keeps its hash."""
    from engine.wiring.keeping import import_

    settings = invocation.settings()
    with file.open("rb") as lines:
        head = import_(settings, lines)
    if as_json:
        emit_json({"events": head.seq, "hash": head.hash})
        return
    click.echo(f"imported {head.seq:,} events into {settings.home}")
