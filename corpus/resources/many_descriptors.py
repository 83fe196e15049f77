# SPDX-License-Identifier: Apache-2.0
# tries: open more files than the limit gives (P67)
# proof: exceeded
# options: --files=64 --time=20
# control: bounded
# expect: none
# wall2: no: limits are kept by wall 1
# status: limit files
import os
import resource
import time

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 1000), hard))
for i in range(200):
    os.open('/dev/null', os.O_RDONLY)
time.sleep(8)
