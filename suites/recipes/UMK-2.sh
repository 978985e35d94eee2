touch /tmp/before; (umask 0; $start); sleep 1; $ask
found=$(find / -xdev -newer /tmp/before -type f -perm -o=w)
[ -z "$found" ]
