$start; sleep 1; ls -l /proc/$(pgrep -ox $name)/fd >fds.txt
grep -o 'socket:\[[0-9]*' fds.txt | tr -dc '0-9\n' >inodes.txt
sockets=$(grep -wFf inodes.txt /proc/net/unix | awk 'NF == 8 { print $8 }')
pkill -o -x $name; sleep 2
for each in $sockets; do [ ! -S $each ] || exit 1; done
$start && sleep 1 && $ask
