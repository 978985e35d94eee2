# for a unit with Type=forking and PIDFile=
systemctl start $unit && kill -0 $(cat $pidfile) &&
    ! journalctl -u $unit -n 20 | grep -q "PID file"
