# passes: STA-1 STA-2 STA-7 STA-8 TTY-3 FDS-1 FDS-2 UMK-1 SIG-1 SIG-2 CWD-1 PIDF-1
"""A daemon made of the code in those clauses' pages: `PAGE(STA-8)` stands for that code."""

import fcntl
import os
import signal
import socket
import sys

PAGE(STA-8)
PAGE(STA-7)
PAGE(STA-2)
PAGE(TTY-3)
PAGE(FDS-1)
PAGE(FDS-2)
PAGE(SIG-1)
PAGE(SIG-2)
PAGE(PIDF-1)


def start(pidfile, path):
    close_inherited()
    reset_signals()
    unblock_signals()
    ignore_hangups()
    leave_launcher()
    leave_session()
    null_streams()
    PAGE(UMK-1)
    PAGE(CWD-1)
    handle_hangups(lambda *_: None)
    listener = open_service(path)
    kept = write_pidfile(pidfile)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    ready()
    return listener, kept


def main():
    try:
        listener, _ = start(*sys.argv[1:])
    except OSError as error:
        fail(error)
    while True:
        client, _ = listener.accept()
        with client:
            client.send(b"ok\n")


main()
