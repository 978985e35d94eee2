/* Its launcher locks its pidfile; when another instance has the lock it says so, and 0 (LSB). */
#include "daemonize.h"
#include <sys/file.h>

int main(void)
{
    int file = open("/run/says_0_when_another_runs.pid", O_RDWR | O_CREAT | O_CLOEXEC, 0644);

    if (file < 0)
        return 1;
    if (flock(file, LOCK_EX | LOCK_NB) < 0) {
        fprintf(stderr, "already running\n");
        return 0;
    }
    detach();
    become_ready();
    serve();
}
