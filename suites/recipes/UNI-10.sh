socket=${unit%.service}.socket
systemctl stop $unit $socket; systemctl start $socket
$ask && systemctl is-active $unit
systemctl stop $unit; $ask && systemctl is-active $unit
