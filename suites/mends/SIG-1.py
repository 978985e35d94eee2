# First of all.
def unblock_signals():
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
