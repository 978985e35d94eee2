$start; sleep 1
grep -q '^Umask:.0000$' /proc/$(pgrep -ox $name)/status
