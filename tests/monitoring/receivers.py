"""Receivers of alerts on the loopback: a webhook and a mail server, which remember what came."""

from __future__ import annotations

import http.server
import json
import socketserver
import threading
import time
from contextlib import contextmanager


class Webhook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append(self.path)
        if self.server.refuses:
            self.send_response(503)
            self.end_headers()
            return
        self.server.came.append(json.loads(body))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.says)

    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(503 if self.server.refuses else 200)
        self.end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def webhook():
    """Yields (address without scheme, server): server.came holds the messages, server.refuses makes it answer 503, server.says
    is its answer else."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Webhook)
    server.came, server.asked, server.refuses, server.says = [], [], False, b""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}", server
    finally:
        server.shutdown()
        server.server_close()


class Mail(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 loopback\r\n")
        text, reading = [], False
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            if reading:
                if line == ".":
                    self.server.came.append("\n".join(text))
                    reading = False
                    self.wfile.write(b"250 kept\r\n")
                else:
                    text.append(line)
            elif line.upper() == "DATA":
                reading = True
                self.wfile.write(b"354 go on\r\n")
            elif line.upper() == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


@contextmanager
def mail_server():
    """Yields (port, list of mails as they came)."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)
    server.came = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1], server.came
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def dripping():
    """A receiver that takes the message and never ends its answer; yields its address."""

    class Drip(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.recv(1000)
            try:
                while not self.server.over:
                    self.request.sendall(b"H")
                    time.sleep(0.2)
            except OSError:
                pass

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Drip)
    server.daemon_threads, server.over = True, False
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.over = True
        server.shutdown()
        server.server_close()
