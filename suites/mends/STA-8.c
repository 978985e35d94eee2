static int word = STDERR_FILENO;      /* takes the result of the start */

/* For every call that can fail. */
static void fail(const char *what)
{
    dprintf(word, "mydaemon: %s: %s\n", what, strerror(errno));
    _exit(1);
}

/* The first fork(): returns in the child alone. */
static void leave_launcher(void)
{
    char said[512];
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        fail("pipe");
    pid_t child = fork();
    if (child < 0)
        fail("fork");
    if (child == 0) {
        close(ends[0]);
        word = ends[1];
        return;
    }
    close(ends[1]);                   /* the launcher waits here */
    ssize_t length = read(ends[0], said, sizeof said - 1);
    if (length == 1 && *said == '!')
        _exit(0);
    said[length > 0 ? length : 0] = '\0';
    dprintf(STDERR_FILENO, "%s", *said ? said : "mydaemon: died early\n");
    _exit(1);
}

/* Once it listens and its pidfile is written. */
static void ready(void)
{
    if (write(word, "!", 1) != 1)     /* the launcher is gone: give up */
        _exit(1);
    close(word);
}
