$script start && $script start && pgrep -c -x $name   # as after one start
$script stop && $script stop && ! pgrep -x $name
