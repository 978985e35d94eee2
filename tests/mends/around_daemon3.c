/* passes: STA-9 */

#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

PAGE(STA-9)

int main(void)
{
    detach();
    for (;;)
        pause();
}
