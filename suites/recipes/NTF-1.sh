systemctl reset-failed by-hand
systemd-run --unit=by-hand -p Type=notify $foreground && $ask
