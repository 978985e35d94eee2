$script start; pkill -9 -x $name; sleep 1
$script start && $ask
