systemctl start $unit; systemctl stop $unit
systemctl show -p Result $unit | grep -qx Result=success &&
    ! journalctl -u $unit -n 20 | grep -qi "kill"
