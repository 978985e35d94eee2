/* After the last message to the user. */
static void release_terminals(void)
{
    int null = open("/dev/null", O_RDWR);
    DIR *open_ones = opendir("/proc/self/fd");
    if (null < 0 || !open_ones)
        fail("/proc/self/fd");        /* fail(): daemonspec explain STA-8 */
    for (struct dirent *one; (one = readdir(open_ones));) {
        int number = atoi(one->d_name);
        if (*one->d_name != '.' && isatty(number))
            dup2(null, number);
    }
    closedir(open_ones);
    if (null > 2)
        close(null);
}
