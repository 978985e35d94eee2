/* Its launcher leaves by exit() and writes once more what its daemon, too, had not written yet. */
#include "daemonize.h"

int main(void)
{
    int ends[2], kept = dup(1);
    char word;

    printf("starting ... ");
    if (kept < 0 || pipe2(ends, O_CLOEXEC) < 0)
        return 1;
    signal(SIGHUP, SIG_IGN);
    if (fork() > 0) {
        close(ends[1]);
        if (read(ends[0], &word, 1) != 1)
            _exit(1);
        printf("done\n");
        exit(0);
    }
    detach();
    become_ready();
    dup2(kept, 1);
    printf("up\n");
    fflush(stdout);
    if (write(ends[1], "!", 1) != 1)
        _exit(1);
    serve();
}
