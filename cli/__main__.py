"""`python -m cli`: the same program for whoever has another `sync` on the path."""

from __future__ import annotations

from cli.main import main

if __name__ == "__main__":
    main()
