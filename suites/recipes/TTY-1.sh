look="ps -o tty= -p \$(pgrep -ox $name) >tty.txt"
script -qc "$start; sleep 1; $look" /dev/null
grep -q '?' tty.txt
