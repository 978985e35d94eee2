systemctl stop $unit
systemctl clean --what=runtime --what=cache --what=logs --what=state $unit
systemd-tmpfiles --create --boot
systemctl start $unit && systemctl is-active $unit
