$foreground & sleep 1; kill -TERM $!
wait $!; status=$?
[ $status -eq 0 ] || [ $status -eq 143 ]
