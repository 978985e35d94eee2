touch left.txt && $start 7<left.txt; sleep 1
! ls -l /proc/$(pgrep -ox $name)/fd | grep left.txt
