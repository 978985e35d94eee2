$start; sleep 1; before=$(pgrep -x $name)
echo 4194304 >$pidfile    # as a full disk or a careless script may; no pid
$start; sleep 1
[ "$(pgrep -x $name)" = "$before" ]
