/* Says 0 although one of its two sockets could not be bound. */
#include "daemonize.h"
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

static void listen_at(const void *address, int family, socklen_t length)
{
    int listener = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (bind(listener, address, length) == 0)
        listen(listener, 5);
}

int main(void)
{
    struct sockaddr_un path = {AF_UNIX, "/run/does_without_its_socket"};
    struct sockaddr_in port = {.sin_family = AF_INET, .sin_port = htons(1235)};

    detach();
    listen_at(&path, AF_UNIX, sizeof path);
    listen_at(&port, AF_INET, sizeof port);
    become_ready();
    serve();
}
