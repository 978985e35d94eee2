$start; sleep 1; pid=$(pgrep -ox $name)
# clients that go while it answers
for i in $(seq 50); do timeout -s KILL 0.01 $ask; done; sleep 1
$ask && kill -0 $pid
