/* In the daemon, after the last fork(). */
static int open_service(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (listener < 0 || strlen(path) >= sizeof address.sun_path)
        fail("socket");     /* fail(), ready(): daemonspec explain STA-8 */
    strcpy(address.sun_path, path);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0)
        fail(path);
    if (listen(listener, SOMAXCONN) < 0)
        fail("listen");
    return listener;        /* then ready(): the launcher exits with 0 */
}
