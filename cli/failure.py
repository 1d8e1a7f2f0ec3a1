"""Turns what stopped the program into `error:` and `hint:` lines on stderr and an exit code."""

from __future__ import annotations

import os
import sys

import click

INTERRUPTED = 130
UNEXPECTED = 1
USAGE = 2


def exit_code_of(error: BaseException) -> int:
    """Say on stderr what happened and give the exit code; a fault of our own shows its trace under `-v`."""
    match error:
        case click.exceptions.Exit():
            return error.exit_code
        case click.ClickException():
            return _usage(error)
        case KeyboardInterrupt() | click.Abort():
            _say("interrupted", "run the same command again: it takes up where this one stopped")
            return INTERRUPTED
        case BrokenPipeError():
            os.dup2(
                os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
            )  # the reader left; the flush at exit must not
            return 0
        case SystemExit():
            return error.code if isinstance(error.code, int) else UNEXPECTED
        case _:
            return _fault(error)


def _usage(error: click.ClickException) -> int:
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "sync"
    _say(error.format_message(), f"`{path} --help` shows how")
    return error.exit_code


def _fault(error: BaseException) -> int:
    from engine.domain.errors import EngineError

    if isinstance(error, EngineError):
        _say(error.detail, error.hint)
        return int(error.exit_code)
    from cli.diagnostics import trace

    _say(f"unexpected {type(error).__name__}: {trace(error)}", "run it again with -v and report what it says")
    return UNEXPECTED


def _say(message: str, hint: str) -> None:
    click.echo(f"error: {message}", err=True)
    if hint:
        click.echo(f"hint: {hint}", err=True)
