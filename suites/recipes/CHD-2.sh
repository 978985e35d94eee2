(trap '' CHLD; exec $start); sleep 1; pid=$(pgrep -ox $name)
$exercise; sleep 1
# by eye: does it see its children end, as without `trap`?
strace -f -e trace=wait4,waitid -p $pid
