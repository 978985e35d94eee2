$script start; pkill -9 -x $name; sleep 600 &
other=$!
echo $other >$pidfile; $script status; test $? != 0
$script stop; kill -0 $other
echo $other >$pidfile; $script start && $ask
