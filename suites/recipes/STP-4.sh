$start; sleep 1; pkill -o -x $name; sleep 5
! pgrep -x $name
