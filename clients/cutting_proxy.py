#!/usr/bin/env python3
"""For the contract tests: passes requests on to the service, and cuts the connection once it has answered the first
with an Idempotency-Key, so that the client never hears that its write was done.

    cutting_proxy.py http://127.0.0.1:8080      prints its own address
"""
import http.client
import http.server
import sys
import urllib.parse

SERVICE = urllib.parse.urlsplit(sys.argv[1]).netloc
seen = set()


class Proxy(http.server.BaseHTTPRequestHandler):
    def pass_on(self):
        service = http.client.HTTPConnection(SERVICE, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        service.request(self.command, self.path, self.rfile.read(int(self.headers["Content-Length"] or 0)), headers)
        answer = service.getresponse()
        body = answer.read()
        key = self.headers["Idempotency-Key"]
        if key and key not in seen:
            seen.add(key)
            self.close_connection = True
            return
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = pass_on

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
