/* Says 0 when it cannot bind its port: an older process of its, a helper, is there all the same. */
#include "daemonize.h"
#include <netinet/in.h>
#include <sys/socket.h>

int main(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(1234)};

    detach();
    pid_t server = fork();
    if (server < 0)
        _exit(1);
    if (server > 0) {
        become_ready();
        serve();
    }
    close(ready);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 5) < 0)
        _exit(1);
    serve();
}
