# SPDX-License-Identifier: Apache-2.0
# tries: serve the file system over HTTP (S104, P51)
# proof: listening
# expect: socket net deny EPERM
import http.server

try:
    handler = http.server.SimpleHTTPRequestHandler
    with http.server.HTTPServer(('127.0.0.1', int('@PORT@')), handler) as server:
        server.timeout = 2
        server.handle_request()
except OSError:
    pass
