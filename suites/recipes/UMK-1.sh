for mask in 015 053; do
    (umask $mask; $start); sleep 1
    grep ^Umask /proc/$(pgrep -ox $name)/status; pkill -x $name; sleep 1
done >masks.txt
! grep -q 0015 masks.txt || ! grep -q 0053 masks.txt
