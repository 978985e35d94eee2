#!/usr/bin/env python3
import socket

server = socket.create_server(("127.0.0.1", 8017))
while True:
    connection, _ = server.accept()
    connection.sendall(b"hello\n")
