#!/bin/sh
# Has a virtual machine with threads of its own in its launcher, of Java where there is one.
set -e
if command -v java > /dev/null; then
    java -version > /dev/null 2>&1
else
    python3 -c '
import threading, os
threads = [threading.Thread(target=os.umask, args=[18]) for _ in range(20)]
for one in threads: one.start()
for one in threads: one.join()'
fi
setsid --fork sleep infinity < /dev/null > /dev/null 2>&1
