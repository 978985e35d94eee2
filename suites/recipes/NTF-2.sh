for address in /nowhere/notify @nobody /$(printf %0200d 0); do
    NOTIFY_SOCKET=$address $foreground & sleep 1
    $ask || exit 1
    kill $!; sleep 1
done
