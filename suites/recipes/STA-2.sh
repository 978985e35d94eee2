# take its port, or give it a configuration that it must refuse; then:
$start; status=$?; sleep 1
[ $status -ne 0 ] || pgrep -x $name
