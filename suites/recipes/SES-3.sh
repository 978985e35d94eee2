bash -mc "$start & wait; kill -TERM -- -\$!"; sleep 1
pgrep -x $name
