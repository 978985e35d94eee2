# not 0, and a message:
for verb in no-such-verb ''; do $script $verb; echo "status $?"; done
su -s /bin/sh nobody -c "$script start"; test $? != 0
