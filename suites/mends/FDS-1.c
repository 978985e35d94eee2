/* After the last message to the user. */
static void null_streams(void)
{
    int null = open("/dev/null", O_RDWR);

    if (null < 0)
        fail("/dev/null");            /* fail(): daemonspec explain STA-8 */
    for (int stream = 0; stream <= 2; stream++)
        if (dup2(null, stream) < 0)
            fail("dup2");
    if (null > 2)
        close(null);
}
