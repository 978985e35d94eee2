systemctl log-level debug; systemctl restart $unit
systemctl reload $unit; systemctl stop $unit; systemctl log-level info
journalctl -b -u $unit | grep "notification message" >told
grep -q READY=1 told && grep -q RELOADING=1 told && grep -q STOPPING=1 told
