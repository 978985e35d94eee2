script -qc "$start; sleep 1" /dev/null; sleep 1; pid=$(pgrep -ox $name)
ticks() { awk '{ print $14 + $15 }' /proc/$pid/stat; }
before=$(ticks); sleep 5; [ $(ticks) -lt $((before + 50)) ]
