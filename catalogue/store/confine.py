"""Takes away from a SPARQL worker what it never needs: sockets, and memory beyond its budget (Linux).

A hostile query cannot then reach the network, whatever the engine would do, nor take the machine's memory. Asking for
a socket ends the process at once (SIGSYS): an error would be silent under `SERVICE SILENT`. On other systems the guard
and the kill at the deadline remain.
"""

from __future__ import annotations

import ctypes
import platform
import resource
import struct
import sys
from typing import Final

_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_SET_SECCOMP: Final = 22
_SECCOMP_MODE_FILTER: Final = 2
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | 1  # SECCOMP_RET_ERRNO with EPERM
_END: Final = 0x80000000  # SECCOMP_RET_KILL_PROCESS
_LOAD_WORD, _JUMP_EQUAL, _RETURN = 0x20, 0x15, 0x06  # classic BPF operations

# machine -> (AUDIT_ARCH value, what is done at a system call: socket, and io_uring_setup, which RocksDB may try)
_MACHINES: Final = {
    "x86_64": (0xC000003E, {41: _END, 425: _REFUSE}),
    "aarch64": (0xC00000B7, {198: _END, 425: _REFUSE}),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def limit_memory(size: int) -> None:
    """Cap the address space of this process at `size` bytes."""
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def drop_sockets() -> bool:
    """Forbid this process to open sockets, for good. Return whether the system could do it."""
    known = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    architecture, calls = known
    # The architecture first (a foreign one is refused whole), then each call by number.
    code = [(_LOAD_WORD, 0, 0, 4), (_JUMP_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _REFUSE), (_LOAD_WORD, 0, 0, 0)]
    for number, action in calls.items():
        code += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, action)]
    code.append((_RETURN, 0, 0, _ALLOW))
    packed = b"".join(struct.pack("HBBI", *instruction) for instruction in code)
    buffer = ctypes.create_string_buffer(packed, len(packed))
    program = _Program(len(code), ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)
