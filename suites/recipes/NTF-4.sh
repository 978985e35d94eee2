# Type=notify-reload came with systemd 253
systemctl log-level debug
systemd-run --unit=by-hand -p Type=notify-reload $foreground
systemctl reload by-hand; systemctl log-level info
journalctl -b -u by-hand | grep -A9 RELOADING=1 | grep -q READY=1
