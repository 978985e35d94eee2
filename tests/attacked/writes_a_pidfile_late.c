/* Writes its pidfile when its launcher may have returned; an older one may be there until then. */
#include "daemonize.h"

int main(int count, char **words)
{
    detach();
    become_ready();
    int file = open(words[count - 1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0)
        _exit(1);
    dprintf(file, "%d\n", getpid());
    serve();
}
