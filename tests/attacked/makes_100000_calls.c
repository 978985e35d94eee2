/* Makes 100,000 calls that count before it detaches. */
#include "daemonize.h"

int main(void)
{
    for (int turn = 0; turn < 100000; turn++)
        umask(022), signal(SIGUSR1, SIG_IGN);
    detach();
    become_ready();
    serve();
}
