systemctl start $unit; user=$(systemctl show -p UID --value $unit)
group=$(systemctl show -p ControlGroup --value $unit)
for task in $(cat /sys/fs/cgroup$group/cgroup.procs); do
    grep -q "^Uid:.$user.$user.$user.$user" /proc/$task/status || exit 1
done
