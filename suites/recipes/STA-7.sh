# the terminal hangs up while setsid() is held; other calls: other names
slow="strace -D -f -o calls.txt -e inject=setsid:delay_enter=2000000"
script -qc "$slow $start" /dev/null & sleep 1
kill -KILL $!; sleep 3; pgrep -x $name
# by eye: without a daemon the launcher, the first process, is to end with
# another status than 0, or be killed
grep '+++' calls.txt
