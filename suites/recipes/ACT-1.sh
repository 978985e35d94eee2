# ADDRESS is where $ask asks: a path, or HOST:PORT
systemd-socket-activate --listen=ADDRESS $foreground & sleep 1
$ask
