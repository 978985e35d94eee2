$start; sleep 1; before=$(cat $pidfile)
$start; sleep 1
[ "$(cat $pidfile)" = "$before" ]
