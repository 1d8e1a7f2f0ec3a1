"""How a command is declared: its example in `--help`, its `--json`, and the options that several share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.catalog import COMMANDS

if TYPE_CHECKING:
    from cli.invocation import Invocation
    from engine.ports import Journal
    from engine.projections.state import State

Function = TypeVar("Function", bound=Callable[..., Any])

pass_invocation = click.pass_obj


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


def read_state(invocation: Invocation, at: str | None, only: tuple[str, ...] = ()) -> State:
    """Give the state, now or as of `--at`."""
    return state_of(invocation.app().journal, at, only)


def state_of(journal: Journal, at: str | None, only: tuple[str, ...] = ()) -> State:
    """Give a journal's state, now or as of `--at`."""
    from engine.workflows.moment import seq_of  # noqa: PLC0415 - start-up budget

    return journal.state(at=None if at is None else seq_of(journal, at), only=only or None)


def emit_json(value: object) -> None:
    """Print a value as indented JSON with stable keys."""
    import msgspec  # noqa: PLC0415 - start-up budget

    click.echo(msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=2).decode())
