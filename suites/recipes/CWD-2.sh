mkdir -p here && cd here && $start; sleep 1
[ "$(readlink /proc/$(pgrep -ox $name)/cwd)" != "$PWD" ]
