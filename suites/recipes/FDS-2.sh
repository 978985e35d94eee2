touch /tmp/left && $start 7</tmp/left; sleep 1
! ls -l /proc/$(pgrep -ox $name)/fd | grep -q /tmp/left
