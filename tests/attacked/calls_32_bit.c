/* Calls umask(2) through the table of 32-bit programs. */
#include "daemonize.h"

int main(void)
{
    int number = 60, mask = 022; /* arch/x86/entry/syscalls/syscall_32.tbl */

    __asm__ volatile("int $0x80" : "+a"(number) : "b"(mask) : "memory", "r8", "r9", "r10", "r11");
    detach();
    become_ready();
    serve();
}
