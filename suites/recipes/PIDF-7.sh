$start; sleep 1; kill $(cat $pidfile); sleep 2
[ ! -e $pidfile ]
