$start; sleep 1; pkill -KILL -x $name; sleep 1
$start && sleep 1 && $ask
