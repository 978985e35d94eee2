# as root
mkdir -p /tmp/m && mount -t tmpfs none /tmp/m && cd /tmp/m
$start; sleep 1
cd / && umount /tmp/m
