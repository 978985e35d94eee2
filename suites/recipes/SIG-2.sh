(trap '' HUP PIPE; exec $start); sleep 1
# by eye: SIGHUP is bit 0, SIGPIPE bit 12: 1001
grep SigIgn /proc/$(pgrep -ox $name)/status
