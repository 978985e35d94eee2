// fails: FDS-2, CWD-1, CWD-2, SIG-1, SIG-2, STA-8, SIG-5
/*
 * The article's DaemonMode() as printed, with only what makes it compile and run:
 *
 *   - the includes, #undef NOFILE (<sys/param.h> may have one), and main();
 *   - "DaemonMode", "fork" and "setsid" were printed without their parentheses;
 *   - the loop was cut off after "num" at its "<": restored as "num<NOFILE;num++)".
 *
 * It fails because descriptors from 256 up stay open, and because /tmp/httpd is missing: nobody
 * looks at what chdir() returns, and the daemon stays in the directory it was started in.
 *
 * The compiler warns of fd0, fd1 and fd2: they are the article's.
 */

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#undef NOFILE
#define NOFILE 256

void DaemonMode(void)
{
    int num = 0;
    int fd0, fd1, fd2;

    /*屏蔽可能的信号 */
    signal(SIGTTOU, SIG_IGN);
    signal(SIGTTIN, SIG_IGN);
    signal(SIGTSTP, SIG_IGN);
    signal(SIGHUP , SIG_IGN);
    if(fork())
    exit(0);
    setsid();
    if(fork())
    exit(0);
    chdir("/tmp/httpd");
    umask(0);
    for(;num<NOFILE;num++)
    close(num);
    /*将输入、输出重定向。因为之前描述符都关闭了，所以新打开值为0、1、2 */
    fd0 = open("/dev/null", O_RDWR);
    fd1 = dup(0);
    fd2 = dup(0);
    signal(SIGCHLD, SIG_IGN);
}

int main(void)
{
    DaemonMode();
    for (;;)
        pause();
}
