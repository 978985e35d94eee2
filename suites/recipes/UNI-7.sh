systemctl start $unit; systemctl kill -s KILL $unit; sleep 5
systemctl is-active $unit || systemctl start $unit
$ask
