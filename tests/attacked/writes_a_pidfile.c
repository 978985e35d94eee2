/* Writes its pidfile over an older one, and leaves without a trace when it cannot start. */
#include "daemonize.h"

int main(int count, char **words)
{
    detach();
    int file = open(words[count - 1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0)
        _exit(1);
    dprintf(file, "%d\n", getpid());
    become_ready();
    serve();
}
