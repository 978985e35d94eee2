$start; sleep 1
# by eye: does a process between init and the daemon only wait?
ps -eo pid,ppid,sid,stat,args | grep $name
