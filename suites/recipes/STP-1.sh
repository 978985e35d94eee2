$start; sleep 1; pid=$(pgrep -ox $name)
kill -TERM $pid; sleep 10
! kill -0 $pid
