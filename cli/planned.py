"""How `plan` and `reconcile --dry-run` show a plan: objects by name, what waits in groups."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.command import emit_json

if TYPE_CHECKING:
    from engine.domain.plan import Plan
    from engine.wiring.app import App
    from engine.workflows.report import Trouble

NAMED_BY = ("sightings", "recordings", "playlists")


def show_plan(
    app: App,
    plan: Plan,
    *,
    as_json: bool,
    whole: bool,
    out: Path | None = None,
    troubles: tuple[Trouble, ...] | None = None,
) -> None:
    """Print a plan; `troubles` is what could not be looked at for it, None when nobody looked."""
    if as_json:
        looked = {} if troubles is None else {"troubles": troubles}
        emit_json({"digest": plan.digest, "plan": plan, **looked})
        return
    from cli.render.plan import plan_text
    from cli.render.report import troubles_text
    from engine.workflows.lookup import thing_label

    if troubles:
        click.echo(f"could not be looked at:\n{troubles_text(troubles)}\n")
    state = app.journal.state(only=NAMED_BY)
    click.echo(plan_text(plan, str(out) if out else None, lambda key: thing_label(state, key), whole=whole))
