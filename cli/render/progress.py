"""Progress on stderr while a terminal looks; made only then, because rich takes its time to load."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from typing_extensions import override

from cli.render.table import clean
from engine import ports


class TerminalProgress(ports.Progress):
    """One bar for the stage at hand; lines that should stay go above it."""

    def __init__(self, *, colours: bool) -> None:
        self._console = Console(stderr=True, no_color=not colours, highlight=False)
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[label]}", markup=False),
            console=self._console,
            transient=True,
        )
        self._stages: list[TaskID] = []
        self._lock = threading.Lock()

    @override
    @contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[None]:
        with self._lock:
            if not self._stages:
                self._bars.start()
            self._stages.append(self._bars.add_task(name, total=total, label=""))
        try:
            yield
        finally:
            with self._lock:
                self._bars.remove_task(self._stages.pop())
                if not self._stages:
                    self._bars.stop()

    @override
    def advance(self, label: str) -> None:
        with self._lock:
            if self._stages:
                self._bars.update(self._stages[-1], advance=1, label=clean(label))

    @override
    def say(self, line: str) -> None:
        self._console.print(clean(line), markup=False)
