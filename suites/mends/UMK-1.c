umask(0022);
