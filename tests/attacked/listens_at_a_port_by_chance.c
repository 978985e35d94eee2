/* Listens on a port that the kernel chooses, another one in each start (ip(7), bind to port 0). */
#include "daemonize.h"
#include <netinet/in.h>
#include <sys/socket.h>

int main(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};

    detach();
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) < 0
        || listen(listener, 5) < 0)
        _exit(1);
    become_ready();
    serve();
}
