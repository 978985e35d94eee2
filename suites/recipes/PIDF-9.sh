(umask 0; $start); sleep 1
[ -z "$(find $pidfile -perm /g=w,o=w)" ]
