# make its hook, or job: (env; ls -l /proc/self/fd) >/tmp/hook.txt
# PATH_OF_SOCKET is where $ask asks
systemd-socket-activate --listen=PATH_OF_SOCKET $foreground & sleep 1
$ask; $exercise; sleep 1
! grep -e ^LISTEN_ -e socket: /tmp/hook.txt
