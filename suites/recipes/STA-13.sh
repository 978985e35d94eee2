# the terminal hangs up while the launcher returns from fork()
fork="fork,vfork,clone,clone3:delay_exit=2000000:when=1"
script -qc "strace -D -f -o calls.txt -e inject=$fork $start" /dev/null &
sleep 1; kill -KILL $!; sleep 3
# by eye: was the launcher killed by SIGHUP, and is a daemon there?
grep '+++' calls.txt; pgrep -x $name
