# the terminal hangs up when script ends
script -qc "$start; sleep 1" /dev/null
sleep 1; pgrep -x $name && $ask
