strace -f -c -e trace=close -o closes.txt $start; sleep 1
awk '$6 == "close" || $5 == "close" && $4 > 900 { exit 1 }' closes.txt
