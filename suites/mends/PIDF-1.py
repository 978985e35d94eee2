# In the daemon, after the last fork.
def write_pidfile(path):
    file = open(path, "a")      # "w" would empty a running daemon's file
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    file.truncate(0)
    print(os.getpid(), file=file, flush=True)
    return file                 # keep it open: it holds the lock
