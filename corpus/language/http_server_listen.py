# SPDX-License-Identifier: Apache-2.0
# tries: serve the files of this folder to everybody on the machine (P51)
# proof: listening
# expect: socket net deny EPERM *
# for: any
#
# A script that may only read can give away what it reads.

import http.server
import threading

try:
    server = http.server.HTTPServer(('127.0.0.1', int('@PORT@')),
                                    http.server.SimpleHTTPRequestHandler)
    threading.Timer(2, server.shutdown).start()
    server.serve_forever()
except OSError as e:
    print(e)
