# with another program at its port: python3 -m http.server PORT
$script start; test $? != 0
