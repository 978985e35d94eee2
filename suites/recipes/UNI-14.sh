systemctl start --no-block $unit; systemctl stop $unit
[ "$(systemctl is-active $unit)" = inactive ]
