/* passes: TTY-10 */

#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void fail(const char *what)
{
    perror(what);
    _exit(1);
}

PAGE(TTY-10)

int main(void)
{
    if (daemon(1, 1) < 0)
        fail("daemon");
    release_terminals();
    for (;;)
        pause();
}
