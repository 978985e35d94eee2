# PATH_OF_SOCKET is where $ask asks
systemd-socket-activate --listen=PATH_OF_SOCKET $foreground & sleep 1
$ask; kill $!; sleep 1
test -S PATH_OF_SOCKET
