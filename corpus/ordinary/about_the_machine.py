# SPDX-License-Identifier: Apache-2.0
# tries: ask who and where it is: user, host, system, processors, memory, limits, paths

import getpass
import grp
import os
import platform
import pwd
import resource
import shutil
import socket
import sysconfig
import uuid

assert getpass.getuser()
assert pwd.getpwnam('root').pw_uid == 0 and grp.getgrgid(0).gr_name
assert platform.system() == 'Linux' and platform.python_version()
assert platform.machine() == 'x86_64'
platform.processor()                            # runs `uname -p`
platform.libc_ver()
assert os.cpu_count() >= len(os.sched_getaffinity(0)) >= 1
assert os.sysconf('SC_PAGE_SIZE') == resource.getpagesize()
assert os.sysconf('SC_PHYS_PAGES') > 0
assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0
assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 0
assert shutil.which('sh')
assert os.path.isdir(sysconfig.get_path('stdlib'))
assert os.path.expanduser('~')
assert os.statvfs('/').f_bsize > 0
assert uuid.uuid4().version == 4
with open('/proc/self/status') as f:
    assert f'Pid:\t{os.getpid()}\n' in f.read()
print(platform.platform(), socket.gethostname() == platform.node())
