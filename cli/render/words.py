"""Times, lengths and sizes as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime


def moment(time_us: int | None) -> str:
    """Give a time in the machine's zone, to the second."""
    if not time_us:
        return ""
    return datetime.fromtimestamp(time_us / 1_000_000, tz=UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def day(time_us: int) -> str:
    """Give a day in the machine's zone."""
    return moment(time_us)[:10]


def span(time_us: float) -> str:
    """Give how long something lasts, roughly: 2.6 days, 40 minutes."""
    for unit, size_us in (("day", 86_400_000_000), ("hour", 3_600_000_000), ("minute", 60_000_000)):
        if time_us >= size_us:
            count = f"{time_us / size_us:.1f}".removesuffix(".0")
            return f"{count} {unit}" + ("" if count == "1" else "s")
    return "less than a minute"


def length(duration_ms: int | None) -> str:
    """Give a duration as m:ss or h:mm:ss."""
    if duration_ms is None:
        return ""
    minutes, seconds = divmod(round(duration_ms / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def size(size_bytes: int) -> str:
    """Give a size in decimal units."""
    amount = float(size_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:  # noqa: PLR2004 - the step between decimal units
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def many(count: int, one: str, several: str = "") -> str:
    """Give a count with its noun in the right number."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def tally(counts: Mapping[str, int]) -> str:
    """Give counts as one reads them aloud; what there is none of is not told."""
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items() if count)
