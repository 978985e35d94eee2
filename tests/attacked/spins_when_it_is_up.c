/* Its daemon computes for ever. */
#include "daemonize.h"

int main(void)
{
    detach();
    become_ready();
    for (volatile int turn = 0;; turn++)
        ;
}
