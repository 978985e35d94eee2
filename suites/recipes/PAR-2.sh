timeout --foreground 15 $start; [ $? -ne 124 ]
