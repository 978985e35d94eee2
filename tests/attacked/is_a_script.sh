#!/bin/sh
# A shell script that starts a helper in the background and waits until it has detached.
set -e
umask 022
setsid --fork sleep infinity < /dev/null > /dev/null 2>&1
