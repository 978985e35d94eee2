# the child is held before its setsid(): 0.5 s
slow="strace -D -f -o calls.txt -e inject=setsid:delay_enter=500000"
script -qec "$slow $start" /dev/null; status=$?
sleep 1; [ $status -ne 0 ] || pgrep -x $name
