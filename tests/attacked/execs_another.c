/* Execs itself in the daemon, which is ready only then. */
#include "daemonize.h"
#include <stdlib.h>

int main(int count, char **words)
{
    char number[16];

    if (count > 1) {
        ready = atoi(words[1]);
        become_ready();
        serve();
    }
    detach();
    fcntl(ready, F_SETFD, 0);
    snprintf(number, sizeof number, "%d", ready);
    execl("/proc/self/exe", words[0], number, (char *)NULL);
    _exit(1);
}
