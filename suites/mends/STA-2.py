# In the daemon, after the last fork.
def open_service(path):
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(path)
        listener.listen()
    except OSError as error:
        fail(f"{path}: {error}")    # daemonspec explain STA-8
    return listener         # then ready(): the launcher exits with 0
