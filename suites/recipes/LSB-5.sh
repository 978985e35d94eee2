cp "$(command -v sleep)" /tmp/$name; /tmp/$name 600 &
other=$!
$script start; $script restart; $script stop
kill -0 $other
