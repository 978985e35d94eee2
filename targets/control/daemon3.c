// fails: TTY-3, FDS-2, UMK-1, UMK-3, SIG-1, SIG-2, SIG-6, STA-8, STA-9, STA-11, STA-13, SIG-5
/*
 * glibc's daemon(3) and nothing else: what most programs that "support daemon mode" do.
 *
 * It forks once, so that the daemon is a session leader and acquires the next terminal it opens
 * (BUGS in daemon(3)); it closes no descriptor above 2 and leaves the umask as it was.
 */

#define _DEFAULT_SOURCE
#include <unistd.h>

int main(void)
{
    if (daemon(0, 0) < 0)
        return 1;
    for (;;)
        pause();
}
