$start </dev/null && sleep 1 && $ask && pkill -x $name && sleep 1
echo | $start && sleep 1 && $ask
