/*
 * passes: STA-1 STA-2 STA-7 STA-8 TTY-3 FDS-1 FDS-2 UMK-1 SIG-1 SIG-2 CWD-1 PIDF-1
 *
 * A daemon made of the code in those clauses' pages: `PAGE(STA-8)` stands for that code.
 */

#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

PAGE(STA-8)
PAGE(STA-7)
PAGE(STA-2)
PAGE(TTY-3)
PAGE(FDS-1)
PAGE(FDS-2)
PAGE(SIG-1)
PAGE(SIG-2)
PAGE(PIDF-1)

static void reload(int number)
{
    (void)number;
}

int main(int count, char **words)
{
    if (count != 3)
        return 2;
    close_inherited();
    reset_signals();
    unblock_signals();
    ignore_hangups();
    leave_launcher();
    leave_session();
    null_streams();
    PAGE(UMK-1)
    PAGE(CWD-1)
    handle_hangups(reload);
    int listener = open_service(words[2]);
    write_pidfile(words[1]);
    ready();
    for (;;) {
        int client = accept(listener, NULL, NULL);
        send(client, "ok\n", 3, MSG_NOSIGNAL);
        close(client);
    }
}
