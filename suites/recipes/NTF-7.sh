# make its hook, or job: env >/tmp/environment.txt
systemd-run --unit=by-hand -p Type=notify $foreground; $exercise; sleep 1
! grep ^NOTIFY_SOCKET= /tmp/environment.txt
