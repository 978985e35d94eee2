systemctl start $unit; systemctl status $unit
# by eye: is the Main PID the process that serves?
ss -lntup
