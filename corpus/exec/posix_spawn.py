# SPDX-License-Identifier: Apache-2.0
# tries: run programs by posix_spawn, which does not look like fork and exec (S64)
# proof: printed changed
# options: --allow-read=@CANARY@
# expect: execve exec deny EACCES @CANARY@/prog
# expect: openat write deny EACCES @CANARY@/new
#
# libc clones with CLONE_VM|CLONE_VFORK: the child runs in its parent's memory until the exec.  File
# actions are opens that the child makes before it: one of them creates a file.

import os

for actions in (), [(os.POSIX_SPAWN_OPEN, 9, '@CANARY@/new', os.O_WRONLY | os.O_CREAT, 0o644)]:
    try:
        os.waitpid(os.posix_spawn('@CANARY@/prog', ['prog'], {}, file_actions=actions), 0)
    except OSError:
        pass
