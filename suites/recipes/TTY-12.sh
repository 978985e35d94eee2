$start; sleep 1
for signal in TTIN TTOU TSTP; do pkill -$signal -x $name; sleep 0.2; done
! ps -o pid,ppid,stat,args -C $name | grep ' T'    # a worker may stop
