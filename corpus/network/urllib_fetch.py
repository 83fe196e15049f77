# SPDX-License-Identifier: Apache-2.0
# tries: fetch a page, and post to it, by the standard library (P51)
# proof: connected
# expect: socket net deny EPERM
import urllib.request

for data in None, b'secret=1':
    try:
        urllib.request.urlopen('http://127.0.0.1:@TCP@/', data, timeout=1)
    except OSError:
        pass
