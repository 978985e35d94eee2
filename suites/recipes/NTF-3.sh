systemctl log-level debug
systemd-run --unit=by-hand -p Type=notify $foreground
systemctl stop by-hand; systemctl log-level info
journalctl -b -u by-hand | grep -q STOPPING=1
