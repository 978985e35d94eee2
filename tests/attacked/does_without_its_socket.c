/* Says 0 although its only socket could not be bound. */
#include "daemonize.h"
#include <sys/socket.h>
#include <sys/un.h>

int main(void)
{
    struct sockaddr_un address = {AF_UNIX, "/run/does_without_its_socket"};

    detach();
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) == 0)
        listen(listener, 5);
    become_ready();
    serve();
}
