$start; sleep 1; first=$(pgrep -ox $name)
$start; status=$?; sleep 1
[ $status -ne 0 ] && [ "$(pgrep -ox $name)" = $first ] && $ask
