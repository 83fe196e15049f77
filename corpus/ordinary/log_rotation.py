# SPDX-License-Identifier: Apache-2.0
# tries: log to a file that is rotated by size, with a format, levels and a second handler
# options: --allow-read=@WORK@ --allow-write=@WORK@

import logging
import logging.handlers
import os

rotating = logging.handlers.RotatingFileHandler('@WORK@/a.log', maxBytes=64, backupCount=2)
console = logging.StreamHandler()
console.setLevel(logging.ERROR)
logging.basicConfig(level=logging.INFO, format='%(levelname)s %(message)s',
                    handlers=[rotating, console])
for i in range(20):
    logging.info('line number %d', i)
logging.shutdown()

assert sorted(os.listdir('@WORK@')) == ['a.log', 'a.log.1', 'a.log.2']
print(open('@WORK@/a.log').read())
