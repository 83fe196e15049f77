# SPDX-License-Identifier: Apache-2.0
# tries: run programs with pipes, a shell, /dev/null, input, a time limit and an environment
# options: --allow-exec=@PYTHON@,sh

import subprocess
import sys

run = subprocess.run
python = [sys.executable, '-c']

quiet = run(python + ['print(1)'], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
assert quiet.returncode == 0
assert run(python + ['print(input()[::-1])'], input='abc', text=True,
           capture_output=True, check=True).stdout == 'cba\n'
assert subprocess.check_output('echo $((6 * 7))', shell=True) == b'42\n'
assert run(python + ['import os; print(os.environ["X"])'], env={'X': 'y'}, text=True,
           stdout=subprocess.PIPE).stdout == 'y\n'
try:
    run(python + ['import time; time.sleep(60)'], timeout=0.3)
except subprocess.TimeoutExpired as e:
    print(e.timeout)

first = subprocess.Popen(python + ['print("x" * 100000)'], stdout=subprocess.PIPE)
second = subprocess.Popen(python + ['import sys; print(len(sys.stdin.read()))'],
                          stdin=first.stdout, stdout=subprocess.PIPE)
first.stdout.close()
assert second.communicate()[0] == b'100001\n'
assert first.wait() == 0
