script -qc "$start; sleep 1; echo up; $ask; sleep 5" said.txt
# by eye: what comes after `up` that is not the answer?
cat said.txt
