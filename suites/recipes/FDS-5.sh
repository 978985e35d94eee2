strace -D -f -e trace=close -o closes.txt $start; sleep 1
[ $(grep -c 'close(' closes.txt) -lt 900 ]
