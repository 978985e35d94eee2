look="ls -l /proc/\$(pgrep -ox $name)/fd >fds.txt"
script -qc "$start; sleep 1; $look" /dev/null
! grep -E '^lr.* -> /dev/(pts/|tty)' fds.txt
