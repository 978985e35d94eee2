/* Makes another number of calls in each start: by chance, and never twice the same. */
#include "daemonize.h"
#include <sys/random.h>

int main(void)
{
    unsigned chance;

    if (getrandom(&chance, sizeof chance, 0) != sizeof chance)
        return 1;
    for (unsigned turn = chance % 97; turn; turn--)
        signal(SIGUSR1, SIG_IGN);
    for (unsigned turn = chance % 89; turn; turn--)
        setpgid(0, 0);
    detach();
    become_ready();
    serve();
}
