"""Has a seccomp filter of its own, as of many sandboxed daemons: it may neither exec nor trace."""

import ctypes
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


def install_filter():
    """ptrace(2) and execve(2) answer EPERM (seccomp(2)); x86-64 and aarch64."""
    refused = {"x86_64": (101, 59), "aarch64": (117, 221)}[os.uname().machine]
    program = [(0x20, 0, 0, 0)]
    program += [(0x15, len(refused) - at, 0, number) for at, number in enumerate(refused)]
    program += [(0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x50001)]
    packed = b"".join(struct.pack("=HBBI", *one) for one in program)
    code = ctypes.create_string_buffer(packed)
    head = struct.pack("@HP", len(program), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    zero = ctypes.c_ulong(0)
    for option, value, pointer in ((38, 1, zero), (22, 2, head)):  # no_new_privs, the filter
        if libc.prctl(option, ctypes.c_ulong(value), pointer, zero, zero):
            raise OSError(ctypes.get_errno(), "prctl")


class FiltersItsCalls(Daemon):
    def set_up(self):
        super().set_up()
        install_filter()


if __name__ == "__main__":
    main(FiltersItsCalls)
