# What the scripts beside this file share: a service as LSB wants it.  Each replaces one function.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
directory=${0%/*}
program=$directory/exampled
pidfile=$directory/exampled.pid
address=127.0.0.1:9554
defaults=/etc/default/${0##*/}
[ ! -r "$defaults" ] || . "$defaults"

# The daemon's number if it runs; another process that has the number by now does not count.
pid() {
    [ -s "$pidfile" ] && read -r number <"$pidfile" || return 1
    case $(tr '\0' ' ' 2>/dev/null <"/proc/$number/cmdline") in
        *"$program "*) echo "$number" ;;
        *) return 1 ;;
    esac
}

start() {
    pid >/dev/null || "$program" --pidfile "$pidfile" --tcp "$address"
}

stop() {
    number=$(pid) || return 0
    kill "$number"
    while kill -0 "$number" 2>/dev/null; do sleep 0.02; done
}

status() {
    pid >/dev/null && { echo "exampled runs"; return 0; }
    echo "exampled does not run"
    [ -e "$pidfile" ] && return 1
    return 3
}

restart() {
    stop && start
}

try_restart() {
    pid >/dev/null || return 0
    restart
}

force_reload() {
    number=$(pid) || return 7
    kill -HUP "$number"
}

# What a verb gets that does not exist, and none.
usage() {
    echo "usage: $0 {start|stop|restart|try-restart|force-reload|status}" >&2
    return 2
}

find_program() {
    [ -x "$program" ] || { echo "exampled is not installed" >&2; exit 5; }
}

main() {
    find_program
    case $1 in
        start | stop | restart | status) "$1" ;;
        try-restart) try_restart ;;
        force-reload) force_reload ;;
        *) usage "$1" ;;
    esac
}
