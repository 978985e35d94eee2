# passes: TTY-10

import os
import signal

PAGE(TTY-10)

if os.fork():
    os._exit(0)
os.setsid()
release_terminals()
while True:
    signal.pause()
