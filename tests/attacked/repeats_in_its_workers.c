/* Two workers, each of which says by itself that it is ready; a helper is dead before the launcher forks. */
#include "daemonize.h"
#include <sys/wait.h>

int main(void)
{
    pid_t helper = fork();

    if (helper == 0)
        serve();
    kill(helper, SIGKILL);
    waitpid(helper, NULL, 0);
    int kept = dup(1);
    if (write(1, "starting\n", 9) != 9)
        return 1;
    detach();
    dup2(kept, 1);
    if (write(1, "starting\n", 9) != 9)
        _exit(1);
    for (int n = 0; n < 2; n++)
        if (fork() == 0) {
            printf("worker ready\n");
            fflush(stdout);
            serve();
        }
    become_ready();
    serve();
}
