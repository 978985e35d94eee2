# take its port, or give it a configuration that it must refuse; then:
[ -n "$($start 2>&1)" ] || journalctl -n 5 -t $name
