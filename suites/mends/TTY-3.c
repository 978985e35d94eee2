/* In the child of the first fork(). */
static void leave_session(void)
{
    if (setsid() < 0)
        fail("setsid");               /* fail(): daemonspec explain STA-8 */
    pid_t child = fork();
    if (child < 0)
        fail("second fork");
    if (child > 0)
        _exit(0);                 /* the daemon does not lead the session */
}
