/* First of all, before anything is opened. */
static void close_inherited(void)
{
    if (close_range(3, ~0U, 0) == 0)  /* Linux 5.9, glibc 2.34 */
        return;
    DIR *open_ones = opendir("/proc/self/fd");
    if (!open_ones)
        fail("/proc/self/fd");        /* fail(): daemonspec explain STA-8 */
    for (struct dirent *one; (one = readdir(open_ones));) {
        int number = atoi(one->d_name);
        if (number > 2 && number != dirfd(open_ones))
            close(number);
    }
    closedir(open_ones);
}
