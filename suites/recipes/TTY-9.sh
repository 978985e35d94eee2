look="ls -l /proc/\$(pgrep -ox $name)/fd/0 >in.txt"
script -qc "$start; sleep 1; $look" /dev/null
! grep -q /dev/pts/ in.txt
