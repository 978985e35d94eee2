$start >said.txt 2>&1; sleep 1
# by eye: is a line of the start there twice?
sort said.txt | uniq -d
