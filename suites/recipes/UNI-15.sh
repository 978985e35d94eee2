systemctl show -p Type $unit
! systemctl show -p Type --value $unit | grep -qx simple
