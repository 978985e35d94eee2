# its bind() fails; the same with openat:error=EMFILE:when=9 and others
strace -D -f -o calls.txt -e inject=bind:error=EADDRINUSE $start
[ $? -eq 0 ] || { sleep 1; ! pgrep -x $name && [ ! -e $pidfile ]; }
