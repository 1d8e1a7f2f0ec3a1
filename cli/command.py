"""How a command is declared: its example in `--help`, its `--json`, and the options that several share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.catalog import COMMANDS

if TYPE_CHECKING:
    from engine.projections.state import State
    from engine.wiring.app import App
    from engine.workflows.decide import Decided

Function = TypeVar("Function", bound=Callable[..., Any])


def declare_command(name: str, example: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a click command of a function: `--json` added, the invocation handed in first, an example in its help."""
    summary = next(entry.summary for entry in COMMANDS if entry.name == name)

    def declare(function: Callable[..., Any]) -> click.Command:
        as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON (docs/json.md).")
        make = click.command(name, short_help=summary, epilog=f"Example: {example}")
        return make(as_json(click.pass_obj(function)))

    return declare


def at_option(function: Function) -> Function:
    """Add `--at SEQ|TIME`: the answer as the program would have given it then."""
    text = "Answer as of a journal position or an ISO time."
    return click.option("--at", metavar="SEQ|TIME", help=text)(function)


def thing_argument(function: Function) -> Function:
    """Add the THING argument: several words are one name."""
    return click.argument("thing", nargs=-1, required=True)(function)


def read_state(app: App, at: str | None, only: tuple[str, ...] = ()) -> State:
    """Give the state, now or as of `--at`; `only` names the projections wanted, all when empty."""
    from engine.workflows.moment import seq_of

    seq = None if at is None else seq_of(app.journal, at)
    return app.journal.state(at=seq, only=only or None)


def emit_json(value: object) -> None:
    """Print a value as indented JSON with stable keys."""
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=2).decode())


def emit_decided(decided: Decided, *, as_json: bool) -> None:
    """Say what a person decided, and what it takes to see it done."""
    if as_json:
        emit_json(decided)
        return
    from cli.render.decisions import decided_text

    click.echo(decided_text(decided))
