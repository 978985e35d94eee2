/* Opens a ring: what is submitted to it needs no system call of its own (io_uring(7)). */
#include "daemonize.h"
#include <linux/io_uring.h>
#include <sys/syscall.h>

int main(void)
{
    struct io_uring_params how = {0};

    syscall(SYS_io_uring_setup, 4, &how); /* where it is switched off, no harm is done */
    detach();
    become_ready();
    serve();
}
