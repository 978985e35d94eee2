/* Starts helpers with vfork(2) and posix_spawn(3), and looks at how they ended. */
#include "daemonize.h"
#include <spawn.h>
#include <sys/wait.h>

static char *const nothing[] = {NULL};

static void expect_success(pid_t child)
{
    int status;

    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        _exit(1);
}

int main(void)
{
    char *const words[] = {"true", NULL};
    pid_t child = vfork();

    if (child == 0) {
        execve("/bin/true", words, nothing);
        _exit(127);
    }
    expect_success(child);
    if (posix_spawn(&child, "/bin/true", NULL, NULL, words, nothing))
        return 1;
    expect_success(child);
    detach();
    become_ready();
    serve();
}
