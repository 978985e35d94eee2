strace -f -o calls.txt -e inject=openat:error=EMFILE:when=9 $start && exit
sleep 1; ! pgrep -x $name && [ ! -e $pidfile ]
# the same with other calls and numbers
