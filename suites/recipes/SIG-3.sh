# make its hook, or job: grep Sig /proc/self/status >/tmp/signals.txt
env --block-signal $start; sleep 1; $exercise; sleep 1
grep -q '^SigBlk:.0*$' /tmp/signals.txt
