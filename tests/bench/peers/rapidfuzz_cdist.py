"""rapidfuzz's whole matrix: TITLES FOUND SCORER ROUNDS; prints the fewest processor seconds of each of two workers.

TITLES is JSON: our titles, theirs, and the true pairs of places; those that score enough are written to FOUND.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process, utils

WORKERS = 2
CUTOFF = 75  # the ratio at which 7,374 files were once called duplicates


def main(titles: str, found: str, scorer: str, rounds: str) -> None:
    """Compare all with all, keep the best round."""
    ours, theirs, true = json.loads(Path(titles).read_text(encoding="utf-8"))
    ours, theirs = ([utils.default_process(title) for title in side] for side in (ours, theirs))
    best_s = float("inf")
    for _ in range(int(rounds)):
        begun_s = time.process_time()
        matrix = process.cdist(
            ours, theirs, scorer=getattr(fuzz, scorer), score_cutoff=CUTOFF, workers=WORKERS, dtype=np.uint8
        )
        best_s = min(best_s, (time.process_time() - begun_s) / WORKERS)
    Path(found).write_text(json.dumps([pair for pair in true if matrix[pair[0], pair[1]]]), encoding="utf-8")
    sys.stdout.write(f"{best_s}\n")


main(*sys.argv[1:])
