setsid --wait sh -c "echo \$\$ >group.txt; exec $start"; sleep 1
pkill -TERM -g $(cat group.txt); sleep 1
pgrep -x $name
