# SPDX-License-Identifier: Apache-2.0
# tries: go on in a thread when the first one has ended: make, fill, cut, list and remove files
# options: --allow-read=@WORK@ --allow-write=@WORK@

import ctypes
import os
import threading
import time
import traceback

SYS_exit = 60

def go_on():
    time.sleep(0.3)
    os.chdir('@WORK@')
    for i in range(5):
        with open(f'file{i}', 'w') as f:
            f.write('after the end\n')
        os.truncate(f'file{i}', 5)
        assert os.stat(f'file{i}').st_size == 5
    os.mkdir('folder')
    os.rename('file0', 'folder/file')
    assert sorted(os.listdir('.')) == ['file1', 'file2', 'file3', 'file4', 'folder']
    os.unlink('folder/file')
    print('all done', flush=True)

def thread():
    try:
        go_on()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)

threading.Thread(target=thread).start()
ctypes.CDLL(None).syscall(SYS_exit, 0)
