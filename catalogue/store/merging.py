"""The engine's merging of files, behind everything else that wants the processor.

Each bulk load adds a file to every index of the engine, and two files of an index are enough for RocksDB to merge it
with all it has: while much is loaded, more than half of the processor time goes into merging the same statements again
and again. The fewer merges, the more files each takes in. So the threads that merge have a low priority: where
processors are busy they mostly wait, and where they are not nobody minds. Not the lowest: the engine holds a flush
until no index has more than twenty files, which on a machine busy with other work took 40 s at the lowest.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

_TASKS: Final = Path("/proc/self/task")
_NAME: Final = "rocksdb:low\n"  # the threads that merge; those that write what is in memory are called rocksdb:high
_LOW: Final = 5  # as `nice` counts: 19 is the lowest


def let_merging_wait() -> None:
    """Give the threads of this process that merge files a low priority. Only Linux has one for each thread.

    To be called after a load: they begin with the first merge, and stay.
    """
    if sys.platform != "linux":
        return
    for task in _TASKS.iterdir():
        with suppress(OSError):  # a thread that has ended meanwhile, or a container without /proc
            if (task / "comm").read_text("utf-8") == _NAME:
                os.setpriority(os.PRIO_PROCESS, int(task.name), _LOW)
