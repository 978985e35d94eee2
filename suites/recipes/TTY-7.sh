# in a terminal: start it, run `sleep 60`, type ^C, ^\ and ^Z; then:
pgrep -x $name && ! ps -o stat= -p $(pgrep -ox $name) | grep -q T
