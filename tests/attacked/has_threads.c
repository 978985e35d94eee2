/* Four threads in the launcher that make calls as they please, and four in the daemon. */
#include "daemonize.h"
#include <pthread.h>

static void *work(void *number)
{
    for (int turn = 0; turn < 5; turn++) {
        signal(SIGUSR1, SIG_IGN);
        umask(022);
    }
    return number;
}

static void work_together(void)
{
    pthread_t threads[4];

    for (int n = 0; n < 4; n++)
        if (pthread_create(&threads[n], NULL, work, NULL))
            _exit(1);
    for (int n = 0; n < 4; n++)
        pthread_join(threads[n], NULL);
}

int main(void)
{
    work_together();
    detach();
    work_together();
    become_ready();
    serve();
}
