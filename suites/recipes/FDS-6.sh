timeout 15 sh -c "x=\$($start 2>&1)"
