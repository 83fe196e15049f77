# SPDX-License-Identifier: Apache-2.0
# tries: serve HTTP on 127.0.0.1, fetch from it by urllib and http.client, and look localhost up
# options: --allow-net

import http.client
import http.server
import json
import socket
import threading
import urllib.request


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body.upper())

    def do_GET(self):
        self.send_response(200)
        self.send_header('Content-Type', 'application/json')
        self.end_headers()
        self.wfile.write(json.dumps({'path': self.path}).encode())

    def log_message(self, *args):
        pass


with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler) as server:
    threading.Thread(target=server.serve_forever).start()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f'http://127.0.0.1:{server.server_port}/x?y=1', timeout=10) as answer:
        assert json.load(answer) == {'path': '/x?y=1'}
    connection = http.client.HTTPConnection('127.0.0.1', server.server_port, timeout=10)
    connection.request('POST', '/', b'abc')
    assert connection.getresponse().read() == b'ABC'
    connection.close()
    server.shutdown()

addresses = socket.getaddrinfo('localhost', 80, family=socket.AF_INET, type=socket.SOCK_STREAM)
print(addresses[0][4])
