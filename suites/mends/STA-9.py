def detach():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)    # before the exit
    if os.fork():
        os._exit(0)
    os.setsid()
    signal.signal(signal.SIGHUP, signal.SIG_DFL)    # or your handler
