$start; sleep 1; pid=$(pgrep -ox $name)
kill -STOP $pid; kill -TERM $pid; sleep 1; kill -CONT $pid; sleep 5
! kill -0 $pid
