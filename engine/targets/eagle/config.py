"""What the Eagle target has to be told; filled in by the composition root."""

from __future__ import annotations

from dataclasses import dataclass, field

PAGE_SIZE_MAX = 1000  # things Eagle gives in one answer


@dataclass(frozen=True, slots=True, kw_only=True)
class EagleConfig:
    """Which Eagle, and which of its libraries.

    Attributes:
        token: needed when Eagle runs on another machine; sent to `base_url` only.
        library_path: the library that must be open; None takes whichever is.
    """

    base_url: str = "http://localhost:41595"
    token: str | None = field(default=None, repr=False)
    library_path: str | None = None
    page_size: int = PAGE_SIZE_MAX
    timeout_s: float = 15.0
