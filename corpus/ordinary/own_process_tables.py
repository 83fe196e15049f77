# SPDX-License-Identifier: Apache-2.0
# tries: read its own entries in /proc: memory, mappings, descriptors, threads, counters

import os
import threading

rest = threading.Event()
thread = threading.Thread(target=rest.wait)
thread.start()

assert len(os.listdir('/proc/self/task')) == 2
rest.set()
thread.join()
assert '0' in os.listdir('/proc/self/fd')
assert os.readlink('/proc/self/exe').startswith('/')
assert os.path.samefile('/proc/self/cwd', '.')
for name in ('maps', 'smaps_rollup', 'statm', 'stat', 'status', 'limits', 'cmdline', 'environ',
             'cgroup', 'mountinfo', 'io'):
    with open('/proc/self/' + name, 'rb') as f:
        assert f.read()
for name in 'cpuinfo', 'meminfo', 'stat', 'loadavg', 'uptime', 'version', 'filesystems':
    with open('/proc/' + name) as f:
        assert f.read()
resident = int(open('/proc/self/statm').read().split()[1]) * os.sysconf('SC_PAGE_SIZE')
print(resident > 1 << 20, len(os.getloadavg()))
