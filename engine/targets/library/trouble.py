"""What the filesystem's answers mean. Pure."""

from __future__ import annotations

import errno

from engine.domain.failure import FailureClass, Problem

_CLASSES = {
    errno.ENOSPC: (FailureClass.DISK_FULL, "free some space and run again"),
    errno.EDQUOT: (FailureClass.DISK_FULL, "free some space and run again"),
    errno.EACCES: (FailureClass.PERMISSION, "check who may write there"),
    errno.EPERM: (FailureClass.PERMISSION, "check who may write there"),
    errno.EROFS: (FailureClass.PERMISSION, "the volume is read-only"),
    errno.ESTALE: (FailureClass.ROOT_MISSING, "mount the volume again"),
    errno.ENODEV: (FailureClass.ROOT_MISSING, "mount the volume again"),
    errno.ENXIO: (FailureClass.ROOT_MISSING, "mount the volume again"),
}


def problem_of(error: OSError) -> Problem:
    """Give the problem an operating system error amounts to."""
    failure, hint = _CLASSES.get(error.errno or 0, (FailureClass.UNEXPECTED, ""))
    return Problem(failure=failure, detail=str(error), hint=hint)
