systemd-run --unit=by-hand -p Type=notify -p WatchdogSec=2 $foreground
sleep 10; systemctl is-active by-hand
