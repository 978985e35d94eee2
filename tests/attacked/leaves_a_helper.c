/* When its first file cannot be opened a helper of its stays; when another cannot it goes soon. */
#include "daemonize.h"

int main(void)
{
    for (int n = 0; n < 4; n++) {
        int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (file < 0 && fork() == 0) {
            setsid();
            if (n == 0)
                serve();
            usleep(300000);
            _exit(0);
        }
        if (file < 0) {
            perror("/dev/null");
            _exit(1);
        }
        close(file);
    }
    detach();
    become_ready();
    serve();
}
