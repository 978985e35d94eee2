forks=fork,vfork,clone,clone3
strace -D -f -o calls.txt -e inject=$forks:error=EAGAIN:when=1 $start
status=$?; sleep 1; [ $status -ne 0 ] || pgrep -x $name
# the same with openat:error=EMFILE:when=9, bind:error=EADDRINUSE:when=1 ...
