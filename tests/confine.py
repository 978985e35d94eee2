"""Run a command in a place where system calls are refused, as a container's filter does.

    python tests/confine.py unshare,setns,clone,clone3 pytest --target=reference

clone is refused with EPERM where it asks for a namespace, clone3, whose flags a filter cannot
see, with ENOSYS, as Docker's default filter does.  The word `capabilities` among the calls takes
every capability from the command, root's too.  x86-64.
"""

import ctypes
import os
import struct
import sys

_NUMBERS = {"unshare": 272, "setns": 308, "clone": 56, "clone3": 435, "mount": 165, "ptrace": 101}
_EPERM, _ENOSYS, _ALLOW = 0x50001, 0x50026, 0x7FFF0000
_NAMESPACES = 0x7E020000  # every CLONE_NEW* but CLONE_NEWTIME, which clone(2) does not take
_LOAD, _EQUAL, _SET, _RETURN = 0x20, 0x15, 0x45, 0x06


def program(names):
    """Return the BPF instructions that refuse these system calls (seccomp(2))."""
    made = [(_LOAD, 0, 0, 0)]
    for name in names:
        if name == "clone":
            made += [(_EQUAL, 0, 4, _NUMBERS[name]), (_LOAD, 0, 0, 16), (_SET, 0, 1, _NAMESPACES)]
            made += [(_RETURN, 0, 0, _EPERM), (_LOAD, 0, 0, 0)]
        else:
            made.append((_EQUAL, 0, 1, _NUMBERS[name]))
            made.append((_RETURN, 0, 0, _ENOSYS if name == "clone3" else _EPERM))
    return [*made, (_RETURN, 0, 0, _ALLOW)]


def confine(names):
    """Install the filter in this process for good.  Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    if "capabilities" in names:
        names = [name for name in names if name != "capabilities"]
        drop_capabilities(libc)
    instructions = program(names)
    packed = b"".join(struct.pack("=HBBI", *one) for one in instructions)
    code = ctypes.create_string_buffer(packed)
    head = struct.pack("@HP", len(instructions), ctypes.addressof(code))
    zero = ctypes.c_ulong(0)
    for option, value, pointer in ((38, 1, zero), (22, 2, head)):  # no_new_privs, then the filter
        if libc.prctl(option, ctypes.c_ulong(value), pointer, zero, zero):
            raise OSError(ctypes.get_errno(), f"prctl {option}")


def drop_capabilities(libc):
    """Leave this process none that it could have after its next execve(2) (capabilities(7))."""
    number, zero = 0, ctypes.c_ulong(0)
    while libc.prctl(24, ctypes.c_ulong(number), zero, zero, zero) == 0:  # PR_CAPBSET_DROP
        number += 1


if __name__ == "__main__":
    confine(sys.argv[1].split(","))
    os.execvp(sys.argv[2], sys.argv[2:])
