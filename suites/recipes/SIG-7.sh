$start; sleep 1
# by eye: bits 0 (HUP), 19 (TSTP), 20 (TTIN) and 21 (TTOU): 380001
grep SigIgn /proc/$(pgrep -ox $name)/status
