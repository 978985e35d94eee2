forks=fork,vfork,clone,clone3; inject=$forks:error=EAGAIN:when=1
strace -D -f -o calls.txt -e inject=$inject $start >said.txt 2>&1
# by eye, or in the log: why did it not start?
cat said.txt; journalctl -n 5 -t $name
