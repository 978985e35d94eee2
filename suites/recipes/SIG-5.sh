# in a terminal: type ^C while its calls are slow
strace -D -f -o calls.txt -e inject=all:delay_exit=20000 $start
status=$?; sleep 1; [ $status -ne 0 ] || pgrep -x $name
