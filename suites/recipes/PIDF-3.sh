(umask 0; $start); sleep 1
[ -z "$(find $pidfile -perm -o=w)" ]
