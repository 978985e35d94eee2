/* Starts its hook when SIGUSR1 comes, in the way of its first argument, with clean signals.
 *
 *     starts_a_hook posix_spawn|system|popen PIDFILE HOOK
 *
 * It may wait for its hook for ever, as system(3) does.
 */
#include "../attacked/daemonize.h"
#include <spawn.h>
#include <string.h>

static volatile sig_atomic_t asked;

static void ask(int number)
{
    (void)number;
    asked = 1;
}

static int start_hook(const char *how, char *hook)
{
    char *words[] = {hook, NULL}, *none[] = {NULL};
    pid_t child;

    if (strcmp(how, "posix_spawn") == 0)
        return posix_spawn(&child, hook, NULL, NULL, words, none);
    if (strcmp(how, "system") == 0)
        return system(hook);
    return popen(hook, "r") == NULL;
}

int main(int count, char **words)
{
    sigset_t usr1, before;
    FILE *pidfile;

    if (count != 4)
        return 2;
    detach();
    signal(SIGHUP, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    signal(SIGQUIT, SIG_DFL);
    signal(SIGUSR1, ask);
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    if ((pidfile = fopen(words[2], "we")) == NULL)
        return 1;
    fprintf(pidfile, "%d\n", getpid());
    fclose(pidfile);
    become_ready();
    for (;;) {
        sigprocmask(SIG_BLOCK, &usr1, &before);
        while (!asked)
            sigsuspend(&before);
        sigprocmask(SIG_SETMASK, &before, NULL);
        asked = 0;
        if (start_hook(words[1], words[3]))
            return 1;
    }
}
