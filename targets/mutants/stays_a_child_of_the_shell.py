# breaks: PAR-1
"""Forks siblings instead of children: the daemon's parent is the process that started the launcher.

So nothing adopts it, and whoever waits for all his children waits for it.  A script that execs its
last step, and leaves the daemon that it forked before to the shell, looks alike.
"""

import ctypes
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main

CLONE_PARENT = 0x8000  # linux/sched.h
SYS_CLONE3 = 435  # on every machine


class StaysAChildOfTheShell(Daemon):
    def fork(self):
        """Fork a sibling: clone3() with CLONE_PARENT (clone(2)).

        The exit signal may not be given then: it is that of the caller, SIGCHLD.
        """
        arguments = (ctypes.c_uint64 * 11)(CLONE_PARENT)  # struct clone_args: flags come first
        # PyDLL keeps the interpreter's lock: the child must not have to take it again.
        libc = ctypes.PyDLL(None, use_errno=True)
        pid = libc.syscall(SYS_CLONE3, arguments, ctypes.c_size_t(ctypes.sizeof(arguments)))
        if pid < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return pid


if __name__ == "__main__":
    main(StaysAChildOfTheShell)
