# make its hook, or job: ls -l /proc/self/fd >/tmp/fds.txt
$start; sleep 1; $exercise; sleep 1
# by eye: what beside 0, 1, 2 and ls' own directory has the hook?
cat /tmp/fds.txt
