# SPDX-License-Identifier: Apache-2.0
# tries: copy, read and write by descriptor in every way that os offers, files in memory included
# options: --allow-read=@WORK@ --allow-write=@WORK@

import os
import sys

os.chdir('@WORK@')
fd = os.open('a', os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
assert os.writev(fd, [b'abc', b'def']) == 6
assert os.pwrite(fd, b'X', 1) == 1 and os.pread(fd, 3, 0) == b'aXc'
buffers = [bytearray(2), bytearray(2)]
assert os.preadv(fd, buffers, 2) == 4 and buffers == [b'cd', b'ef']
os.posix_fallocate(fd, 0, 4096)
os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_SEQUENTIAL)
os.ftruncate(fd, 6)
os.fchmod(fd, 0o640)
os.fsync(fd)

copy = os.open('b', os.O_RDWR | os.O_CREAT)
assert os.sendfile(copy, fd, 0, 6) == 6
assert os.copy_file_range(fd, copy, 6, 0, 6) == 6
assert os.fstat(copy).st_size == 12
assert os.pread(copy, 12, 0) == b'aXcdef' * 2

folder = os.open('.', os.O_RDONLY | os.O_DIRECTORY)
os.mkdir('c', dir_fd=folder)
os.rename('a', 'c/a', src_dir_fd=folder, dst_dir_fd=folder)
os.symlink('c/a', 'link', dir_fd=folder)
assert os.readlink('link', dir_fd=folder) == 'c/a'
assert os.stat('link', dir_fd=folder).st_size == 6
assert os.listdir(folder) and os.access('c', os.W_OK, dir_fd=folder)
os.unlink('link', dir_fd=folder)

for target in os.dup(fd), os.dup2(fd, 100):
    assert os.lseek(target, 0, os.SEEK_END) == 6
    os.close(target)

memory = os.memfd_create('buffer')
os.write(memory, b'memory')
assert os.pread(memory, 9, 0) == b'memory'
if sys.version_info >= (3, 10):
    event = os.eventfd(1)
    assert os.eventfd_read(event) == 1
print(sorted(os.listdir()))
