$foreground & sleep 1
kill -0 $! && kill $!
