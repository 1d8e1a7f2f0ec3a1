"""Every command shows how it is used."""

from __future__ import annotations

import importlib
from collections.abc import Callable

import click
import pytest
from click.testing import Result

from cli.catalog import COMMANDS, GROUPS, Entry


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_a_command_has_an_example_and_json(entry: Entry) -> None:
    """`--help` shows an example, `--json` is everywhere, and the catalog says what the command says."""
    command = importlib.import_module(entry.module).command
    assert isinstance(command, click.Command)
    assert command.name == entry.name
    assert command.short_help == entry.summary
    assert command.epilog
    assert command.epilog.startswith("Example: sync ")
    assert any("--json" in parameter.opts for parameter in command.params)
    assert entry.group in GROUPS


def test_the_root_lists_every_command(sync: Callable[..., Result]) -> None:
    """`sync --help` names every command in its group."""
    shown = sync("--help").output
    assert all(f"  {entry.name} " in shown for entry in COMMANDS)
    assert shown.count("Example:") == 1


def test_a_mistyped_command_hints_at_the_nearest(sync: Callable[..., Result]) -> None:
    """Click owns exit code 2; the nearest command is named."""
    result = sync("sttus")
    assert result.exit_code == 2
    assert "Did you mean `status`?" in result.output
    assert sync("zzz").exit_code == 2
    assert sync("status", "--nonsense").exit_code == 2
