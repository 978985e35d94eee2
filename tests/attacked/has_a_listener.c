/* Holds system calls itself: seccomp(2) with SECCOMP_FILTER_FLAG_NEW_LISTENER, or does not start. */
#include "daemonize.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

int main(void)
{
    struct sock_filter code[] = {BPF_STMT(BPF_RET, SECCOMP_RET_ALLOW)};
    struct sock_fprog program = {1, code};

    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program)
        < 0) {
        perror("seccomp");
        return 1;
    }
    detach();
    become_ready();
    serve();
}
