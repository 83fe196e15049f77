# SPDX-License-Identifier: Apache-2.0
# tries: reach a file by the root and current folders of another process (S24, S85)
# proof: changed
# options: --allow-read=/proc --allow-write=/proc
# expect: openat write deny EACCES
# needs: ptrace
#
# /proc/PID/root and /proc/PID/cwd are second names for everything.  To a jail that compares text,
# the file is below /proc, which the rules allow.
for name in '/proc/@VICTIM@/root@CANARY@/file', '/proc/@VICTIM@/task/@VICTIM@/root@CANARY@/file':
    try:
        with open(name, 'w') as f:
            f.write('by a second name\n')
    except OSError:
        pass
