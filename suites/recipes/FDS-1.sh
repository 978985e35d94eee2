# 0, 1 and 2 are open, and none of them is the terminal
look="ls -l /proc/\$(pgrep -ox $name)/fd >fds.txt"
script -qc "$start; sleep 1; $look" /dev/null
[ $(grep -cE ' [012] -> ' fds.txt) -eq 3 ] &&
    ! grep -E ' [012] -> /dev/pts/' fds.txt
