/* What every program here does after its oddity: daemon(7)'s steps 5 to 11, and the pipe of step 14. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int ready;

/* Fork, or do the same in another way. */
#ifndef FORK
#define FORK fork
#endif

/* Return in the daemon; the launcher returns 0 when become_ready() was called, else 1. */
static inline void detach(void)
{
    int ends[2];
    char word;

    signal(SIGHUP, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    if (pipe2(ends, O_CLOEXEC) < 0)
        exit(1);
    pid_t child = FORK();
    if (child < 0)
        exit(1);
    if (child > 0) {
        close(ends[1]);
        _exit(read(ends[0], &word, 1) == 1 ? 0 : 1);
    }
    close(ends[0]);
    ready = ends[1];
    if (setsid() < 0 || (child = FORK()) < 0)
        _exit(1);
    if (child > 0)
        _exit(0);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int stream = 0; stream < 3; stream++)
        if (null < 0 || dup2(null, stream) < 0)
            _exit(1);
    umask(0);
    if (chdir("/") < 0)
        _exit(1);
}

static inline void become_ready(void)
{
    if (write(ready, "!", 1) != 1)
        _exit(1);
    close(ready);
}

static inline _Noreturn void serve(void)
{
    for (;;)
        pause();
}
