$start; sleep 1; pid=$(pgrep -ox $name)
kill -STOP $pid; sleep 1; kill -CONT $pid
sleep 1; $ask
