strace -qq -f -o calls.txt -p 1 & sleep 1
systemctl restart $unit; systemctl reload $unit; systemctl stop $unit
kill $!; wait
! grep -E '= -1 (EROFS|EAFNOSUPPORT) |killed by SIGSYS' calls.txt
