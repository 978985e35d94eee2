for i in $(seq 10); do systemctl restart $unit || break; done
systemctl is-active $unit && $ask
