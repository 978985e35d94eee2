# take its port, or give it a configuration that it must refuse; then:
! systemctl start $unit && systemctl is-failed $unit
