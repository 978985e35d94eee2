$start; sleep 1
[ "$(ps -o ppid= -p $(pgrep -ox $name))" -ne $$ ]
