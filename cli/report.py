"""`sync report`: a run's report, made from the journal."""

from __future__ import annotations

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation


@declare_command("report", "sync report")
@click.argument("run_id", metavar="[ID]", required=False)
def command(invocation: Invocation, run_id: str | None, *, as_json: bool) -> None:
    """Show the report of the run ID, or of the last one."""
    from engine.workflows.report import report

    found = report(invocation.app().journal, run_id)
    if as_json:
        emit_json(found)
        return
    from cli.render.report import report_text

    click.echo(report_text(found))
