$start; sleep 1
pgrep -x $name | grep -qx "$(cat $pidfile)"
