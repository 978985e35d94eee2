mkdir -p /tmp/m && cd /tmp/m && $start; sleep 1
[ "$(readlink /proc/$(pgrep -ox $name)/cwd)" != /tmp/m ]
