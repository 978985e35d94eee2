$start; sleep 1; pid=$(pgrep -ox $name)
kill -HUP $pid; sleep 1
kill -0 $pid && $ask
