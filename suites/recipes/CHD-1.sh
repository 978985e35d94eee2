$start; sleep 1; pid=$(pgrep -ox $name)
$exercise; sleep 1
! ps -o stat= --ppid $pid | grep -q Z
