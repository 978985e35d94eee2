$start; sleep 1; pkill -o -x $name; sleep 2
$start && sleep 1 && $ask
