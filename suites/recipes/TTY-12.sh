$start; sleep 1; pid=$(pgrep -ox $name)
for signal in TTIN TTOU TSTP; do kill -$signal $pid; sleep 0.2; done
! ps -o stat= -p $pid | grep -q T
