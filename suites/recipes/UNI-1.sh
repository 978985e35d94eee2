systemctl start $unit && $ask
