LISTEN_PID=1 LISTEN_FDS=1 $foreground & sleep 1
$ask
