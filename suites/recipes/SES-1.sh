$start; sleep 1
session=$(ps -o sid= -p $(pgrep -ox $name))
[ $session -ne $(ps -o sid= -p $$) ]
