look="ls -l /proc/\$(pgrep -ox $name)/fd >fds.txt"
script -qc "$start; sleep 1; $look" /dev/null
! grep -E '/dev/(pts/|tty)' fds.txt
