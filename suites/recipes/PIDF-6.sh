sleep 1000 & echo $! >$pidfile; other=$!
$start; status=$?; sleep 1
[ $status -eq 0 ] && pgrep -x $name && kill -0 $other
