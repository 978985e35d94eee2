# In the child of the first fork.
def leave_session():
    os.setsid()
    if os.fork():
        os._exit(0)               # the daemon does not lead the session
