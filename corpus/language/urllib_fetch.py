# SPDX-License-Identifier: Apache-2.0
# tries: fetch a page by urllib, and connect by asyncio: the libraries above the socket (P51)
# proof: connected
# expect: socket net deny EPERM *
# for: any
#
# The listener here accepts and says nothing, so both attempts give up early.

import asyncio
import urllib.request

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
try:
    opener.open('http://127.0.0.1:@TCP@/', timeout=0.5)
except OSError as e:
    print(e)

try:
    asyncio.run(asyncio.wait_for(asyncio.open_connection('127.0.0.1', int('@TCP@')), 0.5))
except OSError as e:
    print(e)
