sleep 1000 & echo $! >$pidfile    # the number of a stranger that lives
$start && sleep 1 && pgrep -x $name
