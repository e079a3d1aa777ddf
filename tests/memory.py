"""Where the many short-lived databases of tests lie: in memory, where there is enough of it.

Nothing of a test has to outlive it, but SQLite waits for the disk at each commit, and a PostgreSQL database is hundreds
of files that come and go: ext4 looks long for a place for new files while others were deleted in the last seconds, half
a second for a database instead of three hundredths.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

#: Bytes that must be free; a run needs a tenth of it, since each database goes with its test.
_NEEDED = 4 * 1024**3


def folder() -> str | None:
    """A folder in memory that everybody may enter, or None, which stands for the usual place."""
    memory = Path("/dev/shm")  # noqa: S108 (callers make private folders in it)
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= _NEEDED:
        return str(memory)
    return None
