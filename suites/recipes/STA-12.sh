# the ninth openat() fails; the same with other calls and numbers
strace -D -f -o calls.txt -e inject=openat:error=EMFILE:when=9 $start
[ $? -eq 0 ] || { sleep 1; ! pgrep -x $name && [ ! -e $pidfile ]; }
