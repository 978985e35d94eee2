# take its port, or give it a configuration that it must refuse; then:
! $start && sleep 1 && ! pgrep -x $name && [ ! -e $pidfile ]
