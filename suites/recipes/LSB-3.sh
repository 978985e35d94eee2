$script status; test $? = 3
$script start; $script status; test $? = 0
pkill -9 -x $name; sleep 1
$script status; test $? = 1   # 3 where it left no pidfile
