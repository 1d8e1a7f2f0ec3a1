"""A click group that knows its commands by name and imports one only when it is run."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import click

from cli.catalog import COMMANDS, GROUPS

if not TYPE_CHECKING:

    def override(method: object) -> object:
        """Mark nothing: importing the real one takes a fifth of the time that `sync --help` has."""
        return method

else:  # pragma: no cover - type checkers alone read this
    from typing_extensions import override


BY_NAME = {entry.name: entry for entry in COMMANDS}


class LazyGroup(click.Group):
    """The root command; its listing comes from the catalog."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [entry.name for entry in COMMANDS]

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = BY_NAME.get(cmd_name)
        if entry is None:
            return None
        command = importlib.import_module(entry.module).command
        if not isinstance(command, click.Command):
            raise TypeError(f"{entry.module}.command is not a command")
        return command

    @override
    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in BY_NAME and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], BY_NAME, n=1)
            also = f" Did you mean `{near[0]}`?" if near else ""
            raise click.UsageError(f"there is no command `{args[0]}`.{also}", ctx)
        return super().resolve_command(ctx, args)

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for group in GROUPS:
            with formatter.section(group):
                formatter.write_dl([(entry.name, entry.summary) for entry in COMMANDS if entry.group == group])
