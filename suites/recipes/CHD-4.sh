$start; sleep 1; pid=$(pgrep -ox $name)
# an orphan that is left to it, as process 1 of a container
nsenter -t $pid -p -m sh -c '(sleep 1 &) ; exit'; sleep 2
! ps -o stat= --ppid $pid | grep -q Z
