systemctl start $unit; before=$(systemctl show -p MainPID --value $unit)
systemctl reload $unit; sleep 1
[ "$(systemctl show -p MainPID --value $unit)" = $before ] && $ask
