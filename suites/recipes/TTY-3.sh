$start; sleep 1; pid=$(pgrep -ox $name)
# a session leader acquires a terminal that it opens without O_NOCTTY
[ "$(ps -o sid= -p $pid)" -ne $pid ]
