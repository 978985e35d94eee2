# the terminal hangs up while the launcher's exit is held
slow="strace -f -o calls.txt -e inject=exit_group:delay_enter=2000000"
script -qc "$slow $start" /dev/null & sleep 1
kill -KILL $!; sleep 3
# by eye: was the launcher killed by SIGHUP, and is a daemon there?
grep '+++' calls.txt; pgrep -x $name
