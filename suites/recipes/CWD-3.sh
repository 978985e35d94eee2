# rename the directory that it works in, such as its spool, then:
$start; status=$?; sleep 1
[ $status -ne 0 ] || ! pgrep -x $name
