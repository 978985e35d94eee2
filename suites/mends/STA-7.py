# In the launcher, before the first fork.
def ignore_hangups():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

# In the daemon, after setsid.
def handle_hangups(reload):
    signal.signal(signal.SIGHUP, reload)
