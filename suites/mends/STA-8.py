word = 2                              # takes the result of the start

# For every error that ends the start.
def fail(what):
    os.write(word, f"mydaemon: {what}\n".encode())
    os._exit(1)

# The first fork: returns in the child alone.
def leave_launcher():
    global word
    listening, telling = os.pipe()    # both are close-on-exec
    if os.fork() == 0:                # OSError: fail() still writes to 2
        os.close(listening)
        word = telling
        return
    os.close(telling)                 # the launcher waits here
    said = os.read(listening, 512)
    if said != b"!":
        os.write(2, said or b"mydaemon: died early\n")
    os._exit(said != b"!")

# Once it listens and its pidfile is written.
def ready():
    os.write(word, b"!")      # BrokenPipeError: the launcher is gone
    os.close(word)
