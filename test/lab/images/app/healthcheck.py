"""The container's own check: 0 where /health answers 200. A bare socket, since it runs every few seconds."""
import socket
import sys

try:
    connection = socket.create_connection(("127.0.0.1", 8000), 3)
    connection.settimeout(3)
    connection.sendall(b"GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n")
    answer = connection.recv(4096).decode("latin-1").split("\r\n", 1)[0]
    print(answer)
    sys.exit(0 if " 200 " in answer else 1)
except OSError as error:
    print("no answer: %s" % error)
    sys.exit(1)
