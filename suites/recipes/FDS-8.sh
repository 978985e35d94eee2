$start <&- >&- 2>&-; sleep 1; pid=$(pgrep -ox $name)
[ -z "$pid" ] || ! ls -l /proc/$pid/fd | grep -E ' [012] -> (/[^d]|[a-z])'
