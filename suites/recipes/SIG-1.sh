env --block-signal $start; sleep 1; pid=$(pgrep -ox $name)
kill -TERM $pid; sleep 2
! kill -0 $pid
