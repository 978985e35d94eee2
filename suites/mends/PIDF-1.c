/* In the daemon, after the last fork(). */
static void write_pidfile(const char *path)
{
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

    if (file < 0 || flock(file, LOCK_EX | LOCK_NB) < 0
        || ftruncate(file, 0) < 0
        || dprintf(file, "%d\n", (int)getpid()) < 0)
        fail(path);     /* fail() and ready(): daemonspec explain STA-8 */
}                       /* file stays open: it holds the lock */
