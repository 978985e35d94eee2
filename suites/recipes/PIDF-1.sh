$start; kill -0 $(cat $pidfile)
